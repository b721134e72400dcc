"""The outbox: what is on disk and unsent gets to Kafka, at least once.

A document of an outbox collection holds `outgoing` (the message) and, until Kafka has acknowledged it, `unsent_since`.
The relay sends what its own process has just written (`offer`) without reading it back; a sweeper, single by a lease,
sends what a crash or an outage left behind.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog

from linli.application import telemetry
from linli.application.telemetry import MEASURED_EVERY
from linli.application.worker import repeatedly
from linli.contracts.base import Event, Scope
from linli.contracts.envelope import Envelope, encode
from linli.contracts.erasure import value_emptied
from linli.messaging.kafka import Outgoing, Publisher
from linli.messaging.seals import Seals
from linli.storage import mongo

log = structlog.get_logger()

HOT_LIMIT = 20_000
"""Messages that wait in memory at most; what comes above that the sweeper finds on disk."""
SWEEP_BATCH = 1_000
GATHERED_FOR = 0.01
"""Seconds in which what is offered gathers, to go together: sent one by one, an event costs as much as its request."""
MANY, GATHERED_UNDER_LOAD = 20, 0.04
"""After so many at once, what comes gathers for longer: each partition has a batch of its own, which costs as much."""
MARKED_EVERY = 0.2
"""Seconds: well below the time after which the sweeper takes what bears a mark for left behind."""
SWEEPER_LEASE = 30.0
CLOCKS_DIFFER = timedelta(seconds=10)
"""What is unsent since a time that is later than now by more than this was written by a clock that was wrong."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """A message with the id and the collection of the document that holds it."""

    id: str
    collection: str
    message: Outgoing


def outgoing(envelope: Envelope[Event], topic: str) -> Outgoing:
    """The message of an event for a topic (its full name)."""
    message = encode(envelope)
    return Outgoing(topic, envelope.subject, message.value, message.headers)


def fields(message: Outgoing, now: datetime) -> dict[str, Any]:
    """The outbox fields of a document; the value stays readable as text."""
    return {
        "outgoing": {
            "topic": message.topic,
            "key": message.key,
            "value": message.value.decode(),
            "headers": {name: value.decode() for name, value in message.headers.items()},
        },
        "unsent_since": now,
    }


def message_of(document: dict[str, Any]) -> Outgoing:
    """The message that an outbox document holds."""
    stored = document["outgoing"]
    headers = {name: value.encode() for name, value in stored["headers"].items()}
    return Outgoing(stored["topic"], stored["key"], stored["value"].encode(), headers)


def forgotten(document: dict[str, Any], scope: Scope = Scope.PERSON) -> str | None:
    """The value of an outbox document without what people wrote, for `outgoing.value`; None when it is so already."""
    stored = document["outgoing"]
    value = value_emptied(stored["headers"]["ce_type"], stored["value"].encode(), scope).decode()
    return value if value != stored["value"] else None


async def create_index(collection: mongo.Collection) -> None:
    """The index that the sweeper polls; it holds unsent documents only."""
    await collection.create_index("unsent_since", name="unsent", sparse=True)


async def resend(
    database: mongo.Database, collections: Sequence[str], since: datetime, until: datetime | None = None
) -> int:
    """Mark what happened from `since` on, and before `until`, as unsent again, for a Kafka that has lost it; how many.

    Times are taken to the whole second. The sweeper publishes them; readers drop what they have had.
    """
    unsent = {"$set": {"unsent_since": await mongo.server_time(database)}}
    marked = [await database[name].update_many(_sent(since, until), unsent) for name in collections]
    return sum(each.modified_count for each in marked)


async def count_sent(
    database: mongo.Database, collections: Sequence[str], since: datetime, until: datetime | None = None
) -> int:
    """How many `resend` would mark."""
    return sum([await database[name].count_documents(_sent(since, until)) for name in collections])


def _sent(since: datetime, until: datetime | None) -> dict[str, Any]:
    """What happened then and is marked as sent."""
    # The time is text in a header, RFC 3339 in UTC with or without fractions: its first 19 characters sort.
    span = {"$gte": _whole_second(since)} | ({"$lt": _whole_second(until)} if until else {})
    return {"outgoing.headers.ce_time": span, "unsent_since": {"$exists": False}}


def _whole_second(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


class Relay:
    """Sends the events of one database's outbox collections. `run` it as a background task.

    What Kafka has acknowledged is marked some time later, with more: where few come at once, marking each of them took
    as long as bringing it in.
    """

    def __init__(
        self,
        database: mongo.Database,
        collections: Sequence[str],
        publisher: Publisher,
        owner: str,
        sweep_after: float,
        seals: Seals,
    ) -> None:
        self._database, self._collections, self._publisher = database, tuple(collections), publisher
        self._seals = seals
        self._sweep_after, self._lease = sweep_after, mongo.Lease(database, "sweeper", owner, SWEEPER_LEASE)
        self._hot: list[Unsent] = []
        self._sent: list[Unsent] = []
        """Acknowledged, and not marked yet."""
        self._offered = asyncio.Event()

    def offer(self, unsent: Sequence[Unsent]) -> None:
        """Send soon what has just been committed. Takes no more than memory allows; the sweeper finds the rest."""
        self._hot.extend(unsent[: max(0, HOT_LIMIT - len(self._hot))])
        self._offered.set()

    async def run(self) -> None:
        """Send until cancelled. Kafka and MongoDB may come and go meanwhile."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._send_offered())
            tasks.create_task(repeatedly("marking", self._mark, MARKED_EVERY))
            tasks.create_task(repeatedly("sweep", self._sweep_leased, min(1.0, self._sweep_after)))
            away = partial(telemetry.forget, telemetry.UNSENT, telemetry.UNSENT_AGE)
            tasks.create_task(repeatedly("measuring", self._measure, MEASURED_EVERY, away))

    async def drain(self, seconds: float) -> None:
        """Send what has been offered, for a shutdown; what does not go in time stays on disk."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._hot:
                    batch, self._hot = self._hot, []
                    await self._send(batch, "hot")
                await self._mark()

    async def _send_offered(self) -> None:
        batch: Sequence[Unsent] = ()
        while True:
            await self._offered.wait()
            await asyncio.sleep(GATHERED_FOR if len(batch) < MANY else GATHERED_UNDER_LOAD)
            self._offered.clear()
            batch, self._hot = self._hot, []
            try:
                sent = not batch or await self._send(batch, "hot")
            except asyncio.CancelledError:
                self._hot = [*batch, *self._hot]  # `drain` sends it
                raise
            if not sent:
                await asyncio.sleep(0.5)  # Kafka is away: let the sweeper find these, do not spin

    async def _send(self, batch: Sequence[Unsent], way: str) -> bool:
        """Publish, and wait for all acknowledgements. Whether all went."""
        acknowledged = await self._publisher.publish([self._seals.sealed(unsent.message) for unsent in batch])
        sent = [unsent for unsent, ok in zip(batch, acknowledged, strict=True) if ok]
        failed = (unsent.message.topic for unsent, ok in zip(batch, acknowledged, strict=True) if not ok)
        for topic, count in Counter(failed).items():
            telemetry.PUBLISH_FAILED.labels(topic).inc(count)
        for topic, count in Counter(unsent.message.topic for unsent in sent).items():
            telemetry.PUBLISHED.labels(topic, way).inc(count)
        self._sent += sent
        return len(sent) == len(batch)

    async def _mark(self) -> None:
        """Unmark acknowledged events. If that fails the sweeper sends them again, and readers drop them."""
        sent, self._sent = self._sent, []
        try:
            for name in {unsent.collection for unsent in sent}:
                ids = [unsent.id for unsent in sent if unsent.collection == name]
                collection = self._database.get_collection(name, write_concern=mongo.AS_IT_COMES)
                await collection.update_many({"_id": {"$in": ids}}, {"$unset": {"unsent_since": ""}})
        except Exception as error:
            if not mongo.is_outage(error):
                raise
            log.warning("mark_failed", messages=len(sent), error=repr(error))

    async def _sweep_leased(self) -> bool:
        return await self._lease.held() and await self.sweep()

    async def sweep(self) -> bool:
        """Send one batch of leftover events, oldest first. Returns whether there may be more.

        Events from a clock that was ahead count as leftovers, or they would wait until that time.
        """
        now = await mongo.server_time(self._database)
        before, ahead = now - timedelta(seconds=self._sweep_after), now + CLOCKS_DIFFER
        left = {"$or": [{"unsent_since": {"$lt": before}}, {"unsent_since": {"$gt": ahead}}]}
        more = False
        for name in self._collections:
            cursor = self._database[name].find(left, {"outgoing": 1})
            documents = await cursor.sort("unsent_since", 1).limit(SWEEP_BATCH).to_list(None)
            if documents:
                log.info("sweeping", collection=name, messages=len(documents))
                batch = [Unsent(document["_id"], name, message_of(document)) for document in documents]
                more |= await self._send(batch, "swept") and len(documents) == SWEEP_BATCH
                await self._mark()
        return more

    async def _measure(self) -> None:
        """Unsent count and age for the metrics; the sparse index makes both cheap."""
        count, oldest = 0, None
        unsent = {"unsent_since": {"$exists": True}}
        for name in self._collections:
            collection = self._database[name]
            count += await collection.count_documents(unsent, hint="unsent")
            first = await collection.find_one(unsent, {"unsent_since": 1}, sort=[("unsent_since", 1)], hint="unsent")
            if first and (oldest is None or first["unsent_since"] < oldest):
                oldest = first["unsent_since"]
        telemetry.UNSENT.set(count)
        now = await mongo.server_time(self._database)
        telemetry.UNSENT_AGE.set((now - oldest).total_seconds() if oldest else 0)
