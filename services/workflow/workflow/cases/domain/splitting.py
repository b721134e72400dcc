"""A case split among several parties. 拆分

Each part is a case with its own party, deadlines and history. The whole stays accepted with its party; it is resolved
when its parts are, and closes with them.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from linli.contracts.kinds import Language
from linli.contracts.workflow import case as events
from linli.contracts.workflow.case import CaseEvent, CaseState, Part
from linli.frozen import replace
from linli.web.localized import Localized, word
from workflow.cases.domain.acting import marked
from workflow.cases.domain.action import Action, Command, NotAllowed, UnknownParty
from workflow.cases.domain.case import BEING_DEALT_WITH, Case, Step, case_event, dispatched, moved
from workflow.cases.domain.clock import deadlines
from workflow.cases.domain.family import Family, split_into
from workflow.cases.domain.particulars import Originals
from workflow.cases.domain.pausing import unpaused
from workflow.cases.domain.progress import begun_again
from workflow.community.domain.directory import Directory

PARTS_AT_MOST = 20
ENDED = frozenset({CaseState.RESOLVED, CaseState.CLOSED, CaseState.WITHDRAWN})
"""States in which nothing of a part is left to do."""
_DONE = {Language.ZH: "已办理完毕。", Language.EN: "It has been dealt with."}
"""In place of a part's answer that was erased."""


class NotSplittable(NotAllowed):
    """The case cannot be split, or not into these parts."""

    def __init__(self, message: str) -> None:
        Exception.__init__(self, message)


def split(case: Case, command: Command, directory: Directory, by: str, now: datetime) -> Step:
    """Whoever holds the case takes the whole on; what follows makes the parts.

    Raises `NotSplittable`, `UnknownParty`.
    """
    if case.family.part_of:
        own = "It is a part of {whole} itself; a part is not split again."
        raise NotSplittable(Localized(own, "它本身是 {whole} 的分办；分办不再拆分。", whole=case.family.part_of))
    if case.state not in BEING_DEALT_WITH:
        now_so = "A case that is {state} cannot be split."
        raise NotSplittable(Localized(now_so, "事项现在“{state}”，不能拆分。", state=word(case.state)))
    if len(command.parts) < 2 or len(case.family.parts) + len(command.parts) > PARTS_AT_MOST:
        limit = "A case is split into 2 to {most} parts in all."
        raise NotSplittable(Localized(limit, "一件事项总共可拆分为 2 至 {most} 个分办。", most=PARTS_AT_MOST))
    for part in command.parts:
        if directory.party(part.party) is None:
            raise UnknownParty(part.party)
    parts = [
        Part(case_id=part.id, party=part.party, what=part.what, title=part.title or case.about.title)
        for part in command.parts
    ]
    taken_on = marked(unpaused(moved(case, CaseState.ACCEPTED, now), directory, now), Action.ACCEPT, now)
    after = replace(taken_on, family=split_into(taken_on.family, (part.case_id for part in parts)))
    fields = {"by": by, "message": command.message, "parts": parts, "resolve_by": after.clock.resolve_by}
    return after, case_event(events.CaseSplit, after, **fields)


def opened(parent: Case, part: Part, directory: Directory, by: str, now: datetime) -> Iterator[Step]:
    """A part is opened, then dispatched to its party. It has no reporter and no tracking code."""
    case = Case(
        id=part.case_id,
        community=parent.community,
        channel=parent.channel,
        about=replace(parent.about, title=part.title),
        text=f"{part.what}\n\n{parent.text}".strip(),
        attributes=parent.attributes,
        submitted_at=parent.submitted_at,
        resident_id=None,
        language=parent.language,
        tracking_hash=f"part:{part.case_id}",  # the hash of a code is hexadecimal, so no code comes to this
        opened_at=now,
        updated_at=now,
        version=1,
        rule=parent.rule,
        community_version=directory.version,
        family=Family(part_of=parent.id),
        originals=Originals(parent.originals.reported),
    )
    fields = {
        "channel": case.channel,
        "tracking_hash": case.tracking_hash,
        "submitted_at": case.submitted_at,
        "part_of": parent.id,
    }
    yield case, case_event(events.CaseOpened, case, by=by, **fields)
    after = replace(
        moved(case, CaseState.DISPATCHED, now),
        party=part.party,
        first_party=part.party,
        clock=deadlines(directory.rule(parent.rule), directory, now, part.party),
    )
    yield after, dispatched(after, by=by, rule=after.rule, community_version=directory.version)


def open_parts(parent: Case, parts: Sequence[Case]) -> list[Case]:
    """Those of a case's parts that are still being dealt with."""
    return [part for part in parts if part.family.part_of == parent.id and part.state not in ENDED]


def shown_by_part(parent: Case, event: events.CaseDocumented, now: datetime) -> Step:
    """Photos of a part show the whole; the pictures stay with the part."""
    after = moved(parent, parent.state, now)
    fields = {"by": event.by, "message": event.message, "stage": event.stage, "photos": event.photos}
    return after, case_event(events.CaseDocumented, after, **fields)


def reported_by_part(parent: Case, part: Case, event: CaseEvent, directory: Directory, now: datetime) -> Step:
    """What a part's party says of how it goes reaches the reporter through the whole."""
    after = marked(moved(parent, parent.state, now), Action.PROGRESS, now)
    message = _attributed(part, event.message, directory)
    return after, case_event(events.CaseProgressed, after, by=event.by, message=message)


def noted_of_part(parent: Case, part: Case, event: CaseEvent, now: datetime) -> Step:
    """A part has ended or begun again and the whole stays as it is.

    It is written in the whole's story all the same: two parts that end in one moment then meet there, and the later
    one sees that it is the last.
    """
    after = moved(parent, parent.state, now)
    again = isinstance(event, events.CaseReopened)
    message = f"分办事项 {part.id} {'重新办理' if again else '已完成'}。"
    return after, case_event(events.CaseNoted, after, by=event.by, message=message)


def resolved_by_parts(parent: Case, parts: Sequence[Case], directory: Directory, now: datetime) -> Step:
    """The last part has ended: so has the whole, and the parts' answers are its answer."""
    ended = [part for part in parts if part.state is not CaseState.WITHDRAWN]
    message = "\n".join(_attributed(part, part.progress.answer, directory) for part in ended)
    goes_on = unpaused(moved(parent, CaseState.RESOLVED, now), directory, now)
    after = marked(goes_on, Action.RESOLVE, now, message)
    return after, case_event(events.CaseResolved, after, by="linli", message=message or None)


def closed_with(case: Case, event: CaseEvent, now: datetime) -> Step:
    """A resolved part closes with the whole, and the whole with the last of its parts."""
    after = marked(moved(case, CaseState.CLOSED, now), Action.CLOSE, now)
    return after, case_event(events.CaseClosed, after, by=event.by, message=event.message)


def reopened_by_part(parent: Case, event: CaseEvent, directory: Directory, now: datetime) -> Step:
    """A part is reopened, so the whole is too."""
    after = replace(
        moved(parent, CaseState.ACCEPTED, now),
        party=directory.responsible(parent.party).id,
        progress=begun_again(parent.progress),
        clock=deadlines(None, directory, now),
    )
    dates = {"accept_by": after.clock.accept_by, "resolve_by": after.clock.resolve_by}
    return after, case_event(events.CaseReopened, after, by=event.by, message=event.message, **dates)


def _attributed(part: Case, message: str | None, directory: Directory) -> str:
    english = part.language is Language.EN
    party = directory.party(part.party or "")
    name = ((party.name_en if english else None) or party.name) if party else part.party
    return f"{name}{': ' if english else '：'}{message or _DONE[part.language]}"
