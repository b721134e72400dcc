"""A service's copy of another service's data: from a compacted topic, in its own database.

A record that cannot be read or applied is parked. It blocks nothing: each record is complete, so a later one replaces
it.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import aclosing
from typing import Generic, TypeVar, cast

import structlog

from linli.application import telemetry
from linli.application.worker import until_done
from linli.contracts.base import Event
from linli.contracts.envelope import Envelope, Unreadable
from linli.messaging.connection import Cluster
from linli.messaging.inbox_store import decide_parked, park, parked_arrival
from linli.messaging.kafka import KafkaUnavailable, Received, follow
from linli.messaging.seals import HEADER, Seals
from linli.messaging.story import Arrival, Parking, read
from linli.storage import mongo
from linli.storage.clock import NotKnownYet
from linli.tracing.under import UNDER

log = structlog.get_logger()


P = TypeVar("P", bound=Event)
"""An event that carries the whole of its subject; its sequence is the version."""


class Replica(Generic[P]):
    """The newest known version of each subject. On disk, so that a start needs no Kafka."""

    def __init__(
        self,
        database: mongo.Database,
        kept: str,
        kafka: Cluster,
        topic: str,
        event: type[P],
        seals: Seals,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        """`kept` names the collection that the copy is in."""
        self._database, self._kept = database, database[kept]
        self._kafka, self._topic = kafka, topic
        self._event, self._seals, self._changed = event, seals, changed
        self._versions: dict[str, int] = {}
        self._newest: dict[str, P] = {}
        self._loaded = False

    @property
    def topic(self) -> str:
        """What it follows."""
        return self._topic

    @property
    def group(self) -> str:
        """Names it among those that park records in the same database."""
        return f"{self._topic} (copy)"

    @property
    def newest(self) -> Mapping[str, P]:
        """By subject; empty before the first one has arrived."""
        return self._newest

    async def find(self, subject: str) -> P | None:
        """What is known of one subject. Raises `NotKnownYet` while the copy on disk is still to be read: to a process
        that has just begun, what it does not know may well be there."""
        if not self._loaded:
            raise NotKnownYet("the copy has not been read yet")
        return self._newest.get(subject)

    async def run(self) -> None:
        """Read the copy on disk, then follow the topic, until cancelled."""
        await self._seals.load(self._database)
        await self._load()
        while True:
            try:
                async with aclosing(follow(self._kafka, self._topic)) as records:
                    async for record in records:
                        await self._hear(record)
                        telemetry.HEARD.labels(self._topic).inc()
            except KafkaUnavailable as error:
                log.warning("kafka_away", error=repr(error))
            except Exception as error:
                if not mongo.is_outage(error):
                    raise
                log.warning("mongodb_away", error=repr(error))
            await asyncio.sleep(0.3)

    async def replay(self, parked_id: str, by: str) -> str:
        """Try a parked record again. Returns `replayed`, or why it stays. Raises LookupError."""
        arrival = await parked_arrival(self._database, parked_id)
        if not arrival.authentic:
            arrival = self._seals.read(arrival.record, self._event.SOURCE)
        try:
            if arrival.event is None:
                raise arrival.fault or Unreadable("unreadable", "")
            await self._take(self._expected(arrival.event))
        except Unreadable as fault:
            return f"parked: {fault}"
        await decide_parked(self._database, parked_id, "replayed", by)
        return "replayed"

    async def discard(self, parked_id: str, by: str, why: str) -> None:
        """Give a parked record up. Raises LookupError."""
        await decide_parked(self._database, parked_id, "discarded", by, why=why)

    async def _hear(self, record: Received) -> None:
        """Take a record in, or park it. Raises only when MongoDB is away."""
        arrival = self._seals.read(record, self._event.SOURCE)
        fault = arrival.fault
        if not arrival.authentic and self._is_known(arrival):
            return
        try:
            if arrival.event is not None:
                await self._take(self._expected(arrival.event))
        except Unreadable as unexpected:
            fault = unexpected
        except Exception as error:
            if mongo.is_outage(error):
                raise
            log.exception("record_failed", group=self.group, id=arrival.parked_id)
            fault = Unreadable("handler_failed", type(error).__name__)
        if fault is not None and await park(self._database, Parking(arrival, fault.reason, fault.detail), self.group):
            telemetry.PARKED_TOTAL.labels(self.group, fault.reason).inc()
            log.error("parked", id=arrival.parked_id, reason=fault.reason, detail=fault.detail)

    def _expected(self, event: Envelope[Event]) -> Envelope[P]:
        """The event, where it is of the kind that this topic is for. Raises `Unreadable`."""
        if not isinstance(event.data, self._event):
            raise Unreadable("unexpected_type", f"{event.type} does not belong on {self._topic}")
        return cast(Envelope[P], event)

    def _is_known(self, unsealed: Arrival) -> bool:
        """Whether a record without a seal is older than seals, and its event is known or will be sent again.

        Such records stay on the topic until Kafka compacts it. They count for nothing, and nobody need look at them.
        """
        event = read(unsealed.record, unsealed.writer).event
        if event is None or HEADER in dict(unsealed.record.headers):
            return False
        known = self._versions.get(event.subject, 0)
        repeats = event.sequence < known or (event.sequence == known and event.data == self._newest.get(event.subject))
        return repeats or self._seals.in_grace

    async def _on_disk(self) -> list[mongo.Document]:
        return await self._kept.find({}).to_list(None)

    async def _load(self) -> None:
        for doc in await until_done("copy", self._on_disk):
            try:
                self._newest[doc["_id"]] = self._event.model_validate_json(doc["published"])
            except ValueError:  # of another version of Linli; the topic has it too, and it is parked from there
                log.error("copy_unreadable", group=self.group, id=doc["_id"])
            else:
                self._versions[doc["_id"]] = int(doc["version"])
        self._loaded = True
        self._changed()

    async def _take(self, event: Envelope[P]) -> None:
        """Keep it when it is newer than what is known. What a listener refuses is not kept, or no start would do."""
        subject, published = event.subject, event.data
        if event.sequence <= self._versions.get(subject, 0):
            return
        before, started = self._newest.get(subject), time.monotonic()
        self._newest[subject] = published
        try:
            self._changed()
            document = {"version": event.sequence, "published": published.model_dump_json()}
            await self._kept.update_one({"_id": subject}, {"$set": document}, upsert=True)
        except Exception:
            if before is None:
                del self._newest[subject]
            else:
                self._newest[subject] = before
            self._changed()
            raise
        self._versions[subject] = event.sequence
        if (under := UNDER.get()) is not None:
            under.recorder.processed([event], self.group, time.monotonic() - started)
        log.info("received", type=published.TYPE, subject=subject, version=event.sequence)


async def distrust(database: mongo.Database) -> bool:
    """Distrust copies from before there were seals; returns whether there were any.

    Keys are invalid until they are sent again. A community's data stay until then: without them nothing is accepted.
    """
    keys, communities = database.principals, database.communities
    copied = await communities.find_one({}) is not None or await keys.find_one({}) is not None
    await keys.delete_many({})
    await communities.update_many({}, {"$set": {"version": 0}})
    return copied
