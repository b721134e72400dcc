"""What people send at a steady rate, each when it is due, whether or not those before it are answered; or as fast as
it goes."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from statistics import quantiles
from typing import TypeAlias

import orjson

from bench import material
from bench.poster import Connection

CONNECTIONS = 64
ANSWER_WITHIN = 30.0
IDLE = 2.0
"""Seconds after which a connection is not used again: a server ends it after five, and what is sent then is lost."""
Request: TypeAlias = tuple[str | None, bytes]
"""Where to, unless to the address itself; and what."""


@dataclass
class Sent:
    """What was sent so far. Times are `time.monotonic`."""

    due: dict[str, float] = field(default_factory=dict)
    """What came of a request, by its id or by where it was sent → when that was due."""
    answered: dict[str, float] = field(default_factory=dict)
    asked: int = 0
    failures: int = 0
    """Requests without an answer, or with another than 201."""

    @property
    def unanswered(self) -> int:
        return self.asked - len(self.answered) - self.failures

    @property
    def times(self) -> list[float]:
        """Seconds until each answer."""
        return [at - self.due[id] for id, at in self.answered.items()]

    @property
    def rate(self) -> float:
        """Answers a second, from the first request's being due to the last answer."""
        lasted = max(self.answered.values(), default=0.0) - min(self.due.values(), default=0.0)
        return len(self.answered) / lasted if lasted else 0.0

    def note(self, status: int, answer: bytes, at: float, path: str | None) -> None:
        """An answer to what was due at `at`."""
        if status != 201:
            self.failures += 1
            return
        id = path or orjson.loads(answer)["id"]
        self.due[id], self.answered[id] = at, time.monotonic()


def percentiles(times: Sequence[float]) -> tuple[float, float]:
    """Of some seconds, p50 and p99 in milliseconds."""
    cuts = quantiles(times, n=100) if len(times) > 1 else [*times, 0.0][:1] * 99
    return cuts[49] * 1e3, cuts[98] * 1e3


def submissions() -> Iterator[Request]:
    """The sample's, without end."""
    return ((None, body) for body in cycle([orjson.dumps(each) for each in material.bodies()]))


async def send(
    url: str,
    rate: float,
    seconds: float,
    sent: Sent | None = None,
    enough: Callable[[], bool] = lambda: False,
    requests: Iterator[Request] | None = None,
) -> Sent:
    """Send for so long, or until it is enough; returns when all is answered or has failed."""
    sent, requests = sent or Sent(), requests or submissions()
    pool, free = asyncio.Semaphore(CONNECTIONS), list[tuple[float, Connection]]()

    async def one(request: Request, at: float) -> None:
        async with pool:
            since, connection = free.pop() if free else (0.0, None)
            if connection is None or time.monotonic() - since > IDLE:
                connection = await Connection(url).__aenter__()
            connection = await _asked(url, connection, request, at, sent)
            free.append((time.monotonic(), connection))

    begun = time.monotonic()
    async with asyncio.TaskGroup() as tasks:
        for n in range(max(1, round(rate * seconds))):
            at = begun + n / rate
            await asyncio.sleep(max(0.0, at - time.monotonic()))
            if enough() or (request := next(requests, None)) is None:
                break
            sent.asked += 1
            tasks.create_task(one(request, at))
    for _, connection in free:
        await connection.__aexit__()
    return sent


async def hurry(url: str, requests: Iterator[Request], sent: Sent, seconds: float | None = None) -> Sent:
    """Every connection sends the next when the last is answered, for so long or until there is none."""
    over = time.monotonic() + seconds if seconds is not None else None

    async def one() -> None:
        connection = await Connection(url).__aenter__()
        while (over is None or time.monotonic() < over) and (request := next(requests, None)) is not None:
            sent.asked += 1
            connection = await _asked(url, connection, request, time.monotonic(), sent)
        await connection.__aexit__()

    async with asyncio.TaskGroup() as tasks:
        for _ in range(CONNECTIONS):
            tasks.create_task(one())
    return sent


async def _asked(url: str, connection: Connection, request: Request, at: float, sent: Sent) -> Connection:
    """The connection for the next one: a new one where this broke."""
    path, body = request
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            status, answer = await connection.post(body, path)
    except (OSError, EOFError, TimeoutError):
        sent.failures += 1
        await connection.__aexit__()
        return await Connection(url).__aenter__()
    sent.note(status, answer, at, path)
    return connection
