"""How a service lives and ends."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import FastAPI

from linli.application.service import Service

Work = Callable[[], Coroutine[Any, Any, None]]


def service(closed: list[str], **background: Work) -> Service:
    async def close() -> None:
        closed.append("closed")

    return Service("test", FastAPI(), "127.0.0.1", 0, background, close)


async def test_a_background_task_that_fails_ends_the_service_and_says_that_it_failed() -> None:
    async def fails() -> None:
        await asyncio.sleep(0)
        raise RuntimeError("broken")

    closed: list[str] = []
    assert await asyncio.wait_for(service(closed, relay=fails).run(), 10) is False
    assert closed == ["closed"]


async def test_a_service_that_is_asked_to_stop_ends_its_tasks_and_closes_last() -> None:
    closed: list[str] = []

    async def works() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            closed.append("task ended")

    one = service(closed, works=works)
    running = asyncio.create_task(one.run())
    await asyncio.sleep(0.3)
    one.stop()
    assert await asyncio.wait_for(running, 10) is True
    assert closed == ["task ended", "closed"]
