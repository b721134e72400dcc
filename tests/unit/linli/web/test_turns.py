"""Whoever sends much waits behind themselves."""

import asyncio
from contextlib import suppress

from linli.web.turns import Turns


async def worked(turns: Turns, order: list[str], whose: str, share: int = 1) -> None:
    async with turns.of(whose, share):
        order.append(whose)
        await asyncio.sleep(0)


async def test_each_name_has_its_turn_before_any_has_a_second_one() -> None:
    turns, order = Turns(1), list[str]()
    async with asyncio.TaskGroup() as group:
        for whose in ("many", "many", "many", "one", "other"):
            group.create_task(worked(turns, order, whose))
    assert order == ["many", "one", "other", "many", "many"]


async def test_no_name_has_two_turns_at_a_time() -> None:
    turns, order = Turns(3), list[str]()
    async with turns.of("hostile", 1):
        waiting = asyncio.create_task(worked(turns, order, "hostile"))
        await asyncio.wait_for(worked(turns, order, "good"), 1)
        assert order == ["good"]
    await waiting
    assert order == ["good", "hostile"]


async def test_a_large_share_is_not_overtaken_for_ever() -> None:
    turns, order = Turns(2), list[str]()
    async with asyncio.TaskGroup() as group, turns.of("small", 1):
        group.create_task(worked(turns, order, "large", 2))
        await asyncio.sleep(0)
        group.create_task(worked(turns, order, "later", 1))
        await asyncio.sleep(0)
        assert order == []
    assert order == ["large", "later"]


async def test_who_gives_up_leaves_the_queue_and_takes_nothing_with_it() -> None:
    turns, order = Turns(1), list[str]()
    async with turns.of("first", 1):
        waiting = [asyncio.create_task(worked(turns, order, whose)) for whose in ("gone", "gone", "stays")]
        await asyncio.sleep(0)
        for task in waiting[:2]:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        assert turns.waiting == 1
    await waiting[2]
    async with turns.of("gone", 1):
        assert turns.waiting == 0
    assert order == ["stays"]
