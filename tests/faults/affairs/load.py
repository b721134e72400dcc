"""Owners, households and a site's writers, each request until it has a clear answer.

What counts once is asked for in every way that it could come twice: the same request again with its key and without,
fifty at once, and by code and on paper at the same time.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from random import Random

from tests.faults.affairs.answering import Answering
from tests.faults.affairs.asking import Clients
from tests.faults.affairs.staging import Stage
from tests.faults.affairs.voting import Voting
from tests.faults.affairs.writing import Writing

VOTERS, HOUSEHOLDS, WRITERS = 3, 2, 2


class AffairsLoad:
    """Runs from when it is made until `stop`."""

    def __init__(self, stage: Stage, statuses: Counter[int], rng: Random, rate: float) -> None:
        """`rate` is in ballots, answers and records a second, if they are taken."""
        self._rng = rng
        self._over, self._going = asyncio.Event(), asyncio.Event()
        self._going.set()
        clients = Clients(stage, statuses)
        voting, answering = Voting(stage, clients, rng), Answering(stage, clients, rng)
        writing = [Writing(stage, clients, rng).one for _ in range(WRITERS)]
        workers = [voting.one] * VOTERS + [answering.one] * HOUSEHOLDS + writing
        self._pause = len(workers) / rate
        self._tasks = [asyncio.create_task(self._again_and_again(each)) for each in workers]

    async def stop(self) -> None:
        """Begin nothing more; what was begun is repeated until it is answered. Raises TimeoutError."""
        self._over.set()
        async with asyncio.timeout(90):
            await asyncio.gather(*self._tasks)

    @asynccontextmanager
    async def paused(self) -> AsyncIterator[None]:
        """For the block, nothing new is begun."""
        self._going.clear()
        try:
            yield
        finally:
            self._going.set()

    def abandon(self) -> None:
        for task in self._tasks:
            task.cancel()

    def failed(self) -> bool:
        """Whether something was answered that no client should ever see."""
        return any(task.done() and task.exception() for task in self._tasks)

    async def _again_and_again(self, work: Callable[[], Awaitable[None]]) -> None:
        await asyncio.sleep(self._rng.uniform(0, self._pause))
        while not self._over.is_set():
            await self._going.wait()
            begun = time.monotonic()
            await work()
            await asyncio.sleep(max(0.0, self._pause - (time.monotonic() - begun)))
