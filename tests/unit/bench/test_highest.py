"""The search for the highest steady rate, and when a queue is said to grow."""

import asyncio
from collections.abc import Mapping

import pytest

from bench.highest import grown, highest
from bench.sizes import Sizes

SIZES = Sizes(first_rate=100, most_rate=3_200, step_seconds=8, hold_seconds=60)


def looked_for(capacity: float, in_full: float | None = None) -> tuple[float | None, list[tuple[float, float]]]:
    """What is found on a machine that holds so much, and `in_full` at most for a whole minute; and what was tried."""
    tried: list[tuple[float, float]] = []

    async def holds(rate: float, seconds: float) -> bool:
        tried.append((rate, seconds))
        return rate <= (capacity if seconds < SIZES.hold_seconds or in_full is None else in_full)

    return asyncio.run(highest(holds, SIZES)), tried


@pytest.mark.parametrize("capacity", [3.0, 40.0, 99.0, 100.0, 250.0, 1_234.0])
def test_what_is_found_holds_for_the_whole_time_and_a_fifth_more_would_not(capacity: float) -> None:
    found, tried = looked_for(capacity)
    assert found is not None and found <= capacity < found * 1.2
    assert tried[-1] == (found, SIZES.hold_seconds)


def test_a_rate_that_holds_for_a_step_and_not_for_the_whole_time_is_lowered() -> None:
    found, tried = looked_for(400.0, in_full=330.0)
    assert found is not None and found <= 330.0 < found / 0.9
    assert [seconds for _, seconds in tried].count(SIZES.hold_seconds) == 3


def test_the_search_ends_where_it_was_told_to_and_where_nothing_holds() -> None:
    assert looked_for(1e9)[0] == 3_200
    assert looked_for(0.1)[0] is None


def samples(*queue: int) -> list[Mapping[str, int]]:
    return [{"due": each, "unsent": 3} for each in queue]


def test_a_queue_that_fills_with_what_is_under_way_and_stays_there_does_not_grow() -> None:
    assert grown(samples(0, 40, 90, 85, 95, 88, 92, 90), rate=100) == []


def test_a_queue_that_holds_more_and_more_is_named() -> None:
    assert grown(samples(0, 30, 60, 90, 120, 150, 180, 210), rate=100) == ["due"]


def test_a_queue_that_shrinks_or_was_hardly_looked_at_does_not_grow() -> None:
    assert grown(samples(210, 180, 150, 120, 90, 60, 30, 0), rate=100) == []
    assert grown(samples(0, 1_000), rate=100) == []


def test_a_few_more_than_before_are_no_growth_at_a_low_rate() -> None:
    assert grown(samples(0, 1, 2, 4, 6, 9, 12, 15), rate=2) == []
