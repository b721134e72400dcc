"""Clearing 拆违治乱: an illegal structure is found, noticed, perhaps appealed, cleared, and looked at again.

Nothing is removed by force while an appeal may still be made or is being decided (行政强制法 44); whoever has it may
remove it at any time. Who checks is not who cleared it. A second look, and each further one, may find that it stands
again: then a new notice is owed.
"""

from datetime import date, datetime
from typing import TypeAlias, TypeVar

from linli.contracts.neighbourhood import clearing as events
from neighbourhood.refusal import Refusal, refused
from neighbourhood.telling import told
from neighbourhood.works.domain.clearing import (
    AnyClearing,
    AppealClearing,
    CheckClearing,
    Clearing,
    ClearingCommand,
    ClearingState,
    ClearStructure,
    DecideAppeal,
    FindStructure,
    NoticeClearing,
)
from neighbourhood.works.domain.rules import WorksRules

E = TypeVar("E", bound=events.ClearingEvent)
ClearingDecision: TypeAlias = events.ClearingEvent | Refusal
S = ClearingState
_FROM: dict[type[AnyClearing], frozenset[ClearingState]] = {
    NoticeClearing: frozenset({S.FOUND}),
    AppealClearing: frozenset({S.NOTICED}),
    DecideAppeal: frozenset({S.APPEALED}),
    ClearStructure: frozenset({S.FOUND, S.NOTICED, S.APPEALED}),
    CheckClearing: frozenset({S.CLEARED, S.CHECKED}),
}
_NO_PHOTO = refused("photo_missing", "It takes a photo.", "要有照片。", "/photos")
_BEFORE_APPEALS = refused(
    "appeal_open",
    "Nothing is removed by force while an appeal may still be made or is not decided.",
    "法定期限届满前、复议或诉讼未决前，不得强制拆除。",
)


def find(command: FindStructure, now: datetime) -> ClearingDecision:
    """A new clearing."""
    if not command.photos:
        return _NO_PHOTO
    new = Clearing(command.id, command.community, command.neighbourhood)
    names = ("what", "place", "photos", "occupier", "package_id")
    return _tell(events.StructureFound, new, command, now, **{name: getattr(command, name) for name in names})


def decide_clearing(clearing: Clearing, command: AnyClearing, rules: WorksRules, now: datetime) -> ClearingDecision:
    """The event of a command, or why it is refused."""
    if clearing.state not in _FROM[type(command)]:
        return refused("clearing_state", "That cannot be done where it stands now.", "现在的状态不能这样做。")
    today = rules.place.day_of(now)
    match command:
        case NoticeClearing():
            return _noticed(clearing, command, rules, now)
        case AppealClearing():
            return _appealed(clearing, command, today, now)
        case DecideAppeal():
            return _tell(events.ClearingAppealDecided, clearing, command, now, upheld=command.upheld, why=command.why)
        case ClearStructure():
            return _cleared(clearing, command, today, now)
        case CheckClearing():
            return _checked(clearing, command, now)


def _noticed(clearing: Clearing, command: NoticeClearing, rules: WorksRules, now: datetime) -> ClearingDecision:
    today = rules.place.day_of(now)
    if command.remove_by <= today:
        return refused("day_passed", "The day of removal is after today.", "限期应晚于今天。", "/remove_by")
    appeal_by = rules.place.last_day(today, rules.appeal)
    fields = {"notice": command.notice, "remove_by": command.remove_by, "appeal_by": appeal_by}
    return _tell(events.ClearingNoticed, clearing, command, now, **fields)


def _appealed(clearing: Clearing, command: AppealClearing, today: date, now: datetime) -> ClearingDecision:
    assert clearing.appeal_by is not None
    if clearing.appeal_decided:
        return refused("appeal_decided", "Its appeal has been decided.", "复议或诉讼已有结果。")
    if not command.on <= min(clearing.appeal_by, today):
        return refused("appeal_late", "The time for an appeal is over.", "申请复议或提起诉讼的期限已过。", "/on")
    return _tell(events.ClearingAppealed, clearing, command, now, on=command.on)


def _cleared(clearing: Clearing, command: ClearStructure, today: date, now: datetime) -> ClearingDecision:
    before, after = ({each.sha256 for each in photos} for photos in (command.before, command.after))
    if not before or not after or before & after:
        return refused("photos_missing", "It takes photos of before and of after.", "要有拆除前和拆除后的照片。")
    if not command.voluntary:
        over = clearing.appeal_by is not None and today > clearing.appeal_by
        if clearing.state is not S.NOTICED or not (over or clearing.appeal_decided):
            return _BEFORE_APPEALS
        if clearing.remove_by is not None and today <= clearing.remove_by:
            return refused("time_to_remove", "The time to remove it still runs.", "自行拆除的期限未满。")
    fields = {"voluntary": command.voluntary, "before": command.before, "after": command.after}
    return _tell(events.StructureCleared, clearing, command, now, **fields)


def _checked(clearing: Clearing, command: CheckClearing, now: datetime) -> ClearingDecision:
    same_party = command.party is not None and command.party == clearing.cleared_for
    if command.by == clearing.cleared_by or same_party:
        return refused("checker_cleared_it", "Whoever cleared it does not check it.", "拆除人不能自己复查。")
    if not command.photos:
        return _NO_PHOTO
    fields = {"clean": command.clean, "photos": command.photos, "number": clearing.looks + 1}
    return _tell(events.ClearingChecked, clearing, command, now, **fields)


def _tell(kind: type[E], clearing: Clearing, command: ClearingCommand, now: datetime, /, **fields: object) -> E:
    return told(kind, clearing, command, now, clearing_id=clearing.id, **fields)
