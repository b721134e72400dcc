"""The deadlines of a case in its current state, by its rule and policy."""

from collections.abc import Iterator
from datetime import datetime

from linli.contracts.workflow.case import CaseState, Deadline
from linli.contracts.workflow.community import ORDINARY_POLICY, EscalationPolicy
from workflow.cases.domain.case import BEFORE_IT_IS_TAKEN_ON, BEING_DEALT_WITH, Case
from workflow.cases.domain.matching import below
from workflow.community.domain.directory import Directory


def owed(case: Case) -> Iterator[tuple[Deadline, datetime]]:
    """What the responsible party still owes, and until when."""
    clock = case.clock
    if case.state in BEFORE_IT_IS_TAKEN_ON and clock.accept_by:
        yield Deadline.ACCEPT, clock.accept_by
    if case.state in BEING_DEALT_WITH and case.progress.answered_at is None and clock.answer_by:
        yield Deadline.ANSWER, clock.answer_by
    if case.state in BEING_DEALT_WITH and clock.resolve_by:
        yield Deadline.RESOLVE, clock.resolve_by
    if case.state is CaseState.RESOLVED and clock.decide_by:
        yield Deadline.DECIDE, clock.decide_by


def in_working_days(case: Case, directory: Directory) -> bool:
    """Whether its running deadlines count in working days."""
    if case.clock.in_working_days is not None:
        return case.clock.in_working_days
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
        if not policy.category or below(case.about.category, policy.category):
            return policy
    return ORDINARY_POLICY


def holidays_unknown(case: Case, directory: Directory) -> list[int]:
    """The years of which the holidays are not known and into which its deadlines in working days reach."""
    ends = [by for by in (case.clock.accept_by, case.clock.answer_by, case.clock.resolve_by) if by]
    if not ends or not in_working_days(case, directory):
        return []
    return directory.calendar.unknown_years(case.clock.clock_from or case.opened_at, max(ends))
