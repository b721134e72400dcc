"""The life of a case: which action is possible in which state, and the event that it leaves."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from linli.contracts import case as events
from linli.contracts.case import CaseEvent, CaseState
from linli.contracts.kinds import Channel, Kind, Language
from linli.contracts.submission import Attribute, Point, Submitted
from workflow.domain.directory import Directory
from workflow.domain.routing import Assignment, Facts, NeedsTriage, local_time, route

ORDINARY_ACCEPT, ORDINARY_RESOLVE = timedelta(hours=24), timedelta(days=7)
"""The time that a person's decision gives where no rule does: a day to answer, the ordinary 7 days of such offices."""


@dataclass(frozen=True, slots=True)
class Case:
    """A submission being dealt with. `version` is the number of events in its history."""

    id: str
    community: str
    kind: Kind
    channel: Channel
    title: str
    text: str
    neighbourhood: str | None
    category: str | None
    place: str | None
    location: Point | None
    attributes: dict[str, Attribute]
    submitted_at: datetime
    resident_id: str | None
    language: Language
    tracking_hash: str
    opened_at: datetime
    updated_at: datetime
    version: int = 0
    state: CaseState = CaseState.OPEN
    party: str | None = None
    rule: str | None = None
    community_version: int | None = None
    """The version of the community's data by which it was routed."""
    accept_by: datetime | None = None
    resolve_by: datetime | None = None

    def facts(self, directory: Directory) -> Facts:
        """What the rules look at; the time of day is that of the opening."""
        words = f"{self.title}\n{self.text}".casefold()
        at = local_time(self.opened_at, directory)
        return Facts(self.kind, self.channel, self.category, self.neighbourhood, words, self.attributes, at)


class Action(StrEnum):
    """What a person may do with a case."""

    ACCEPT = "accept"
    RETURN = "return"
    PROGRESS = "progress"
    RESOLVE = "resolve"
    CLOSE = "close"
    REOPEN = "reopen"
    REASSIGN = "reassign"
    NOTE = "note"
    WITHDRAW = "withdraw"


S = CaseState
TRANSITIONS: dict[Action, dict[CaseState, CaseState]] = {
    # Whoever is responsible may take it on: the party it was sent to, the triage desk, the node that decides a return.
    Action.ACCEPT: {S.DISPATCHED: S.ACCEPTED, S.TRIAGE: S.ACCEPTED, S.RETURNED: S.ACCEPTED},
    Action.RETURN: {S.DISPATCHED: S.RETURNED, S.ACCEPTED: S.RETURNED},
    Action.PROGRESS: {S.ACCEPTED: S.ACCEPTED},
    Action.RESOLVE: {S.ACCEPTED: S.RESOLVED},
    Action.CLOSE: {S.RESOLVED: S.CLOSED},
    Action.REOPEN: {S.RESOLVED: S.DISPATCHED, S.CLOSED: S.DISPATCHED},
    Action.REASSIGN: dict.fromkeys((S.TRIAGE, S.DISPATCHED, S.ACCEPTED, S.RETURNED), S.DISPATCHED),
    Action.NOTE: {state: state for state in S if state is not S.OPEN},
    Action.WITHDRAW: dict.fromkeys((S.TRIAGE, S.DISPATCHED, S.ACCEPTED, S.RETURNED, S.RESOLVED), S.WITHDRAWN),
}


class NotAllowed(Exception):
    """The action is not possible in the case's state."""

    def __init__(self, action: Action, state: CaseState) -> None:
        allowed = ", ".join(TRANSITIONS[action]) or "no state"
        super().__init__(f"A case that is {state} cannot be changed by '{action}'; that is possible when: {allowed}.")


class UnknownParty(Exception):
    """The party that is named does not exist in the case's community."""


@dataclass(frozen=True, slots=True)
class Command:
    """An action with what was said to it. `party` is where a reassigned case goes."""

    action: Action
    by: str | None = None
    message: str | None = None
    party: str | None = None


def open_case(id: str, submitted: Submitted, directory: Directory, now: datetime) -> tuple[Case, CaseEvent]:
    """A submission becomes a case; a point without a neighbourhood is located by outline."""
    neighbourhood = submitted.neighbourhood
    if neighbourhood is None and submitted.location is not None:
        neighbourhood = directory.locate(submitted.location)
    case = Case(
        id=id,
        community=submitted.community,
        kind=submitted.KIND,
        channel=submitted.channel,
        title=submitted.title,
        text=submitted.text,
        neighbourhood=neighbourhood,
        category=submitted.category,
        place=submitted.place,
        location=submitted.location,
        attributes=submitted.attributes,
        submitted_at=submitted.submitted_at,
        resident_id=submitted.resident_id,
        language=submitted.language,
        tracking_hash=submitted.tracking_hash,
        opened_at=now,
        updated_at=now,
    )
    opened = _event(
        events.CaseOpened,
        case,
        by="resident",
        channel=case.channel,
        tracking_hash=case.tracking_hash,
        submitted_at=case.submitted_at,
    )
    return replace(case, version=1), opened


def route_case(case: Case, directory: Directory, now: datetime) -> tuple[Case, CaseEvent]:
    """Find who is responsible: a party by rule, or the triage desk."""
    version = directory.version
    match route(case.facts(directory), directory):
        case Assignment(rule=rule, party=party):
            routed = replace(
                _moved(case, CaseState.DISPATCHED, now),
                party=party.id,
                rule=rule.id,
                community_version=version,
                accept_by=now + rule.accept_within,
                resolve_by=now + rule.resolve_within,
            )
            return routed, _dispatched(routed, by="linli", rule=rule.id, community_version=version)
        case NeedsTriage(party=party, reason=reason):
            waiting = replace(_moved(case, CaseState.TRIAGE, now), party=party.id, community_version=version)
            return waiting, _event(events.CaseTriaged, waiting, by="linli", community_version=version, reason=reason)


def act(case: Case, command: Command, directory: Directory, now: datetime) -> tuple[Case, CaseEvent]:
    """The case after an action, and the event. Raises `NotAllowed`, `UnknownParty`."""
    state = TRANSITIONS[command.action].get(case.state)
    if state is None:
        raise NotAllowed(command.action, case.state)
    for named in (command.by, command.party):
        if named is not None and directory.party(named) is None:
            raise UnknownParty(named)
    by = command.by or case.party or "operator"
    after = _moved(case, state, now)
    match command.action:
        case Action.RETURN:
            return _return(after, command, by, directory)
        case Action.REASSIGN:
            rule = next((rule for rule in directory.community.rules if rule.id == case.rule), None)
            accept, resolve = (rule.accept_within, rule.resolve_within) if rule else (ORDINARY_ACCEPT, ORDINARY_RESOLVE)
            after = replace(after, party=command.party, accept_by=now + accept, resolve_by=now + resolve)
            return after, _dispatched(after, by=by, message=command.message, rule=case.rule, previous=case.party)
        case Action.REOPEN:
            after = replace(after, accept_by=now + ORDINARY_ACCEPT, resolve_by=now + ORDINARY_RESOLVE)
            dates = {"accept_by": after.accept_by, "resolve_by": after.resolve_by}
            return after, _event(events.CaseReopened, after, by=by, message=command.message, **dates)
        case _:
            return after, _event(_PLAIN[command.action], after, by=by, message=command.message)


_PLAIN: dict[Action, type[CaseEvent]] = {
    Action.ACCEPT: events.CaseAccepted,
    Action.PROGRESS: events.CaseProgressed,
    Action.RESOLVE: events.CaseResolved,
    Action.CLOSE: events.CaseClosed,
    Action.NOTE: events.CaseNoted,
    Action.WITHDRAW: events.CaseWithdrawn,
}


def withdraw(case: Case, reason: str | None, now: datetime) -> tuple[Case, CaseEvent]:
    """The reporter takes it back. A case that has ended stays as it is, with a note that this came too late."""
    state = TRANSITIONS[Action.WITHDRAW].get(case.state)
    if state is None:
        noted = _moved(case, case.state, now)
        return noted, _event(events.CaseNoted, noted, by="resident", message=reason or "撤回申请在结案之后收到")
    withdrawn = _moved(case, state, now)
    return withdrawn, _event(events.CaseWithdrawn, withdrawn, by="resident", message=reason)


def _return(after: Case, command: Command, by: str, directory: Directory) -> tuple[Case, CaseEvent]:
    """A returned case goes to the node above whoever had it, never nowhere."""
    holder = directory.party(after.party or "") or directory.triage
    returned = replace(after, party=directory.above(holder).id)
    reason = command.message or ""
    return returned, _event(events.CaseReturned, returned, by=by, returned_by=holder.id, reason=reason)


def _moved(case: Case, state: CaseState, now: datetime) -> Case:
    return replace(case, state=state, version=case.version + 1, updated_at=now)


def _dispatched(case: Case, **said: object) -> CaseEvent:
    assert case.accept_by is not None and case.resolve_by is not None
    return _event(
        events.CaseDispatched,
        case,
        text=case.text,
        place=case.place,
        location=case.location,
        accept_by=case.accept_by,
        resolve_by=case.resolve_by,
        **said,
    )


def _event(event: type[CaseEvent], case: Case, **said: object) -> CaseEvent:
    """An event with what all events of a case carry."""
    return event.model_validate(
        {
            "case_id": case.id,
            "community": case.community,
            "kind": case.kind,
            "title": case.title,
            "neighbourhood": case.neighbourhood,
            "category": case.category,
            "state": case.state,
            "party": case.party,
            "resident_id": case.resident_id,
            "language": case.language,
        }
        | said
    )
