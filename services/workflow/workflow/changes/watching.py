"""Hears from the database that something of a story was written: each event is one insert (docs/adr/0007)."""

import asyncio
from typing import Any

import structlog

from linli.contracts.workflow.signalled import signalled
from linli.messaging.event_store import EVENTS
from linli.storage import mongo
from linli.web.signals import Fanout, Signal, digest_of

log = structlog.get_logger()

STAGES: list[dict[str, Any]] = [
    {"$match": {"operationType": "insert"}},
    {"$project": {"type": "$fullDocument.type", "subject": "$fullDocument.subject"}},
]


class Changes:
    """Tells all who listen in this process. `run` it as a background task."""

    def __init__(self, database: mongo.Database, streams: Fanout) -> None:
        self._events, self._streams = database[EVENTS], streams

    async def run(self) -> None:
        while True:
            await self._streams.somebody.wait()
            try:
                async with self._events.watch(STAGES, max_await_time_ms=1_000) as changes:
                    await changes.try_next()  # the first call begins to listen
                    self._streams.tell_all()  # for what came before
                    while self._streams.somebody.is_set():
                        if change := await changes.try_next():
                            self._tell(change["type"], change["subject"])
            except Exception as error:
                if not mongo.is_outage(error):
                    raise
                log.warning("mongodb_away", error=type(error).__name__)
                await asyncio.sleep(0.5)

    def _tell(self, type: str, subject: str) -> None:
        if kind := signalled(type):
            self._streams.tell(Signal(kind, digest_of(subject)))
