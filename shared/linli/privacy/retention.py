"""How long each kind of data is kept, and the job that deletes what is older.

One process of a service does it, by lease, on the database server's clock: no jump of its own clock deletes anything.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from fastapi import APIRouter
from prometheus_client import Counter, Gauge

from linli.application.worker import repeatedly
from linli.contracts.base import Record
from linli.security.auth import needs
from linli.security.permissions import READ_RETENTION
from linli.storage import mongo
from linli.web.app import router

log = structlog.get_logger()

LEASE = 60
"""Seconds: when the process that does it is gone, another goes on after this."""
BATCH = 200
"""Documents that go at once: nobody else is to wait for the database because of it."""
LET_GO = Counter("linli_retention_let_go_total", "What went because its time was over", ["kind"])
LOOKED = Gauge("linli_retention_looked_timestamp_seconds", "When this process last looked at everything; 0: not yet")


class Unanswered(Exception):
    """Who has to be asked what may go does not answer: nothing of that kind goes this time."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of data: for how many days it is kept (0: for ever), and how what is older is found and goes."""

    kind: str
    days: int
    oldest: Callable[[], Awaitable[datetime | None]]
    """From when the oldest is that is there."""
    older: Callable[[datetime], Awaitable[int]]
    """How many are from before a time, whether or not they may go yet."""
    let_go: Callable[[datetime], AsyncIterator[int]]
    """Let go of what is from before a time and may go, in batches: how many went in each."""

    @property
    def span(self) -> timedelta:
        return timedelta(days=self.days)


class Retention:
    """A service's job. `run` it as a background task."""

    def __init__(self, database: mongo.Database, owner: str, every: float, kinds: Sequence[Kept]) -> None:
        self._database, self._owner, self._every, self._kinds = database, owner, every, kinds

    async def run(self) -> None:
        """Until cancelled; MongoDB may come and go."""
        await repeatedly("retention", self._look, self._every)

    async def _look(self) -> None:
        await self.look()

    async def look(self) -> int:
        """Let go of all that is due; how much went. Nothing when another process has the lease."""
        went, everything = 0, True
        for kept in self._kinds:
            if not kept.days:
                continue
            if not await self._mine():
                return went
            before = await mongo.server_time(self._database) - kept.span
            try:
                async for some in kept.let_go(before):
                    went += some
                    LET_GO.labels(kept.kind).inc(some)
                    if some:
                        log.info("let_go", kind=kept.kind, count=some, before=before.isoformat())
                    if not await self._mine():
                        return went
            except Unanswered as error:
                log.warning("retention_waits", kind=kept.kind, error=repr(error))
                everything = False
        if everything:  # else the alert is to see that something stays
            LOOKED.set_to_current_time()
        return went

    async def _mine(self) -> bool:
        return await mongo.lease(self._database, "retention", self._owner, seconds=LEASE)

    async def state(self) -> "RetentionState":
        """What is kept, since when, and when the next of it goes."""
        now = await mongo.server_time(self._database)
        return RetentionState(items=[await _state(kept, now) for kept in self._kinds])


class KindState(Record):
    """One kind of data, as it stands."""

    kind: str
    days: int
    """0: for ever."""
    oldest: datetime | None
    due_at: datetime | None
    """When the oldest goes, at the earliest: nothing goes while its case is open."""
    older: int
    """How many are older than that and still there: their cases are open, or the job has not come to them yet."""


class RetentionState(Record):
    """What a service keeps, and how long."""

    items: list[KindState]


async def _state(kept: Kept, now: datetime) -> KindState:
    oldest = await kept.oldest()
    return KindState(
        kind=kept.kind,
        days=kept.days,
        oldest=oldest,
        due_at=oldest + kept.span if oldest and kept.days else None,
        older=await kept.older(now - kept.span) if kept.days else 0,
    )


def retention_router(retention: Retention) -> APIRouter:
    """`GET /v1/retention`."""
    routes = router(prefix="/v1", tags=["personal data"])

    @routes.get("/retention", dependencies=[needs(READ_RETENTION)])
    async def state() -> RetentionState:
        """What is kept here, how long, and what is due to go."""
        return await retention.state()

    return routes


async def oldest_of(collection: mongo.Collection, query: mongo.Document, field: str) -> datetime | None:
    """The earliest time in a field among the documents of a query."""
    first = await collection.find_one(query, {field: 1}, sort=[(field, 1)])
    found: datetime | None = first[field] if first else None
    return found


def kept_since(
    kind: str, days: int, collection: mongo.Collection, field: str, only: mongo.Document | None = None
) -> Kept:
    """Documents that are kept for so long from a time that each has in a field, and then are deleted."""
    those = only or {}

    async def let_go(before: datetime) -> AsyncIterator[int]:
        query = those | {field: {"$lt": before}}
        while ids := [doc["_id"] for doc in await collection.find(query, {"_id": 1}).to_list(BATCH)]:
            yield (await collection.delete_many({"_id": {"$in": ids}})).deleted_count

    return Kept(
        kind,
        days,
        lambda: oldest_of(collection, those, field),
        lambda before: collection.count_documents(those | {field: {"$lt": before}}),
        let_go,
    )


def decided_parked(database: mongo.Database, days: int) -> Kept:
    """Parked records that somebody has decided on; those that wait stay."""
    return kept_since("parked", days, database.inbox_parked, "decided_at", {"state": {"$ne": "parked"}})


def audit_log(database: mongo.Database, days: int) -> Kept:
    """Entries of the audit log; this is the only way that one goes."""
    return kept_since("audit", days, database.audit, "at")
