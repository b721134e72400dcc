"""Who listens is told that something has changed: once, however often it did, and never more than it can hold."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from linli.web.problems import Problem
from linli.web.signals import MOST_WAITING, Fanout, Listener, Pace, Signal, line

CASE, OUTAGE = Signal("case", "c1"), Signal("outage", "o1")
EVERYTHING = line("everything")


def by_digest(signal: Signal) -> str:
    return line(signal.kind, signal.digest)


def joined(streams: Fanout, seconds: float = 60.0, origin: str = "10.0.0.1") -> Listener:
    return streams.join(origin, by_digest, [EVERYTHING], seconds)


async def first_lines(streams: Fanout, listener: Listener, most: int) -> list[str]:
    lines: AsyncIterator[bytes] = streams.lines(listener)
    return [(await anext(lines)).decode() for _ in range(most)]


async def test_what_comes_several_times_before_it_is_read_is_told_once() -> None:
    streams = Fanout(Pace())
    listener = joined(streams)
    for signal in (CASE, OUTAGE, CASE, CASE):
        streams.tell(signal)
    assert (await first_lines(streams, listener, 3))[1:] == [by_digest(CASE), by_digest(OUTAGE)]
    assert not listener.waiting


async def test_who_does_not_read_is_told_that_everything_changed_and_holds_no_more() -> None:
    streams = Fanout(Pace())
    listener = joined(streams)
    for number in range(MOST_WAITING + 1):
        streams.tell(Signal("case", str(number)))
    assert list(listener.waiting) == [EVERYTHING]


async def test_who_joins_is_told_of_what_has_just_happened() -> None:
    streams = Fanout(Pace())
    streams.tell(CASE)
    assert list(joined(streams).waiting) == [by_digest(CASE)]


async def test_a_silent_stream_says_that_it_is_there_and_ends_in_time() -> None:
    streams = Fanout(Pace(ping=0.01))
    told = [each async for each in streams.lines(joined(streams, seconds=0.1))]
    assert told[1] == b": ping\n\n"


async def test_places_are_limited_and_given_back() -> None:
    streams = Fanout(Pace(most=2, most_of_address=1))
    first = joined(streams)
    with pytest.raises(Problem) as refused:
        joined(streams)
    assert refused.value.status == 429
    joined(streams, origin="10.0.0.2")
    with pytest.raises(Problem) as full:
        joined(streams, origin="10.0.0.3")
    assert full.value.status == 503
    streams.leave(first)
    streams.leave(first)
    assert joined(streams)


async def test_closing_ends_all_and_opens_none() -> None:
    streams = Fanout(Pace())
    listener = joined(streams)

    async def all_lines() -> int:
        return len([each async for each in streams.lines(listener)])

    reading = asyncio.create_task(all_lines())
    await asyncio.sleep(0)
    streams.close()
    assert await reading == 1
    with pytest.raises(Problem):
        joined(streams)


async def test_who_leaves_while_others_are_told_does_not_stop_the_telling() -> None:
    streams = Fanout(Pace())
    listeners: list[Listener] = []

    def leaves(signal: Signal) -> str:
        for each in (each for each in listeners if not each.waiting):
            streams.leave(each)  # as a finalizer does, whenever memory is gathered
        return by_digest(signal)

    listeners += [streams.join("10.0.0.1", leaves, [EVERYTHING], 60) for _ in range(3)]
    streams.tell(CASE)
    assert [list(each.waiting) for each in listeners] == [[by_digest(CASE)]] * 3
