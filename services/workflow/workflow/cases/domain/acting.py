"""A person's action on a single case: the case after it, and its event."""

from datetime import datetime
from typing import Any

from linli.contracts.workflow import case as events
from linli.contracts.workflow.case import CaseEvent
from linli.frozen import replace
from workflow.cases.domain.access import doer
from workflow.cases.domain.action import (
    TRANSITIONS,
    Action,
    Binding,
    ClockAlready,
    Command,
    NoAnswer,
    NobodyReturned,
    NoInvitation,
    NotAllowed,
    UnknownEvidence,
    UnknownParty,
)
from workflow.cases.domain.case import Case, Step, case_event, dates, dispatched, moved
from workflow.cases.domain.clock import ORDINARY_RESOLVE, deadlines, decided, handed_back, with_resolution
from workflow.cases.domain.correcting import correct
from workflow.cases.domain.feedback import asked_anew
from workflow.cases.domain.pausing import paused, unpaused
from workflow.cases.domain.progress import answered, begun_again, resolved, taken_on
from workflow.community.domain.directory import Directory


def act(case: Case, command: Command, directory: Directory, now: datetime) -> Step:
    """The case after an action, and the event. Raises `NotAllowed`, `UnknownParty`, `UnknownEvidence`."""
    state = TRANSITIONS.get(command.action, {}).get(case.state)
    if state is None:
        raise NotAllowed(command.action, case.state)
    _refuse(case, command, directory)
    by = command.by or doer(command.action, case)
    fields: dict[str, Any] = {"by": by, "message": command.message}
    after = moved(case, state, now)
    match command.action:
        case Action.PAUSE:
            return paused(after, command, fields, now)
        case Action.RESUME:
            after = unpaused(after, directory, now)
            fields |= dates(after)
        case Action.RETURN:
            return _return(unpaused(after, directory, now), command, by, directory, now)
        case Action.REASSIGN | Action.SEND_BACK:
            back = command.action is Action.SEND_BACK
            party = _returner(case, directory) if back else command.party
            rule = directory.rule(case.rule)
            after = replace(
                unpaused(after, directory, now),
                party=party,
                first_party=after.first_party or party,
                binding=back,
                clock=deadlines(rule, directory, now, party),
            )
            return after, dispatched(after, **fields, rule=case.rule, previous=case.party, binding=back)
        case Action.REOPEN:
            party = directory.responsible(case.party).id
            running = deadlines(None, directory, now, party)
            after = replace(after, party=party, progress=begun_again(after.progress), clock=running)
            owed = {"accept_by": running.accept_by, "resolve_by": running.resolve_by}
            return after, case_event(events.CaseReopened, after, **fields, **owed)
        case Action.CORRECT:
            return correct(case, command, by, directory, now)
        case Action.RESOLVE:
            after = marked(unpaused(after, directory, now), Action.RESOLVE, now, command.message)
        case Action.CLOSE:
            after = marked(after, Action.CLOSE, now)
            fields |= {"reopen_declined": case.clock.decide_by is not None}
        case _:
            after = marked(after, command.action, now, command.message)
    if command.promise is not None:
        fields |= {"promise": command.promise, "update_id": command.update_id}
    return after, case_event(_PLAIN[command.action], after, **fields)


def _refuse(case: Case, command: Command, directory: Directory) -> None:
    """Refuses what the state would allow but other facts forbid."""
    for named in (command.by, command.party):
        if named is not None and directory.party(named) is None:
            raise UnknownParty(named)
    match command.action:
        case Action.RESUME if case.clock.paused_at is None:
            raise ClockAlready(stands=False)
        case Action.PROGRESS | Action.RESOLVE if command.promise is not None and case.invites_to is None:
            raise NoInvitation
        case Action.RETURN if case.binding:
            raise Binding
        case Action.RESOLVE if not (command.message or "").strip():
            raise NoAnswer


def marked(case: Case, action: Action, now: datetime, message: str | None = None) -> Case:
    """Records when deadlines were met."""
    match action:
        case Action.ACCEPT:
            # Whoever takes on what no rule has sent anywhere owes its resolution, like everybody else.
            party, clock = case.first_party or case.party, with_resolution(case.clock, now + ORDINARY_RESOLVE)
            return replace(case, progress=taken_on(case.progress, now), first_party=party, clock=clock)
        case Action.PROGRESS:
            return replace(case, progress=answered(case.progress, now))
        case Action.RESOLVE:
            return replace(
                case,
                first_party=case.first_party or case.party,
                progress=resolved(case.progress, message, now),
                feedback=asked_anew(case.feedback),
            )
        case Action.CLOSE:
            return replace(case, clock=decided(case.clock))
        case _:
            return case


_PLAIN: dict[Action, type[CaseEvent]] = {
    Action.ACCEPT: events.CaseAccepted,
    Action.PROGRESS: events.CaseProgressed,
    Action.RESOLVE: events.CaseResolved,
    Action.CLOSE: events.CaseClosed,
    Action.RESUME: events.CaseResumed,
    Action.NOTE: events.CaseNoted,
    Action.WITHDRAW: events.CaseWithdrawn,
}


def _returner(case: Case, directory: Directory) -> str:
    """Who handed it back last."""
    if not case.returned_by:
        raise NobodyReturned
    if directory.party(case.returned_by[-1]) is None:
        raise UnknownParty(case.returned_by[-1])
    return case.returned_by[-1]


def _return(after: Case, command: Command, by: str, directory: Directory, now: datetime) -> Step:
    """A returned case goes to the node above all who have handed it back, never nowhere; that node owes a decision."""
    if missing := set(command.evidence) - {each.id for each in after.evidence}:
        raise UnknownEvidence(min(missing))
    holder = directory.responsible(after.party)
    returned_by = (*after.returned_by, holder.id)
    returned = replace(
        after,
        party=directory.above_all(returned_by).id,
        returned_by=returned_by,
        clock=handed_back(after.clock, now),
    )
    fields: dict[str, Any] = {"returned_by": holder.id, "reason": command.message or "", "evidence": command.evidence}
    fields |= {"accept_by": returned.clock.accept_by}
    return returned, case_event(events.CaseReturned, returned, by=by, **fields)
