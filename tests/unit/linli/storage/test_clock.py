"""The clock that a process keeps of the database's."""

import asyncio
from datetime import datetime, timedelta

import pytest
from pymongo.errors import ServerSelectionTimeoutError

from linli.storage import mongo
from linli.storage.clock import ASKED_EVERY, NotKnownYet, ServerClock, SetBack
from tests.support.builders import NOON


class Two:
    """A database's clock and a process's counter, as a test wants them."""

    def __init__(self) -> None:
        self.counted = 1_000.0
        self.server = NOON
        self.there, self.back = 0.0, 0.0
        """Seconds that question and answer take."""
        self.clock = ServerClock(self.ask, lambda: self.counted)

    def passes(self, seconds: float) -> None:
        self.counted += seconds
        self.server += timedelta(seconds=seconds)

    async def ask(self) -> datetime:
        self.passes(self.there)
        told = self.server
        self.passes(self.back)
        return told


@pytest.fixture
def two() -> Two:
    return Two()


async def test_it_counts_on_from_what_the_database_told(two: Two) -> None:
    await two.clock.sync()
    assert two.clock.now() == NOON
    two.passes(90.5)
    assert two.clock.now() == NOON + timedelta(seconds=90.5)


async def test_before_the_database_was_reached_there_is_no_time(two: Two) -> None:
    with pytest.raises(NotKnownYet) as raised:
        two.clock.now()
    assert mongo.is_outage(raised.value)


async def test_it_tells_whole_milliseconds_as_the_database_keeps_them(two: Two) -> None:
    await two.clock.sync()
    two.passes(0.0126)
    assert two.clock.now() == NOON + timedelta(milliseconds=12)


async def test_it_is_behind_by_what_the_answer_took_and_never_ahead(two: Two) -> None:
    two.there, two.back = 0.4, 0.6
    await two.clock.sync()
    assert two.server - two.clock.now() == timedelta(seconds=0.6)
    two.there = two.back = 0.001
    await two.clock.sync()
    assert timedelta(0) <= two.server - two.clock.now() <= timedelta(milliseconds=2)


async def test_an_answer_that_was_long_on_its_way_spoils_nothing(two: Two) -> None:
    await two.clock.sync()
    two.there, two.back = 0.0, 8.0
    await two.clock.sync()
    assert two.clock.now() == two.server


async def test_it_follows_a_database_whose_clock_is_set_on(two: Two) -> None:
    await two.clock.sync()
    two.server += timedelta(hours=2)
    await two.clock.sync()
    assert two.clock.now() == two.server


async def test_it_stands_still_until_a_clock_that_was_set_back_has_come_up(two: Two) -> None:
    await two.clock.sync()
    shown = two.clock.now()
    two.server -= timedelta(seconds=5)
    await two.clock.sync()
    two.passes(3)
    assert two.clock.now() == shown
    two.passes(4)
    assert timedelta(0) <= two.clock.now() - two.server <= timedelta(milliseconds=1)


async def test_it_ends_the_process_where_that_would_take_too_long(two: Two) -> None:
    await two.clock.sync()
    two.clock.now()
    two.server -= timedelta(hours=2)
    with pytest.raises(SetBack):
        await two.clock.sync()
    assert not mongo.is_outage(SetBack())


async def test_a_first_answer_that_waited_for_a_connection_does_not_leave_it_behind(two: Two) -> None:
    two.back = 0.9

    async def slow_at_first() -> datetime:
        told = await two.ask()
        two.back = 0.001
        return told

    clock = ServerClock(slow_at_first, lambda: two.counted)
    running = asyncio.create_task(clock.run())
    try:
        await asyncio.wait_for(clock.known(), 5)
        assert timedelta(0) <= two.server - clock.now() <= timedelta(milliseconds=2)
    finally:
        running.cancel()


async def test_a_database_that_is_away_at_the_start_is_asked_again_soon(two: Two) -> None:
    tries = 0

    async def away_at_first() -> datetime:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise ServerSelectionTimeoutError("away")
        return two.server

    clock = ServerClock(away_at_first)
    running = asyncio.create_task(clock.run())
    try:
        await asyncio.wait_for(clock.known(), ASKED_EVERY)
        assert clock.now() >= two.server
    finally:
        running.cancel()


async def test_a_clock_that_runs_fast_is_followed(two: Two) -> None:
    await two.clock.sync()
    for _ in range(100):
        two.passes(5)
        two.server += timedelta(milliseconds=2)
        await two.clock.sync()
    assert abs(two.clock.now() - two.server) <= timedelta(milliseconds=2)
