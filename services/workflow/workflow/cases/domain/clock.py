"""What whoever is responsible owes, by when, and how that clock stands still and goes on."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from linli.contracts import case as events
from linli.contracts.case import CaseState, Deadline, Waiting
from linli.contracts.community import ORDINARY_POLICY, EscalationPolicy, Rule
from workflow.cases.domain.action import ClockAlready, Command, Late
from workflow.cases.domain.case import BEFORE_IT_IS_TAKEN_ON, BEING_DEALT_WITH, Case, Step, case_event, dates, moved
from workflow.cases.domain.matching import below
from workflow.community.domain.directory import Directory
from workflow.community.domain.working_time import WorkingCalendar

ORDINARY_ACCEPT, ORDINARY_RESOLVE = timedelta(hours=24), timedelta(days=7)
"""The time that a person's decision gives where no rule does: a day to answer, the ordinary 7 days of such offices."""


def deadlines(rule: Rule | None, directory: Directory, now: datetime, party: str | None = None) -> dict[str, Any]:
    """What a party that becomes responsible owes, from now; by the rule, or the ordinary times where there is none."""
    if rule is None:
        spans: tuple[timedelta, timedelta | None, timedelta] = (ORDINARY_ACCEPT, None, ORDINARY_RESOLVE)
    else:
        spans = (rule.accept_within, rule.answer_within, rule.resolve_within)
    working, calendar = rule is not None and rule.working_days, directory.calendar_of(party)
    accept, answer, resolve = (span and calendar.end_of(now, span, working) for span in spans)
    running: dict[str, Any] = {"clock_from": now, "in_working_days": working, "decide_by": None}
    running |= {"accept_by": accept, "answer_by": answer, "resolve_by": resolve}
    return running | {"missed": frozenset(), "reminded": frozenset(), "level_by": None}


def in_working_days(case: Case, directory: Directory) -> bool:
    """Whether its running deadlines count in working days."""
    if case.in_working_days is not None:
        return case.in_working_days
    rule = directory.rule(case.rule)
    return rule is not None and rule.working_days


def emergency(case: Case, directory: Directory) -> bool:
    """Whether people are told of it at night and on holidays too."""
    rule = directory.rule(case.rule)
    if rule is None:
        return False
    return not rule.working_days if rule.emergency is None else rule.emergency


def policy_for(case: Case, directory: Directory) -> EscalationPolicy:
    """The first of the community's policies whose category holds; the ordinary one where none does."""
    for policy in directory.community.escalation:
        if not policy.category or below(case.category, policy.category):
            return policy
    return ORDINARY_POLICY


def holidays_unknown(case: Case, directory: Directory) -> list[int]:
    """The years of which the holidays are not known and into which its deadlines in working days reach."""
    ends = [by for by in (case.accept_by, case.answer_by, case.resolve_by) if by]
    if not ends or not in_working_days(case, directory):
        return []
    return directory.calendar.unknown_years(case.clock_from or case.opened_at, max(ends))


def owed(case: Case) -> Iterator[tuple[Deadline, datetime]]:
    """What the responsible party still owes, and until when."""
    if case.state in BEFORE_IT_IS_TAKEN_ON and case.accept_by:
        yield Deadline.ACCEPT, case.accept_by
    if case.state in BEING_DEALT_WITH and case.answered_at is None and case.answer_by:
        yield Deadline.ANSWER, case.answer_by
    if case.state in BEING_DEALT_WITH and case.resolve_by:
        yield Deadline.RESOLVE, case.resolve_by
    if case.state is CaseState.RESOLVED and case.decide_by:
        yield Deadline.DECIDE, case.decide_by


def paused(after: Case, command: Command, said: dict[str, Any], now: datetime) -> Step:
    """The clock stands still. Raises `ClockAlready`, `Late`."""
    if after.paused_at is not None:
        raise ClockAlready(stands=True)
    if any(kind in after.missed for kind, _ in owed(after)):
        raise Late
    waiting_for = command.waiting_for or Waiting.OTHER
    after = replace(after, paused_at=now, waiting_for=waiting_for)
    return after, case_event(events.CasePaused, after, **said, waiting_for=waiting_for)


def unpaused(case: Case, directory: Directory, now: datetime) -> Case:
    """The case with its clock going: of every deadline as much time is left as when the clock was stopped.

    What counts in working days has so much working time left: a night or a holiday in the pause gives none away. A
    reminder comes again for a deadline that has moved away from it.
    """
    stopped = case.paused_at
    if stopped is None:
        return case
    policy, calendar = policy_for(case, directory), directory.calendar_of(case.party)

    def moved_on(by: datetime | None, calendar: WorkingCalendar, working: bool) -> datetime | None:
        if by is None:
            return None
        if working and by > stopped:
            return max(by, calendar.later(max(now, stopped), calendar.worked(stopped, by)))
        return by + max(now - stopped, timedelta(0))

    working = in_working_days(case, directory)
    after = replace(
        case,
        paused_at=None,
        waiting_for=None,
        accept_by=moved_on(case.accept_by, calendar, working),
        answer_by=moved_on(case.answer_by, calendar, working),
        resolve_by=moved_on(case.resolve_by, calendar, working),
        level_by=moved_on(case.level_by, directory.calendar, policy.working_days),
    )
    anew = _away_from_its_reminder(case, after, policy.remind_before or timedelta(0))
    return replace(after, reminded=after.reminded - anew)


def _away_from_its_reminder(before: Case, after: Case, remind_before: timedelta) -> frozenset[Deadline]:
    """The deadlines that are later by more than the time between a reminder and what it reminds of."""
    had = dict(owed(before))
    return frozenset(kind for kind, by in owed(after) if kind in had and by - had[kind] > remind_before)


def resume_by_rule(case: Case, directory: Directory, now: datetime) -> Step:
    """A pause has lasted as long as one may."""
    after = unpaused(moved(case, case.state, now), directory, now)
    return after, case_event(events.CaseResumed, after, by="linli", **dates(after))
