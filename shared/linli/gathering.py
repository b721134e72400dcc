"""Many questions to somebody else, few of them on their way at the same time: others are at work there too."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")
AT_ONCE = 6


async def few_at_once(ask: Callable[[A], Awaitable[B]], of: Iterable[A], at_once: int = AT_ONCE) -> list[B]:
    """What each comes to, in order. Where one raises, those that are not over are given up."""
    room = asyncio.Semaphore(at_once)

    async def one(each: A) -> B:
        async with room:
            return await ask(each)

    asked = [asyncio.ensure_future(one(each)) for each in of]
    try:
        return list(await asyncio.gather(*asked))
    finally:
        for each in asked:
            each.cancel()
