"""Pausing the clock of a case while somebody else has to act, and resuming it with the time left."""

from datetime import datetime, timedelta
from typing import Any

from linli.contracts.workflow import case as events
from linli.contracts.workflow.case import Deadline, Waiting
from linli.frozen import replace
from linli.working_time import WorkingCalendar
from workflow.cases.domain.action import ClockAlready, Command, Late
from workflow.cases.domain.case import Case, Step, case_event, dates, moved
from workflow.cases.domain.owed import in_working_days, owed, policy_for
from workflow.community.domain.directory import Directory


def paused(after: Case, command: Command, fields: dict[str, Any], now: datetime) -> Step:
    """The paused case. Raises `ClockAlready`, `Late`."""
    if after.clock.paused_at is not None:
        raise ClockAlready(stands=True)
    if any(kind in after.clock.missed for kind, _ in owed(after)):
        raise Late
    waiting_for = command.waiting_for or Waiting.OTHER
    after = replace(after, clock=replace(after.clock, paused_at=now, waiting_for=waiting_for))
    return after, case_event(events.CasePaused, after, **fields, waiting_for=waiting_for)


def unpaused(case: Case, directory: Directory, now: datetime) -> Case:
    """The case with its clock going: of every deadline as much time is left as when the clock was stopped.

    What counts in working days has so much working time left: a night or a holiday in the pause gives none away. A
    reminder comes again for a deadline that has moved away from it.
    """
    clock, stopped = case.clock, case.clock.paused_at
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
    going = replace(
        clock,
        paused_at=None,
        waiting_for=None,
        accept_by=moved_on(clock.accept_by, calendar, working),
        answer_by=moved_on(clock.answer_by, calendar, working),
        resolve_by=moved_on(clock.resolve_by, calendar, working),
        level_by=moved_on(clock.level_by, directory.calendar, policy.working_days),
    )
    anew = _away_from_its_reminder(case, replace(case, clock=going), policy.remind_before or timedelta(0))
    return replace(case, clock=replace(going, reminded=clock.reminded - anew))


def _away_from_its_reminder(before: Case, after: Case, remind_before: timedelta) -> frozenset[Deadline]:
    """The deadlines that are later by more than the time between a reminder and what it reminds of."""
    had = dict(owed(before))
    return frozenset(kind for kind, by in owed(after) if kind in had and by - had[kind] > remind_before)


def resume_by_rule(case: Case, directory: Directory, now: datetime) -> Step:
    """A pause has lasted as long as one may."""
    after = unpaused(moved(case, case.state, now), directory, now)
    return after, case_event(events.CaseResumed, after, by="linli", **dates(after))
