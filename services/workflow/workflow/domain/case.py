"""The life of a case: which action is possible in which state, and the event that it leaves."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from linli.contracts import case as events
from linli.contracts.case import CaseEvent, CaseState, Deadline, Stage, Waiting
from linli.contracts.community import Rule
from linli.contracts.kinds import Channel, Kind, Language
from linli.contracts.submission import Attribute, Point, Submitted
from workflow.domain.directory import Directory
from workflow.domain.routing import Assignment, Facts, NeedsTriage, local_time, route

ORDINARY_ACCEPT, ORDINARY_RESOLVE = timedelta(hours=24), timedelta(days=7)
"""The time that a person's decision gives where no rule does: a day to answer, the ordinary 7 days of such offices."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A photo of a case. `id` is of the bytes that came in, so the same photo is there once."""

    id: str
    stage: Stage
    size: int
    """Bytes of the JPEG."""
    width: int
    height: int
    sha256: str
    at: datetime
    by: str
    file: str
    """Where the picture is kept."""


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
    first_party: str | None = None
    """Who received it first, and stays accountable for what becomes of it. 首接负责"""
    clock_from: datetime | None = None
    """When the deadlines began that are running."""
    accept_by: datetime | None = None
    answer_by: datetime | None = None
    resolve_by: datetime | None = None
    accepted_at: datetime | None = None
    answered_at: datetime | None = None
    """When the reporter was first told something by a person."""
    resolved_at: datetime | None = None
    contacted: bool | None = None
    """The reporter's last answers to the follow-up; they stay when the case is reopened."""
    solved: bool | None = None
    satisfied: bool | None = None
    followed_up_at: datetime | None = None
    answers: int = 0
    """How often the reporter has answered since it was resolved."""
    decide_by: datetime | None = None
    """Until when a person is to decide on the reporter's request to reopen it."""
    missed: frozenset[Deadline] = frozenset()
    reminded: frozenset[Deadline] = frozenset()
    escalated_to: str | None = None
    """The level that has it since a deadline was missed; it never goes down again."""
    escalations: int = 0
    level_by: datetime | None = None
    """Until when that level may act before it goes further up."""
    paused_at: datetime | None = None
    waiting_for: Waiting | None = None
    returned_by: tuple[str, ...] = ()
    """Who has handed it back, each time it was."""
    binding: bool = False
    """It was sent back after a return, so the party has to deal with it."""
    erased_at: datetime | None = None
    """When what people wrote in it was erased, with all that led to the reporter."""
    due_at: datetime | None = None
    """When the timer is to look at it next."""
    evidence: tuple[Evidence, ...] = ()
    """Photos of it, in the order they came."""
    merged_into: str | None = None
    """The case that it follows, because both are about one matter."""
    followers: tuple[str, ...] = ()
    """The cases that follow this one."""
    had_state: CaseState | None = None
    """How it stood before it was merged, and who had it: there it goes back to when that is undone."""
    had_party: str | None = None
    withdrawn_at: datetime | None = None
    """When its reporter took it back while it went on, for others wait for it too."""
    part_of: str | None = None
    """The case that it was split from."""
    parts: tuple[str, ...] = ()
    """The cases that it was split into."""
    answer: str | None = None
    """What was said when it was resolved."""

    @property
    def root(self) -> str:
        """The case that its family goes by: what it follows, what it is a part of, or itself."""
        return self.merged_into or self.part_of or self.id

    @property
    def alone(self) -> bool:
        """Whether nothing that happens to it concerns another case."""
        return self.root == self.id and not self.followers and not self.parts

    def facts(self, directory: Directory) -> Facts:
        """What the rules look at; the time of day is that of the opening."""
        words = f"{self.title}\n{self.text}".casefold()
        at = local_time(self.opened_at, directory)
        return Facts(self.kind, self.channel, self.category, self.neighbourhood, words, self.attributes, at)


class Action(StrEnum):
    """What a person may do with a case."""

    ACCEPT = "accept"
    RETURN = "return"
    SEND_BACK = "send_back"
    PROGRESS = "progress"
    RESOLVE = "resolve"
    CLOSE = "close"
    REOPEN = "reopen"
    REASSIGN = "reassign"
    NOTE = "note"
    PAUSE = "pause"
    RESUME = "resume"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    UNMERGE = "unmerge"
    SPLIT = "split"


S = CaseState
_TAKEN_ON_OR_NOT = (S.TRIAGE, S.DISPATCHED, S.ACCEPTED, S.RETURNED)
TRANSITIONS: dict[Action, dict[CaseState, CaseState]] = {
    # Whoever is responsible may take it on: the party it was sent to, the triage desk, the node that decides a return.
    Action.ACCEPT: {S.DISPATCHED: S.ACCEPTED, S.TRIAGE: S.ACCEPTED, S.RETURNED: S.ACCEPTED},
    Action.RETURN: {S.DISPATCHED: S.RETURNED, S.ACCEPTED: S.RETURNED},
    Action.SEND_BACK: {S.RETURNED: S.DISPATCHED},
    Action.PROGRESS: {S.ACCEPTED: S.ACCEPTED},
    Action.RESOLVE: {S.ACCEPTED: S.RESOLVED},
    Action.CLOSE: {S.RESOLVED: S.CLOSED},
    Action.REOPEN: {S.RESOLVED: S.DISPATCHED, S.CLOSED: S.DISPATCHED},
    Action.REASSIGN: dict.fromkeys(_TAKEN_ON_OR_NOT, S.DISPATCHED),
    # A pause is no state: the case is being dealt with, and its clock stands still.
    Action.PAUSE: {S.ACCEPTED: S.ACCEPTED},
    Action.RESUME: {S.ACCEPTED: S.ACCEPTED},
    Action.NOTE: {state: state for state in S if state is not S.OPEN},
    Action.WITHDRAW: dict.fromkeys((*_TAKEN_ON_OR_NOT, S.RESOLVED), S.WITHDRAWN),
}
"""What is done with one case alone; what concerns several is in `merging.py` and `splitting.py`."""


class NotAllowed(Exception):
    """The action is not possible in the case's state."""

    def __init__(self, action: Action, state: CaseState) -> None:
        allowed = ", ".join(TRANSITIONS.get(action, {})) or "no state"
        super().__init__(f"A case that is {state} cannot be changed by '{action}'; that is possible when: {allowed}.")


class ClockAlready(NotAllowed):
    """A case whose clock stands still cannot be paused, nor one whose clock goes be resumed."""

    def __init__(self, stands: bool) -> None:
        Exception.__init__(self, "The case is paused already." if stands else "The case is not paused.")


class Late(NotAllowed):
    """A case of which a deadline has been missed cannot be paused: that would keep it from going up."""

    def __init__(self) -> None:
        Exception.__init__(self, "A deadline of the case has been missed; what is late cannot be paused.")


class NobodyReturned(NotAllowed):
    """A case that was returned before returns were recorded."""

    def __init__(self) -> None:
        Exception.__init__(self, "Who returned the case is not recorded; reassign it.")


class Binding(NotAllowed):
    """The case was sent back to the party after it had returned it, and that was the last word."""

    def __init__(self) -> None:
        Exception.__init__(self, "The case was sent back with binding effect; the party cannot return it again.")


class UnknownParty(Exception):
    """The party that is named does not exist in the case's community."""


class UnknownEvidence(Exception):
    """A photo that is named is none of the case's."""


@dataclass(frozen=True, slots=True)
class PartWanted:
    """What one party is to do of a case that is split; `id` becomes the part's."""

    id: str
    party: str
    what: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """An action with what was said to it. `party` is where a reassigned case goes, `into` what it is merged with."""

    action: Action
    by: str | None = None
    message: str | None = None
    party: str | None = None
    waiting_for: Waiting | None = None
    evidence: tuple[str, ...] = ()
    """The photos that a return points to, by id."""
    into: str | None = None
    parts: tuple[PartWanted, ...] = ()


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
    opened = case_event(
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
            dates = deadlines(rule, directory, now)
            routed = replace(
                moved(case, CaseState.DISPATCHED, now),
                party=party.id,
                first_party=party.id,
                rule=rule.id,
                community_version=version,
                **dates,
            )
            return routed, dispatched(routed, by="linli", rule=rule.id, community_version=version)
        case NeedsTriage(party=party, reason=reason):
            waiting = replace(
                moved(case, CaseState.TRIAGE, now),
                party=party.id,
                community_version=version,
                clock_from=now,
                accept_by=now + ORDINARY_ACCEPT,
            )
            said = {"community_version": version, "reason": reason, "accept_by": waiting.accept_by}
            return waiting, case_event(events.CaseTriaged, waiting, by="linli", **said)


def act(case: Case, command: Command, directory: Directory, now: datetime) -> tuple[Case, CaseEvent]:
    """The case after an action, and the event. Raises `NotAllowed`, `UnknownParty`, `UnknownEvidence`."""
    state = TRANSITIONS.get(command.action, {}).get(case.state)
    if state is None:
        raise NotAllowed(command.action, case.state)
    for named in (command.by, command.party):
        if named is not None and directory.party(named) is None:
            raise UnknownParty(named)
    by = command.by or case.party or "operator"
    said = {"by": by, "message": command.message}
    after = moved(case, state, now)
    match command.action:
        case Action.PAUSE:
            return _pause(after, command, said, now)
        case Action.RESUME:
            if case.paused_at is None:
                raise ClockAlready(stands=False)
            after = unpaused(after, now)
            return after, case_event(events.CaseResumed, after, **said, **_dates(after))
        case Action.RETURN if case.binding:
            raise Binding
        case Action.RETURN:
            return _return(unpaused(after, now), command, by, directory, now)
        case Action.REASSIGN | Action.SEND_BACK:
            back = command.action is Action.SEND_BACK
            party = _returner(case, directory) if back else command.party
            rule = next((rule for rule in directory.community.rules if rule.id == case.rule), None)
            after = replace(
                unpaused(after, now),
                party=party,
                first_party=after.first_party or party,
                binding=back,
                **deadlines(rule, directory, now),
            )
            return after, dispatched(after, **said, rule=case.rule, previous=case.party, binding=back)
        case Action.REOPEN:
            after = replace(after, resolved_at=None, answered_at=None, **deadlines(None, directory, now))
            dates = {"accept_by": after.accept_by, "resolve_by": after.resolve_by}
            return after, case_event(events.CaseReopened, after, **said, **dates)
        case _:
            after = marked(after, command.action, now, command.message)
    return after, case_event(_PLAIN[command.action], after, **said)


def marked(case: Case, action: Action, now: datetime, message: str | None = None) -> Case:
    """When what was owed was done."""
    match action:
        case Action.ACCEPT:
            # Whoever takes on what no rule has sent anywhere owes its resolution, like everybody else.
            party, resolve_by = case.first_party or case.party, case.resolve_by or now + ORDINARY_RESOLVE
            return replace(case, accepted_at=case.accepted_at or now, first_party=party, resolve_by=resolve_by)
        case Action.PROGRESS:
            return replace(case, answered_at=case.answered_at or now)
        case Action.RESOLVE:
            answered = replace(unpaused(case, now), answered_at=case.answered_at or now)
            return replace(answered, resolved_at=now, answers=0, answer=message)
        case Action.CLOSE:
            return replace(case, decide_by=None)
        case _:
            return case


_BEFORE_IT_IS_TAKEN_ON = frozenset({CaseState.TRIAGE, CaseState.DISPATCHED, CaseState.RETURNED})
BEING_DEALT_WITH = _BEFORE_IT_IS_TAKEN_ON | {CaseState.ACCEPTED}


def owed(case: Case) -> Iterator[tuple[Deadline, datetime]]:
    """What the responsible party still owes, and until when."""
    if case.state in _BEFORE_IT_IS_TAKEN_ON and case.accept_by:
        yield Deadline.ACCEPT, case.accept_by
    if case.state in BEING_DEALT_WITH and case.answered_at is None and case.answer_by:
        yield Deadline.ANSWER, case.answer_by
    if case.state in BEING_DEALT_WITH and case.resolve_by:
        yield Deadline.RESOLVE, case.resolve_by
    if case.state is CaseState.RESOLVED and case.decide_by:
        yield Deadline.DECIDE, case.decide_by


def _returner(case: Case, directory: Directory) -> str:
    """Who handed it back last."""
    if not case.returned_by:
        raise NobodyReturned
    if directory.party(case.returned_by[-1]) is None:
        raise UnknownParty(case.returned_by[-1])
    return case.returned_by[-1]


def unpaused(case: Case, now: datetime) -> Case:
    """The case with its clock going: every deadline is later by the time that the clock stood."""
    if case.paused_at is None:
        return case
    stood = max(now - case.paused_at, timedelta(0))

    def later(moment: datetime | None) -> datetime | None:
        return moment + stood if moment else None

    return replace(
        case,
        paused_at=None,
        waiting_for=None,
        accept_by=later(case.accept_by),
        answer_by=later(case.answer_by),
        resolve_by=later(case.resolve_by),
        level_by=later(case.level_by),
    )


def _pause(after: Case, command: Command, said: dict[str, str | None], now: datetime) -> tuple[Case, CaseEvent]:
    if after.paused_at is not None:
        raise ClockAlready(stands=True)
    if any(kind in after.missed for kind, _ in owed(after)):
        raise Late
    waiting_for = command.waiting_for or Waiting.OTHER
    after = replace(after, paused_at=now, waiting_for=waiting_for)
    return after, case_event(events.CasePaused, after, **said, waiting_for=waiting_for)


def deadlines(rule: Rule | None, directory: Directory, now: datetime) -> dict[str, Any]:
    """What a party that becomes responsible owes, from now; by the rule, or the ordinary times where there is none."""
    if rule is None:
        spans: tuple[timedelta, timedelta | None, timedelta] = (ORDINARY_ACCEPT, None, ORDINARY_RESOLVE)
    else:
        spans = (rule.accept_within, rule.answer_within, rule.resolve_within)
    working = rule is not None and rule.working_days
    accept, answer, resolve = (span and directory.calendar.end_of(now, span, working) for span in spans)
    running = {"clock_from": now, "accept_by": accept, "answer_by": answer, "resolve_by": resolve}
    running |= {"decide_by": None}
    return running | {"missed": frozenset(), "reminded": frozenset(), "level_by": None}


def _dates(case: Case) -> dict[str, datetime | None]:
    return {"accept_by": case.accept_by, "answer_by": case.answer_by, "resolve_by": case.resolve_by}


_PLAIN: dict[Action, type[CaseEvent]] = {
    Action.ACCEPT: events.CaseAccepted,
    Action.PROGRESS: events.CaseProgressed,
    Action.RESOLVE: events.CaseResolved,
    Action.CLOSE: events.CaseClosed,
    Action.NOTE: events.CaseNoted,
    Action.WITHDRAW: events.CaseWithdrawn,
}


FOLLOW_UP_WITHIN = timedelta(days=14)
"""How long after the resolution the reporter may answer."""
ANSWERS_AT_MOST = 5
"""To one resolution: each is an event, and staff act on what they have read."""
DECIDE_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What the reporter answered."""

    contacted: bool
    solved: bool
    satisfied: bool
    message: str | None = None


class TooLate(Exception):
    """The follow-up is over, or has not begun."""


class OwnWork(Exception):
    """The party that did the work is not who asks how it was."""


def said_before(case: Case) -> FollowUp | None:
    """The answer to this resolution that counts now, without its words; None when there is none."""
    if not case.answers or case.contacted is None or case.solved is None or case.satisfied is None:
        return None
    return FollowUp(case.contacted, case.solved, case.satisfied)


def refusal(case: Case, now: datetime) -> str | None:
    """Why no answer is taken, or None while one is."""
    if case.state is CaseState.CLOSED:
        return "The case is closed."
    if case.state is not CaseState.RESOLVED or case.resolved_at is None:
        return "The case is not resolved yet."
    if case.withdrawn_at is not None or case.part_of is not None:
        whole = f"Nobody reported a part; how it was is asked of {case.part_of}."
        return whole if case.part_of else "The submission was withdrawn."
    if case.answers >= ANSWERS_AT_MOST:
        return f"The answer has been changed {ANSWERS_AT_MOST} times; that is enough."
    if now > case.resolved_at + FOLLOW_UP_WITHIN:
        return f"Answers are taken for {FOLLOW_UP_WITHIN.days} days after the resolution."
    return None


def follow_up(case: Case, answer: FollowUp, now: datetime, recorded_by: str | None = None) -> tuple[Case, CaseEvent]:
    """The reporter says how it was. What is not solved, or not well, asks a person to reopen it.

    `recorded_by` is who has asked by telephone. Raises `TooLate`, `OwnWork`.
    """
    if reason := refusal(case, now):
        raise TooLate(reason)
    if recorded_by is not None and recorded_by == case.party:
        raise OwnWork
    content = answer.solved and answer.satisfied
    asks = not content and case.decide_by is None
    decide_by = None if content else case.decide_by or now + DECIDE_WITHIN
    fresh = frozenset({Deadline.DECIDE}) if asks else frozenset()
    after = replace(
        moved(case, case.state, now),
        contacted=answer.contacted,
        solved=answer.solved,
        satisfied=answer.satisfied,
        followed_up_at=now,
        answers=case.answers + 1,
        decide_by=decide_by,
        missed=case.missed - fresh,
        reminded=case.reminded - fresh,
        clock_from=now if asks else case.clock_from,
    )
    said = {"contacted": answer.contacted, "solved": answer.solved, "satisfied": answer.satisfied}
    said |= {"reopen_requested": asks, "recorded": recorded_by is not None}
    by = recorded_by or "resident"
    return after, case_event(events.CaseRated, after, by=by, message=answer.message, decide_by=decide_by, **said)


def resume_by_rule(case: Case, now: datetime) -> tuple[Case, CaseEvent]:
    """A pause has lasted as long as one may."""
    after = unpaused(moved(case, case.state, now), now)
    return after, case_event(events.CaseResumed, after, by="linli", **_dates(after))


def close_in_silence(case: Case, now: datetime) -> tuple[Case, CaseEvent]:
    """Nobody asked for more in time: the case is closed by rule."""
    after = moved(case, CaseState.CLOSED, now)
    return after, case_event(events.CaseClosed, after, by="linli", message=SILENCE)


SILENCE = "回访期满，未收到不同意见，自动结案。"


def withdraw(case: Case, reason: str | None, now: datetime) -> tuple[Case, CaseEvent]:
    """The reporter takes it back. A case that has ended stays as it is, with a note that this came too late.

    One that others follow goes on for them, and its own reporter hears no more of it.
    """
    state = TRANSITIONS[Action.WITHDRAW].get(case.state)
    if state is None:
        noted = moved(case, case.state, now)
        return noted, case_event(events.CaseNoted, noted, by="resident", message=reason or "撤回申请在结案之后收到")
    if case.followers:
        goes_on = replace(moved(case, case.state, now), withdrawn_at=case.withdrawn_at or now)
        said = reason or "反映人已撤回；因有并案，继续办理。"
        return goes_on, case_event(events.CaseNoted, goes_on, by="resident", message=said)
    withdrawn = replace(moved(case, state, now), merged_into=None)
    return withdrawn, case_event(events.CaseWithdrawn, withdrawn, by="resident", message=reason)


def _return(after: Case, command: Command, by: str, directory: Directory, now: datetime) -> tuple[Case, CaseEvent]:
    """A returned case goes to the node above all who have handed it back, never nowhere; that node owes a decision."""
    if missing := set(command.evidence) - {each.id for each in after.evidence}:
        raise UnknownEvidence(min(missing))
    holder = directory.party(after.party or "") or directory.triage
    returned_by = (*after.returned_by, holder.id)
    returned = replace(
        after,
        party=directory.above_all(returned_by).id,
        returned_by=returned_by,
        clock_from=now,
        accept_by=now + ORDINARY_ACCEPT,
        missed=after.missed - {Deadline.ACCEPT},
        reminded=after.reminded - {Deadline.ACCEPT},
    )
    said: dict[str, Any] = {"returned_by": holder.id, "reason": command.message or "", "evidence": command.evidence}
    said |= {"accept_by": returned.accept_by}
    return returned, case_event(events.CaseReturned, returned, by=by, **said)


def moved(case: Case, state: CaseState, now: datetime) -> Case:
    return replace(case, state=state, version=case.version + 1, updated_at=now)


def dispatched(case: Case, **said: object) -> CaseEvent:
    return case_event(
        events.CaseDispatched,
        case,
        text=case.text,
        place=case.place,
        location=case.location,
        **_dates(case),
        **said,
    )


def case_event(event: type[CaseEvent], case: Case, **said: object) -> CaseEvent:
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
            "resident_id": None if case.withdrawn_at else case.resident_id,
            "language": case.language,
        }
        | said
    )
