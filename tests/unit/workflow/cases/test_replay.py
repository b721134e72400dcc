"""A draft policy on cases that are over makes of them what the timer would have made."""

from dataclasses import replace
from datetime import timedelta

from linli.contracts.workflow.case import CaseState, Deadline
from tests.support.builders import altered
from tests.unit.workflow.cases.test_deadlines import DIRECTORY, HOUR, NOON, a_case, alone
from workflow.cases.domain.replay import replay

LATER = NOON + timedelta(days=9)


def test_a_case_that_nobody_touched_is_replayed_as_the_timer_took_it() -> None:
    _, told = alone(a_case(), LATER)
    as_it_was = [event for _, event in told if event.TYPE == "linli.case.escalated.v1"]
    again = list(replay(a_case(), DIRECTORY, LATER))
    assert [(up.missed_by, up.to, up.due) for up in again] == [(up.missed_by, up.to, up.due) for up in as_it_was]


def test_what_was_done_in_time_is_not_escalated() -> None:
    done = altered(
        a_case(),
        state=CaseState.CLOSED,
        accepted_at=NOON + HOUR / 2,
        answered_at=NOON + HOUR,
        resolved_at=NOON + 2 * HOUR,
    )
    assert list(replay(done, DIRECTORY, LATER)) == []


def test_what_was_accepted_late_went_up_until_then() -> None:
    done = altered(
        a_case(),
        state=CaseState.CLOSED,
        accepted_at=NOON + 2.5 * HOUR,
        answered_at=NOON + 2.5 * HOUR,
        resolved_at=NOON + 3 * HOUR,
    )
    assert [(up.deadline, up.to) for up in replay(done, DIRECTORY, LATER)] == [
        (Deadline.ACCEPT, "group-1"),
        (Deadline.LEVEL, "grid-1"),
    ]


def test_a_case_in_triage_is_replayed_with_the_ordinary_times() -> None:
    waiting = replace(a_case(), state=CaseState.TRIAGE, rule=None, party="street", first_party=None)
    (up,) = replay(waiting, DIRECTORY, NOON + timedelta(hours=30))
    assert (up.missed_by, up.to) == ("street", "street")
