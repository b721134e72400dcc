"""Seats are held without a gap; bulletins stand as they were issued."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from linli.contracts.base import tolerant
from linli.contracts.neighbourhood.taskforce import BulletinCorrected, SeatRole, TaskForceEvent
from neighbourhood.refusal import Refusal
from neighbourhood.taskforce.domain.force import (
    AnyForce,
    CorrectBulletin,
    FillSeat,
    FormTaskForce,
    IssueBulletin,
    TaskForce,
    VacateSeat,
    evolve_force,
)
from neighbourhood.taskforce.domain.seating import decide_force, ending, form
from tests.support.qingdao import TASKFORCE

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
START = date(2026, 3, 1)
CLERK: dict[str, Any] = {"by": "p-clerk", "party": "community"}


def formed() -> TaskForce:
    event = form(FormTaskForce(**CLERK, id="t-1", community="fushan", neighbourhood="n-1", title="改造专班"), NOW)
    assert not isinstance(event, Refusal)
    return evolve_force(None, event)


def fill(holder: str, first: int = 0, until: int | None = None, seat: str = "s-1") -> FillSeat:
    ends = None if until is None else START + timedelta(days=until)
    return FillSeat(
        **CLERK,
        seat_id=seat,
        role=SeatRole.RESIDENTS,
        holder=holder,
        from_day=START + timedelta(days=first),
        until=ends,
    )


def vacate(on: int, stands_in: str = "p-9") -> VacateSeat:
    return VacateSeat(**CLERK, seat_id="s-1", on=START + timedelta(days=on), stands_in=stands_in)


def after(force: TaskForce, *commands: AnyForce) -> TaskForce:
    for command in commands:
        event = decide_force(force, command, NOW)
        assert not isinstance(event, Refusal), event
        force = evolve_force(force, event)
    return force


def refusal(force: TaskForce, command: AnyForce) -> str:
    outcome = decide_force(force, command, NOW)
    return outcome.slug if isinstance(outcome, Refusal) else ""


def holder(force: TaskForce, day: int) -> str | None:
    return force.seats["s-1"].holder_on(START + timedelta(days=day))


def test_a_term_that_ends_is_followed_on_that_very_day() -> None:
    force = after(formed(), fill("p-1", until=30))
    assert refusal(force, fill("p-2", first=29)) == "seat_overlap"
    assert refusal(force, fill("p-2", first=31)) == "seat_gap"
    force = after(force, fill("p-2", first=30))
    assert (holder(force, 29), holder(force, 30)) == ("p-1", "p-2")


def test_a_term_without_an_end_is_ended_by_the_next() -> None:
    force = after(formed(), fill("p-1"), fill("p-2", first=10))
    assert (holder(force, 9), holder(force, 10), holder(force, 500)) == ("p-1", "p-2", "p-2")


def test_whoever_leaves_early_has_somebody_stand_in() -> None:
    force = after(formed(), fill("p-1", until=30), vacate(12))
    assert [holder(force, day) for day in (11, 12, 40)] == ["p-1", "p-9", "p-9"]
    assert refusal(after(formed(), fill("p-1")), vacate(5, "p-1")) == "same_holder"
    assert refusal(after(formed(), fill("p-1", until=30)), vacate(31)) == "seat_overlap"
    assert refusal(formed(), vacate(5)) == "unknown"


def test_a_seat_keeps_its_role_and_a_term_its_order() -> None:
    force = after(formed(), fill("p-1"))
    other = FillSeat(**CLERK, seat_id="s-1", role=SeatRole.BUILDER, holder="p", from_day=START + timedelta(days=9))
    assert refusal(force, other) == "other_role"
    assert refusal(formed(), fill("p-1", first=5, until=5)) == "term_order"


def test_a_term_that_ends_soon_and_that_nobody_follows_is_told() -> None:
    force = after(formed(), fill("p-1", until=20), fill("p-2", until=300, seat="s-2"))
    assert ending(force, TASKFORCE, NOW) == [("s-1", START + timedelta(days=20))]
    assert ending(after(force, fill("p-3", first=20)), TASKFORCE, NOW) == []


def test_a_bulletin_is_numbered_and_changed_by_corrigenda_alone() -> None:
    issue = IssueBulletin(**CLERK, title="第1期", text="车棚开工。")
    correct = CorrectBulletin(**CLERK, number=1, instead="3 月 9 日开工", why="日期有误")
    assert refusal(formed(), correct) == "unknown"
    force = after(formed(), issue, issue, correct)
    event = decide_force(force, correct, NOW)
    assert isinstance(event, BulletinCorrected) and (event.number, event.corrigendum) == (1, 2)
    assert force.bulletins == (1, 0)


STEPS = st.one_of(
    st.builds(fill, st.sampled_from(["p-1", "p-2"]), st.integers(0, 60), st.none() | st.integers(1, 90)),
    st.builds(vacate, st.integers(0, 90), st.sampled_from(["p-8", "p-9"])),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(STEPS, max_size=15))
def test_no_seat_is_empty_between_its_first_day_and_the_end_of_its_last_term(steps: list[AnyForce]) -> None:
    force = formed()
    told: list[TaskForceEvent] = []
    for step in steps:
        event = decide_force(force, step, NOW)
        if not isinstance(event, Refusal):
            told.append(event)
            force = evolve_force(force, event)
    again = formed()
    for event in told:
        read = tolerant(type(event), event.model_dump_json(exclude_none=True).encode())
        assert isinstance(read, TaskForceEvent)
        again = evolve_force(again, read)
    assert again == force
    for seat in force.seats.values():
        assert all(one.until == other.first for one, other in zip(seat.terms, seat.terms[1:], strict=False))
        assert all(each.until is None or each.first < each.until for each in seat.terms)
        day, last = seat.terms[0].first, seat.terms[-1]
        end = last.until or last.first + timedelta(days=5)
        while day < end:
            assert seat.holder_on(day) is not None
            day += timedelta(days=1)
