"""Merged and split cases: the consequences of one's step for the others.

A family (`family.py`) is a case with its followers and its parts. It has only two levels: a follower or a part has
no followers, and no part is split.
"""

from collections import ChainMap
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TypeAlias

from linli.contracts.workflow.case import (
    CaseClosed,
    CaseCorrected,
    CaseDocumented,
    CaseEvent,
    CaseMerged,
    CaseParted,
    CaseProgressed,
    CaseReopened,
    CaseResolved,
    CaseSplit,
    CaseState,
    CaseUnmerged,
    CaseWithdrawn,
)
from linli.web.localized import Localized, word
from workflow.cases.domain.access import doer
from workflow.cases.domain.acting import act
from workflow.cases.domain.action import TRANSITIONS, Action, Command, NotAllowed, OfOneParty, UnknownParty
from workflow.cases.domain.alone import for_itself
from workflow.cases.domain.case import BEING_DEALT_WITH, Case, Step
from workflow.cases.domain.correcting import put_right_too
from workflow.cases.domain.deadlines import in_its_branch
from workflow.cases.domain.merging import FOLLOWED, Follows, joined, merge, mirrored, parted, passed_on, unmerge
from workflow.cases.domain.splitting import (
    ENDED,
    closed_with,
    noted_of_part,
    open_parts,
    opened,
    reopened_by_part,
    reported_by_part,
    resolved_by_parts,
    shown_by_part,
    split,
)
from workflow.cases.domain.submitted import withdraw
from workflow.community.domain.directory import Directory

Cases: TypeAlias = Mapping[str, Case]

_FOR_THE_PARTS_TO_DO = frozenset(
    {Action.RESOLVE, Action.RETURN, Action.REASSIGN, Action.SEND_BACK, Action.SPLIT, Action.MERGE}
)
"""Not possible with a case while parts of it are open."""


class Divided(NotAllowed):
    """Parts of the case are still being dealt with."""

    def __init__(self, action: Action, count: int) -> None:
        Exception.__init__(
            self,
            Localized(
                "'{action}' is not possible while parts of the case are open: {count} are.",
                "事项还有 {count} 个分办没有办完，现在不能“{meant}”。",
                **{"action": action, "meant": word(action), "count": count},
            ),
        )


class TakenBack(NotAllowed):
    """What it is a part of has been withdrawn."""

    def __init__(self, whole: str) -> None:
        detail = Localized(
            "It is a part of {whole}, which was withdrawn.", "它是 {whole} 的分办，而 {whole} 已撤回。", whole=whole
        )
        Exception.__init__(self, detail)


def decide(case: Case, command: Command, cases: Cases, directory: Directory, now: datetime) -> Step:
    """What a person does with a case, with regard to its family. Raises `NotAllowed`, `UnknownParty`.

    `cases` holds the family, and what `command.into` names.
    """
    _refuse(command, case, cases)
    if command.by is not None and directory.party(command.by) is None:
        raise UnknownParty(command.by)
    by = command.by or doer(command.action, case)
    match command.action:
        case Action.MERGE:
            return merge(case, cases[command.into or ""], by, command.message, now)
        case Action.UNMERGE:
            return unmerge(case, directory, by, command.message, now)
        case Action.SPLIT:
            return split(case, command, directory, by, now)
        case _:
            return act(case, command, directory, now)


def _out_of_hand(command: Command, case: Case) -> bool:
    """Whether an invitation would go to another party than the invited one."""
    if case.invites_to is None:
        return False
    elsewhere = command.action is Action.REASSIGN and command.party != case.first_party
    return elsewhere or command.reroute or command.action in {Action.MERGE, Action.SPLIT}


def _refuse(command: Command, case: Case, cases: Cases) -> None:
    action, only_facts = command.action, command.action is Action.CORRECT and not command.reroute
    if case.family.merged_into:
        # Its reporter asks for more, and the answer is no.
        decides = action is Action.CLOSE and case.clock.decide_by is not None
        own = action in {Action.NOTE, Action.UNMERGE} or (only_facts and not command.new_deadlines)
        if not decides and not own:
            detail = Localized(
                "The case follows {head}, where '{action}' is for both.",
                "这件事项已并入 {head}，请在那里“{meant}”，对两件都有效。",
                **{"head": case.family.merged_into, "action": action, "meant": word(action)},
            )
            raise Follows(detail, case.family.merged_into)
    if _out_of_hand(command, case) or (action is Action.MERGE and cases[command.into or ""].invites_to):
        raise OfOneParty
    if action is Action.REOPEN and _taken_back(cases.get(case.family.part_of or "")):
        raise TakenBack(case.family.part_of or "")
    for_the_parts = action in _FOR_THE_PARTS_TO_DO or command.reroute
    if for_the_parts and (count := len(open_parts(case, _parts(case, cases)))):
        raise Divided(action, count)


def _taken_back(whole: Case | None) -> bool:
    return whole is not None and whole.state is CaseState.WITHDRAWN


def cascade(step: Step, family: dict[str, Case], directory: Directory, now: datetime) -> list[Step]:
    """The step, and all that follows from it in the family, in order."""
    cases, steps = ChainMap({}, family), list[Step]()

    def settle(step: Step) -> None:
        case, event = in_its_branch(step[0], directory), step[1]
        cases[case.id] = case
        steps.append((case, event))
        for further in consequences(case, event, cases, directory, now):
            settle(further)

    settle(step)
    return steps


def consequences(case: Case, event: CaseEvent, cases: Cases, directory: Directory, now: datetime) -> Iterator[Step]:
    """What follows at once from a step. Each is worked out when it is asked for, from the cases as they are then."""
    if event.merged_into is not None:
        return  # told in a follower's story; there it ends
    if isinstance(event, FOLLOWED):
        yield from _for_followers(case, event, cases, now)
    match event:
        case CaseMerged(previous=None):
            also = [each.id for each in cases.values() if each.family.merged_into == case.id]
            yield joined(cases[event.into], case.id, also, event.by, now)
            for id in also:
                yield passed_on(cases[id], cases[event.into], event.by, now)
        case CaseUnmerged() | CaseWithdrawn():
            if head := next((each for each in cases.values() if case.id in each.family.followers), None):
                yield parted(head, case.id, event.by, now)
        case CaseParted() if _nobody_waits(case):
            yield withdraw(case, None, now)
        case CaseSplit():
            for part in event.parts:
                yield from opened(case, part, directory, event.by, now)
    yield from for_itself(case, event, directory, now)
    if case.family.parts:
        yield from _for_parts(case, event, cases, now)
    if case.family.part_of and (parent := cases.get(case.family.part_of)):
        yield from _for_the_whole(parent, case, event, cases, directory, now)


def _for_followers(head: Case, event: CaseEvent, cases: Cases, now: datetime) -> Iterator[Step]:
    for id in head.family.followers:
        if (follower := cases.get(id)) and (step := mirrored(follower, head, event, now)):
            yield step


def _nobody_waits(head: Case) -> bool:
    """It went on for others after its reporter had taken it back, and the last of them has gone."""
    return (
        head.family.withdrawn_at is not None
        and not head.family.followers
        and head.state in TRANSITIONS[Action.WITHDRAW]
    )


def _for_parts(parent: Case, event: CaseEvent, cases: Cases, now: datetime) -> Iterator[Step]:
    for part in _parts(parent, cases):
        if isinstance(event, CaseClosed) and part.state is CaseState.RESOLVED:
            yield closed_with(part, event, now)
        elif isinstance(event, CaseWithdrawn) and part.state in TRANSITIONS[Action.WITHDRAW]:
            yield withdraw(part, event.message, now)
        elif isinstance(event, CaseCorrected) and (step := put_right_too(part, event, now)):
            yield step


def _for_the_whole(
    parent: Case, part: Case, event: CaseEvent, cases: Cases, directory: Directory, now: datetime
) -> Iterator[Step]:
    under_way = parent.state in BEING_DEALT_WITH
    parts = _parts(parent, cases)
    match event:
        case CaseDocumented():
            yield shown_by_part(parent, event, now)
        case CaseProgressed() if parent.state is CaseState.ACCEPTED:
            yield reported_by_part(parent, part, event, directory, now)
        case CaseResolved() | CaseWithdrawn() if under_way and all(each.state in ENDED for each in parts):
            yield resolved_by_parts(parent, parts, directory, now)
        case CaseResolved() if parent.state is CaseState.ACCEPTED:
            yield reported_by_part(parent, part, event, directory, now)
        case CaseReopened() if parent.state in {CaseState.RESOLVED, CaseState.CLOSED}:
            yield reopened_by_part(parent, event, directory, now)
        case CaseClosed() if _all_closed(parent, parts):
            yield closed_with(parent, event, now)
        case CaseResolved() | CaseReopened() | CaseClosed() if under_way or parent.state is CaseState.RESOLVED:
            yield noted_of_part(parent, part, event, now)


def _all_closed(parent: Case, parts: list[Case]) -> bool:
    """Nothing is left of it; but while its reporter asks for more, a person has to decide on the whole."""
    waits = parent.state is CaseState.RESOLVED and parent.clock.decide_by is None
    return waits and all(part.state in {CaseState.CLOSED, CaseState.WITHDRAWN} for part in parts)


def _parts(parent: Case, cases: Cases) -> list[Case]:
    return [cases[id] for id in parent.family.parts if id in cases]
