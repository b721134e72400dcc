"""Submissions at a steady rate, each sent when it is due, whether or not those before it are answered."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle

import orjson

from bench import material
from bench.poster import Connection

CONNECTIONS = 64
ANSWER_WITHIN = 30.0


@dataclass
class Sent:
    """What was sent so far. Times are `time.monotonic`."""

    due: dict[str, float] = field(default_factory=dict)
    """Submission id → when its request was due."""
    answered: dict[str, float] = field(default_factory=dict)
    asked: int = 0
    failures: int = 0
    """Requests without an answer, or with another than 201."""

    @property
    def unanswered(self) -> int:
        return self.asked - len(self.answered) - self.failures


async def send(
    url: str, rate: float, seconds: float, sent: Sent | None = None, enough: Callable[[], bool] = lambda: False
) -> Sent:
    """Send for so long, or until it is enough; returns when all is answered or has failed."""
    sent = sent or Sent()
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(await Connection(url).__aenter__())

    async def one(body: bytes, at: float) -> None:
        connection = await free.get()
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                status, answer = await connection.post(body)
        except (OSError, EOFError, TimeoutError):
            sent.failures += 1
            await connection.__aexit__()
            connection = await Connection(url).__aenter__()
        else:
            _note(sent, status, answer, at)
        free.put_nowait(connection)

    begun = time.monotonic()
    bodies = cycle([orjson.dumps(body) for body in material.bodies()])
    async with asyncio.TaskGroup() as tasks:
        for n in range(max(1, round(rate * seconds))):
            at = begun + n / rate
            await asyncio.sleep(max(0.0, at - time.monotonic()))
            if enough():
                break
            sent.asked += 1
            tasks.create_task(one(next(bodies), at))
    while not free.empty():
        await free.get_nowait().__aexit__()
    return sent


def _note(sent: Sent, status: int, answer: bytes, at: float) -> None:
    if status != 201:
        sent.failures += 1
        return
    id = orjson.loads(answer)["id"]
    sent.due[id], sent.answered[id] = at, time.monotonic()
