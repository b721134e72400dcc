"""The live stream: a case's public timeline by Server-Sent Events, for who has its tracking code.

A subscriber reads the database after the last line that it was told, whenever it is woken; so nothing is lost between a
reconnection and the present, and waking once too often does no harm. One change stream per process does the waking.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator

import orjson
import structlog

from linli import mongo
from linli.errors import Problem, unknown_code
from linli.tracking import tracking_hash
from notify import metrics
from notify.store import NotifyStore, TimelineEntry

log = structlog.get_logger()

NOBODY = "0" * 64
"""Looked up in place of what cannot be a code, so that every answer costs the same."""
RETRY_MS = 3_000
"""How long a browser waits before it comes back."""
MOST_PER_CASE = 20
"""Live streams of one submission: a family's, and no room for one code to take everybody's places."""


class Streams:
    """All live streams of this process. `run` it as a background task, `close` it before connections are waited for."""

    def __init__(self, store: NotifyStore, limit: int, ping: float) -> None:
        self._store, self._limit, self._ping = store, limit, ping
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._somebody = asyncio.Event()
        self._closing = False
        self._open = 0

    async def case_of(self, code: str) -> str:
        """The case that a code opens. Raises 404, 503."""
        if self._open >= self._limit or self._closing:
            raise Problem("too_many_streams", 503, "Too many live streams are open; try again soon.", retry_after=5)
        case_id = await self._store.case_of(tracking_hash(code) or NOBODY)
        if case_id is None:
            raise unknown_code("Nothing is known under this code. A new one is known after some seconds.")
        if len(self._waiting.get(case_id, ())) >= MOST_PER_CASE:
            raise Problem("too_many_streams", 503, "This submission is being followed too often.", retry_after=5)
        return case_id

    async def follow(self, case_id: str, last: int) -> AsyncIterator[bytes]:
        """The lines after the sequence `last`, then those that come.

        Until nobody reads, the process ends, or the case's code opens nothing any more, because it was erased.
        """
        news = asyncio.Event()
        self._join(case_id, news)
        try:
            yield f"retry: {RETRY_MS}\n\n".encode()
            while not self._closing:
                news.clear()
                try:
                    if not await self._store.is_open(case_id):
                        return  # a browser that comes back is told so
                    entries = await self._store.timeline(case_id, last)
                except Exception as error:
                    if not mongo.is_outage(error):
                        raise
                    return  # the browser comes back, with the last id that it has
                for entry in entries:
                    yield _written(entry)
                    last = entry.sequence
                if not entries and not await self._news(news):
                    yield b": ping\n\n"
        finally:
            self._leave(case_id, news)

    def close(self) -> None:
        """End every stream, now; none is opened any more."""
        self._closing = True
        self._wake_all()

    async def run(self) -> None:
        """Wake who waits for a case when there is news of it. Listens only while somebody waits."""
        while True:
            await self._somebody.wait()
            try:
                async with self._store.told() as next_case:
                    await next_case()  # the first call begins to listen
                    self._wake_all()  # for what came before
                    while self._waiting:
                        for news in self._waiting.get(await next_case() or "", ()):
                            news.set()
            except Exception as error:
                if not mongo.is_outage(error):
                    raise
                log.warning("mongodb_away", error=type(error).__name__)
                await asyncio.sleep(0.5)

    async def _news(self, news: asyncio.Event) -> bool:
        try:
            async with asyncio.timeout(self._ping):
                await news.wait()
        except TimeoutError:
            return False
        return True

    def _join(self, case_id: str, news: asyncio.Event) -> None:
        self._waiting[case_id].add(news)
        self._somebody.set()
        self._open += 1
        metrics.STREAMS.set(self._open)

    def _leave(self, case_id: str, news: asyncio.Event) -> None:
        self._waiting[case_id].discard(news)
        if not self._waiting[case_id]:
            del self._waiting[case_id]
        self._open -= 1
        metrics.STREAMS.set(self._open)
        if not self._waiting:
            self._somebody.clear()

    def _wake_all(self) -> None:
        for waiting in self._waiting.values():
            for news in waiting:
                news.set()


def _written(entry: TimelineEntry) -> bytes:
    """One event: its id is the sequence, so `Last-Event-ID` says what was seen."""
    data = orjson.dumps(dict(entry.entry), option=orjson.OPT_UTC_Z).decode()
    return f"id: {entry.sequence}\nevent: {entry.entry['type']}\ndata: {data}\n\n".encode()
