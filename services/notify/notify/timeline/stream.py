"""The live stream: a case's public timeline by Server-Sent Events, for holders of its tracking code.

Whenever it is woken, a subscriber reads the lines after its last one from the database; so a reconnection loses
nothing, and waking too often does no harm. One change stream per process wakes them.
"""

import asyncio
import random
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import structlog

from linli.privacy.tracking import tracking_hash
from linli.storage import mongo
from linli.web.event_stream import no_place
from linli.web.problems import Problem, unknown_code
from notify import metrics
from notify.timeline.store import TimelineEntry, TimelineStore

log = structlog.get_logger()

NOBODY = "0" * 64
"""Looked up in place of what cannot be a code, so that every answer costs the same."""
RETRY_MS = 3_000
"""How long a browser waits before it comes back."""
MOST_PER_CASE = 20
"""Live streams of one submission: a family's, and no room for one code to take everybody's places."""


@dataclass(frozen=True)
class Pace:
    """How many streams there may be, and how long each lasts."""

    most: int = 1_000
    most_of_address: int = 50
    ping: float = 15.0
    """Seconds without news after which a line says that it is still there."""
    seconds: float = 3_600.0
    """After about so long a stream ends; a browser comes back by itself, with the last id that it has."""


@dataclass(eq=False)
class Follower:
    """One open stream's place. Whoever got it gives it back, whatever happens to the stream: `Streams.leave`."""

    case_id: str
    origin: str
    until: float
    news: asyncio.Event = field(default_factory=asyncio.Event)


class Streams:
    """All live streams of this process. `run` it as a background task, `close` it before connections are waited for."""

    def __init__(self, store: TimelineStore, pace: Pace) -> None:
        self._store, self._pace = store, pace
        self._waiting: dict[str, set[Follower]] = defaultdict(set)
        self._of: Counter[str] = Counter()
        self._somebody = asyncio.Event()
        self._closing = False
        self._open = 0

    async def join(self, code: str, origin: str) -> Follower:
        """A place on the stream of the case that a code opens. Raises 404, 429, 503."""
        self._check_room(origin)  # before the database is asked
        case_id = await self._store.case_of(tracking_hash(code) or NOBODY)
        if case_id is None:
            raise unknown_code("Nothing is known under this code. A new one is known after some seconds.")
        self._check_room(origin)  # others have come meanwhile; from here on nothing is waited for
        if len(self._waiting.get(case_id, ())) >= MOST_PER_CASE:
            raise Problem("too_many_streams", 503, "This submission is being followed too often.", retry_after=5)
        lasts = self._pace.seconds * random.uniform(0.9, 1.1)  # noqa: S311 - so that not all come back at once
        follower = Follower(case_id, origin, time.monotonic() + lasts)
        self._waiting[case_id].add(follower)
        self._of[origin] += 1
        self._somebody.set()
        self._count(+1)
        return follower

    def leave(self, follower: Follower) -> None:
        """Give the place back."""
        self._waiting[follower.case_id].discard(follower)
        if not self._waiting[follower.case_id]:
            del self._waiting[follower.case_id]
        self._of[follower.origin] -= 1
        if not self._of[follower.origin]:
            del self._of[follower.origin]
        self._count(-1)
        if not self._waiting:
            self._somebody.clear()

    async def follow(self, follower: Follower, last: int) -> AsyncIterator[bytes]:
        """The lines after the sequence `last`, then those that come.

        Until nobody reads, its time is over, the process ends, or the code opens nothing any more: the case was erased.
        """
        yield f"retry: {RETRY_MS}\n\n".encode()
        while not self._closing:
            follower.news.clear()
            try:
                if not await self._store.is_open(follower.case_id):
                    return  # a browser that comes back is told so
                entries = await self._store.timeline(follower.case_id, last)
            except Exception as error:
                if not mongo.is_outage(error):
                    raise
                return  # the browser comes back, with the last id that it has
            for entry in entries:
                yield _written(entry)
                last = entry.sequence
            if time.monotonic() >= follower.until:  # after a look, however late it came: who comes back gets on
                return
            if not entries and not await self._news(follower):
                yield b": ping\n\n"

    def close(self) -> None:
        """End every stream, now; none is opened any more."""
        self._closing = True
        self._wake_all()

    async def run(self) -> None:
        """Wake who waits for a case when there is news of it. Listens only while somebody waits."""
        while True:
            await self._somebody.wait()
            try:
                async with self._store.changes() as next_case:
                    await next_case()  # the first call begins to listen
                    self._wake_all()  # for what came before
                    while self._waiting:
                        for follower in self._waiting.get(await next_case() or "", ()):
                            follower.news.set()
            except Exception as error:
                if not mongo.is_outage(error):
                    raise
                log.warning("mongodb_away", error=type(error).__name__)
                await asyncio.sleep(0.5)

    def _check_room(self, origin: str) -> None:
        """Raises 429 for an address at its limit, 503 when all places are taken."""
        if self._closing or self._open >= self._pace.most:
            raise no_place(of_address=False)
        if self._pace.most_of_address and self._of[origin] >= self._pace.most_of_address:
            raise no_place(of_address=True)

    async def _news(self, follower: Follower) -> bool:
        try:
            async with asyncio.timeout(min(self._pace.ping, max(0.0, follower.until - time.monotonic()))):
                await follower.news.wait()
        except TimeoutError:
            return False
        return True

    def _count(self, change: int) -> None:
        self._open += change
        metrics.STREAMS.set(self._open)

    def _wake_all(self) -> None:
        for waiting in self._waiting.values():
            for follower in waiting:
                follower.news.set()


def _written(entry: TimelineEntry) -> bytes:
    """One event: its id is the sequence, so `Last-Event-ID` says what was seen."""
    return f"id: {entry.sequence}\nevent: {entry.step.type}\ndata: {entry.step.model_dump_json()}\n\n".encode()
