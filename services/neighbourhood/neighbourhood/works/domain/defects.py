"""Defects: reported, confirmed, ordered, submitted, verified. Who looks at it is not who put it right.

建设工程质量管理条例 32 (the builder puts right what is wrong), 41 (and what goes wrong under warranty).
"""

from datetime import datetime
from typing import TypeAlias

from linli.contracts.neighbourhood import works_checked as events
from linli.web.localized import Localized
from neighbourhood.digests import digest_of_text
from neighbourhood.refusal import Refusal, refused
from neighbourhood.works.domain import commands
from neighbourhood.works.domain.hidden import inspects
from neighbourhood.works.domain.package import ACCEPTED, Defect, DefectState, Package
from neighbourhood.works.domain.rules import WorksRules
from neighbourhood.works.domain.telling import Decision, known_already, not_yours, tell, unknown

OfDefect: TypeAlias = (
    commands.ReportDefect
    | commands.ConfirmDefect
    | commands.DismissDefect
    | commands.OrderRectification
    | commands.SubmitRectification
    | commands.VerifyRectification
    | commands.ReturnRectification
)
D = DefectState
MOST_OPEN = 50
"""Defects that one reporter, a party or somebody who has none, may have open: each holds the acceptance up."""
_DEFECT = Localized("defect", "缺陷")
_FROM = {
    commands.ConfirmDefect: {D.REPORTED},
    commands.DismissDefect: {D.REPORTED, D.CONFIRMED},
    commands.OrderRectification: {D.CONFIRMED},
    commands.SubmitRectification: {D.ORDERED},
    commands.VerifyRectification: {D.SUBMITTED},
    commands.ReturnRectification: {D.SUBMITTED},
}
"""Where a defect stands for each of what may be done with it."""
_SIMPLE: dict[type[OfDefect], tuple[type[events.DefectEvent], tuple[str, ...]]] = {
    commands.ConfirmDefect: (events.DefectConfirmed, ()),
    commands.DismissDefect: (events.DefectDismissed, ("why",)),
    commands.OrderRectification: (events.RectificationOrdered, ("to", "due")),
    commands.VerifyRectification: (events.RectificationVerified, ()),
    commands.ReturnRectification: (events.RectificationReturned, ("why", "due")),
}
"""What is told as it was said."""
_INSPECTORS = not_yours(
    "The supervisor or the client decides that, and never the builder.",
    "由监理单位或建设单位决定，施工单位不能自己决定。",
)
_SELF = refused("verifier_is_rectifier", "Whoever put it right does not verify it.", "整改人不能复验自己的整改。")
_PHOTOS = refused(
    "photos_missing",
    "It takes photos of before and of after, and not the same ones.",
    "要有整改前和整改后的照片，且不能是同一张。",
)


def decide_defect(package: Package, command: OfDefect, rules: WorksRules, now: datetime) -> Decision:
    """What a command about a defect comes to."""
    if isinstance(command, commands.ReportDefect):
        return _reported(package, command, rules, now)
    if (defect := package.defects.get(command.defect_id)) is None:
        return unknown(_DEFECT)
    if defect.state not in _FROM[type(command)]:
        return refused("defect_state", "That cannot be done where the defect stands now.", "缺陷现在的状态不能这样做。")
    if isinstance(command, commands.SubmitRectification):
        return _submitted(package, command, defect, now)
    inspector = None if inspects(package, command.party) else _INSPECTORS
    if refusal := inspector or _not_independent(command, defect) or _past(command, rules, now):
        return refusal
    kind, names = _SIMPLE[type(command)]
    return tell(kind, package, command, now, **{name: getattr(command, name) for name in ("defect_id", *names)})


def _reported(package: Package, command: commands.ReportDefect, rules: WorksRules, now: datetime) -> Decision:
    if command.defect_id in package.defects:
        return known_already(_DEFECT)
    reporter = command.party or command.by
    if sum(each.reporter == reporter and each.state.open for each in package.defects.values()) >= MOST_OPEN:
        why = "{most} defects that you have reported are open; others can be reported once some are dealt with."
        chinese = "您报告的缺陷已有 {most} 处未处理；处理后才能继续报告。"
        return refused("too_many_defects", why, chinese, most=MOST_OPEN)
    if command.round_id is not None and command.round_id not in package.rounds:
        return unknown(Localized("round", "巡查"))
    if package.state in ACCEPTED:
        warranty = package.warranty(command.trade) if command.trade else None
        if warranty is None or rules.place.day_of(now) > warranty.until:
            return refused(
                "no_warranty",
                "The works are accepted, and no warranty that still runs covers this.",
                "工程已验收，这一项没有在有效期内的保修。",
                "/trade",
            )
    return tell(
        events.DefectReported,
        package,
        command,
        now,
        defect_id=command.defect_id,
        what_sha256=digest_of_text(command.what),
        round_id=command.round_id,
        trade=command.trade,
        photos=command.photos,
    )


def _submitted(package: Package, command: commands.SubmitRectification, defect: Defect, now: datetime) -> Decision:
    if command.party != defect.to:
        return not_yours("Another party was told to put it right.", "整改通知发给了别的单位。")
    before, after = ({each.sha256 for each in photos} for photos in (command.before, command.after))
    if not before or not after or before & after:
        return _PHOTOS
    return tell(
        events.RectificationSubmitted,
        package,
        command,
        now,
        defect_id=command.defect_id,
        before=command.before,
        after=command.after,
    )


def _not_independent(command: OfDefect, defect: Defect) -> Refusal | None:
    if not isinstance(command, commands.VerifyRectification | commands.ReturnRectification):
        return None
    same = command.by == defect.rectifier or command.party in {defect.rectifier_party, defect.to}
    return _SELF if same else None


def _past(command: OfDefect, rules: WorksRules, now: datetime) -> Refusal | None:
    if not isinstance(command, commands.OrderRectification | commands.ReturnRectification):
        return None
    if command.due >= rules.place.day_of(now):
        return None
    return refused("due_passed", "The day is past already.", "期限不能早于今天。", "/due")
