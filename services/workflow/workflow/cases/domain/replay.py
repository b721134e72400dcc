"""Replays past cases under a draft policy: the same steps as the timer's, in simulated time."""

from collections.abc import Callable, Iterator
from datetime import datetime

from linli.contracts.workflow.case import CaseEscalated, CaseState
from linli.contracts.workflow.community import Rule
from linli.frozen import replace
from workflow.cases.domain.case import Case
from workflow.cases.domain.clock import deadlines
from workflow.cases.domain.deadlines import next_moment, tick
from workflow.cases.domain.escalation import NOT_ESCALATED
from workflow.cases.domain.owed import policy_for
from workflow.cases.domain.progress import NOTHING_YET, Progress
from workflow.community.domain.directory import Directory

STEPS = 100
"""More than any case can take: two reminders and five levels for each of its deadlines."""


def replay(case: Case, directory: Directory, until: datetime) -> Iterator[CaseEscalated]:
    """The escalations of a case from its submission to `until`, with what was really done at the time it was done.

    Pauses, returns, reopenings and changes of the party are left out: it stays with whoever had it first.
    """
    rule = directory.rule(case.rule)
    again = _as_it_came(case, rule, directory)
    policy = policy_for(again, directory)
    done = _done(case)
    for _ in range(STEPS):
        moment = next_moment(again, policy, directory)
        if done and (moment is None or done[0][0] <= moment):
            _, changed_by = done.pop(0)
            again = changed_by(again)
        elif moment is None or moment > until:
            return
        elif step := tick(again, directory, moment):
            again, event = step
            if isinstance(event, CaseEscalated):
                yield event


def _as_it_came(case: Case, rule: Rule | None, directory: Directory) -> Case:
    clock = deadlines(rule, directory, case.submitted_at, case.first_party or case.party)
    if rule is None:  # the triage desk owes a decision, and no more yet
        clock = replace(clock, resolve_by=None)
    return replace(
        case,
        state=CaseState.DISPATCHED if rule else CaseState.TRIAGE,
        party=case.first_party or case.party,
        progress=NOTHING_YET,
        escalation=NOT_ESCALATED,
        clock=clock,
    )


def _done(case: Case) -> list[tuple[datetime, Callable[[Case], Case]]]:
    """What people did, and what it changed, in order."""
    was = case.progress
    done: list[tuple[datetime | None, Callable[[Case], Case]]] = [
        (was.accepted_at, lambda again: replace(again, state=CaseState.ACCEPTED)),
        (was.answered_at, lambda again: replace(again, progress=Progress(answered_at=was.answered_at))),
        (was.resolved_at, lambda again: replace(again, state=CaseState.RESOLVED)),
    ]
    if case.state in {CaseState.CLOSED, CaseState.WITHDRAWN} and was.resolved_at is None:
        done.append((case.updated_at, lambda again: replace(again, state=CaseState.CLOSED)))
    return sorted(((at, change) for at, change in done if at), key=lambda each: each[0])
