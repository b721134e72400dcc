"""Services run inside the test's own process, over real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import httpx2

from linli.application.service import Service

T = TypeVar("T")


PATIENCE = 120.0
"""Seconds for which an answer is waited for: no test fails on a clock, and a machine may do ten things at once."""


SOONEST, LATEST = 0.05, 0.3
"""Seconds between two questions: the longer something takes, the less it is kept from its work by being asked for."""


async def until(ask: Callable[[], Awaitable[T]], seconds: float = PATIENCE) -> T:
    """What `ask` answers as soon as it is true; fails with its last answer when the time is over."""
    answer, pause = await ask(), SOONEST
    try:
        async with asyncio.timeout(seconds):
            while not answer:
                await asyncio.sleep(pause)
                pause = min(LATEST, pause * 1.3)
                answer = await ask()
    except TimeoutError:
        raise AssertionError(f"not within {seconds} s; the last answer was {answer!r}") from None
    return answer


@asynccontextmanager
async def running(service: Service, migrate: Callable[[], Awaitable[object]]) -> AsyncIterator[httpx2.AsyncClient]:
    """Migrate, serve, wait until ready; a client for its address. Stops it as a signal would."""
    await migrate()
    serving = asyncio.create_task(service.run())
    try:
        async with httpx2.AsyncClient(base_url=f"http://{service.host}:{service.port}", timeout=20) as client:

            async def ready() -> bool:
                if serving.done():
                    raise AssertionError(f"{service.name} ended while it started: {serving.result()}")
                try:
                    return (await client.get("/readyz")).status_code == 200
                except httpx2.TransportError:
                    return False

            await until(ready)
            yield client
    finally:
        service.stop()
        await serving
