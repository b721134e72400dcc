"""Costly things are done few at a time, and nobody takes all the turns."""

import asyncio

import pytest

from linli.web.problems import Problem
from linli.web.waiting_room import WaitingRoom


async def hold(turns: WaitingRoom, whose: str, over: asyncio.Event) -> None:
    async with turns.turn(whose):
        await over.wait()


async def refusal(turns: WaitingRoom, whose: str) -> int:
    with pytest.raises(Problem) as refused:
        async with turns.turn(whose):
            pass
    return refused.value.status


async def test_one_address_waits_for_itself_and_another_still_has_its_turn() -> None:
    turns, over = WaitingRoom(at_once=2, most=6, most_of_one=2), asyncio.Event()
    held = [asyncio.create_task(hold(turns, "a", over)) for _ in range(2)]
    await asyncio.sleep(0)
    assert await refusal(turns, "a") == 429
    other = asyncio.create_task(hold(turns, "b", over))
    await asyncio.sleep(0)
    assert not other.done()
    over.set()
    await asyncio.gather(*held, other)
    async with turns.turn("a"):
        pass


async def test_more_than_may_wait_are_turned_away_whoever_they_are() -> None:
    turns, over = WaitingRoom(at_once=1, most=3, most_of_one=1), asyncio.Event()
    held = [asyncio.create_task(hold(turns, whose, over)) for whose in "abc"]
    await asyncio.sleep(0)
    assert await refusal(turns, "d") == 503
    over.set()
    await asyncio.gather(*held)


async def test_who_goes_away_while_waiting_leaves_no_trace() -> None:
    turns, over = WaitingRoom(at_once=1, most=3, most_of_one=1), asyncio.Event()
    first, waits = asyncio.create_task(hold(turns, "a", over)), asyncio.create_task(hold(turns, "b", over))
    await asyncio.sleep(0)
    waits.cancel()
    over.set()
    await asyncio.gather(first, waits, return_exceptions=True)
    assert not turns._of
