"""The clock of a case: the deadlines, which of them were missed, and whether it is paused."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.contracts.workflow.case import CaseState, Deadline, Waiting
from linli.contracts.workflow.community import Rule
from linli.frozen import replace
from workflow.community.domain.directory import Directory

ORDINARY_ACCEPT, ORDINARY_RESOLVE = timedelta(hours=24), timedelta(days=7)
"""The time that a person's decision gives where no rule does: a day to answer, the ordinary 7 days of such offices."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The deadlines of a case. One that is None is not owed."""

    clock_from: datetime | None = None
    """When the deadlines began that are running."""
    in_working_days: bool | None = None
    """Whether they count in working days; None of a case from before this was kept: as its rule says."""
    accept_by: datetime | None = None
    answer_by: datetime | None = None
    resolve_by: datetime | None = None
    decide_by: datetime | None = None
    """Until when a person is to decide on the reporter's request to reopen it."""
    level_by: datetime | None = None
    """Until when the level that has it may act before it goes further up."""
    missed: frozenset[Deadline] = frozenset()
    reminded: frozenset[Deadline] = frozenset()
    paused_at: datetime | None = None
    waiting_for: Waiting | None = None


NO_CLOCK = Clock()


def deadlines(rule: Rule | None, directory: Directory, now: datetime, party: str | None = None) -> Clock:
    """The deadlines of a newly responsible party, from now: the rule's, or the default ones."""
    if rule is None:
        spans: tuple[timedelta, timedelta | None, timedelta] = (ORDINARY_ACCEPT, None, ORDINARY_RESOLVE)
    else:
        spans = (rule.accept_within, rule.answer_within, rule.resolve_within)
    working, calendar = rule is not None and rule.working_days, directory.calendar_of(party)
    accept, answer, resolve = (None if span is None else calendar.end_of(now, span, working) for span in spans)
    return Clock(clock_from=now, in_working_days=working, accept_by=accept, answer_by=answer, resolve_by=resolve)


def owed_from_now(state: CaseState, rule: Rule | None, directory: Directory, now: datetime, party: str | None) -> Clock:
    """What is owed from now on of a case that stands so: while it is to be decided whose it is, first of all that."""
    clock = deadlines(rule, directory, now, party)
    if state in {CaseState.TRIAGE, CaseState.RETURNED}:
        clock = replace(clock, accept_by=now + ORDINARY_ACCEPT, answer_by=None)
    return replace(clock, resolve_by=None) if state is CaseState.TRIAGE else clock


def with_resolution(clock: Clock, by: datetime) -> Clock:
    """Its resolution is owed, by then if not by another time already."""
    return clock if clock.resolve_by else replace(clock, resolve_by=by)


def handed_back(clock: Clock, now: datetime) -> Clock:
    """The node above must decide on a return; the deadline to resolve keeps running."""
    return replace(_once_more(clock, Deadline.ACCEPT), clock_from=now, accept_by=now + ORDINARY_ACCEPT)


def to_decide(clock: Clock, by: datetime, now: datetime) -> Clock:
    """A person owes a decision on the reporter's request to reopen the case."""
    return replace(_once_more(clock, Deadline.DECIDE), clock_from=now, decide_by=by)


def decided(clock: Clock) -> Clock:
    """Nobody is asked to reopen the case, or whoever was has decided."""
    return replace(clock, decide_by=None)


def taken_up_again(clock: Clock) -> Clock:
    """Its head is reopened, and no level waits here."""
    return replace(clock, decide_by=None, level_by=None)


def reminded_of(clock: Clock, deadline: Deadline) -> Clock:
    return replace(clock, reminded=clock.reminded | {deadline})


def gone_up(clock: Clock, missed: frozenset[Deadline], act_by: datetime | None) -> Clock:
    """The next level has it, until then."""
    return replace(clock, missed=clock.missed | missed, level_by=act_by)


def handed_over(clock: Clock) -> Clock:
    """Nothing is owed here any more, for another case is dealt with in its place."""
    return Clock(in_working_days=clock.in_working_days, missed=clock.missed, reminded=clock.reminded)


def _once_more(clock: Clock, deadline: Deadline) -> Clock:
    return replace(clock, missed=clock.missed - {deadline}, reminded=clock.reminded - {deadline})
