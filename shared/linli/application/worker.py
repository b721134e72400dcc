"""The loop of every recurring background task: runs until cancelled, and survives outages of MongoDB."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from linli.storage import mongo

log = structlog.get_logger()

T = TypeVar("T")
PAUSE = 0.5
"""Seconds between two tries of what has to succeed once."""


async def repeatedly(
    name: str, work: Callable[[], Awaitable[bool | None]], every: float, away: Callable[[], None] = lambda: None
) -> None:
    """Repeat `work` every `every` seconds; at once if it returns that there is more.

    When MongoDB goes away that is logged once, as `<name>_waits`, and `away` is called, for figures that are unknown
    then. Whatever else `work` raises ends the task, and with it the process.
    """
    waits = False
    while True:
        more: bool | None = False
        try:
            more = await work()
            waits = False
        except Exception as error:
            if not mongo.is_outage(error):
                raise
            away()
            if not waits:
                log.warning(f"{name}_waits", error=repr(error))
            waits = True
        if not more:
            await asyncio.sleep(every)


async def until_done(name: str, work: Callable[[], Awaitable[T]]) -> T:
    """What `work` returns, as soon as MongoDB is there for it."""
    while True:
        try:
            return await work()
        except Exception as error:
            if not mongo.is_outage(error):
                raise
            log.warning(f"{name}_waits", error=repr(error))
        await asyncio.sleep(PAUSE)
