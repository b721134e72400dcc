"""What whoever is responsible owes, by when, and how that clock stands still and goes on."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from linli.contracts import case as events
from linli.contracts.case import CaseEvent, CaseState, Deadline, Waiting
from linli.contracts.community import Rule
from workflow.domain.action import ClockAlready, Command, Late
from workflow.domain.case import BEFORE_IT_IS_TAKEN_ON, BEING_DEALT_WITH, Case, case_event, dates, moved
from workflow.domain.directory import Directory

ORDINARY_ACCEPT, ORDINARY_RESOLVE = timedelta(hours=24), timedelta(days=7)
"""The time that a person's decision gives where no rule does: a day to answer, the ordinary 7 days of such offices."""


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


def holidays_unknown(case: Case, directory: Directory) -> list[int]:
    """The years of which the holidays are not known and into which its deadlines in working days reach."""
    rule = next((rule for rule in directory.community.rules if rule.id == case.rule), None)
    ends = [by for by in (case.accept_by, case.answer_by, case.resolve_by) if by]
    if rule is None or not rule.working_days or not ends:
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


def paused(after: Case, command: Command, said: dict[str, Any], now: datetime) -> tuple[Case, CaseEvent]:
    """The clock stands still. Raises `ClockAlready`, `Late`."""
    if after.paused_at is not None:
        raise ClockAlready(stands=True)
    if any(kind in after.missed for kind, _ in owed(after)):
        raise Late
    waiting_for = command.waiting_for or Waiting.OTHER
    after = replace(after, paused_at=now, waiting_for=waiting_for)
    return after, case_event(events.CasePaused, after, **said, waiting_for=waiting_for)


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


def resume_by_rule(case: Case, now: datetime) -> tuple[Case, CaseEvent]:
    """A pause has lasted as long as one may."""
    after = unpaused(moved(case, case.state, now), now)
    return after, case_event(events.CaseResumed, after, by="linli", **dates(after))
