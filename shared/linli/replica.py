"""The copy of another service's data that a service keeps: from a compacted topic, in its own database.

A record that cannot be read is parked. It holds nothing up: each is the whole of its subject, so a later one will do.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

import structlog

from linli import mongo, telemetry
from linli.contracts.base import Event
from linli.inbox_store import decide_parked, park, parked_arrival
from linli.kafka import KafkaUnavailable, follow
from linli.story import Arrival, Parking, read

log = structlog.get_logger()


P = TypeVar("P", bound=Event)
"""An event that carries the whole of its subject; its sequence is the version."""


class Replica(Generic[P]):
    """The newest version of each subject that has been heard of. On disk, so that a start needs no Kafka."""

    def __init__(
        self,
        database: mongo.Database,
        kept: str,
        bootstrap: str,
        topic: str,
        event: type[P],
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        """`kept` names the collection that the copy is in."""
        self._database, self._kept = database, database[kept]
        self._bootstrap, self._topic = bootstrap, topic
        self._event, self._changed = event, changed
        self._versions: dict[str, int] = {}
        self._newest: dict[str, P] = {}

    @property
    def group(self) -> str:
        """Names it among those that park records in the same database."""
        return f"{self._topic} (copy)"

    @property
    def newest(self) -> Mapping[str, P]:
        """By subject; empty before the first one has arrived."""
        return self._newest

    async def find(self, subject: str) -> P | None:
        """What is known of one subject."""
        return self._newest.get(subject)

    async def run(self) -> None:
        """Read the copy on disk, then follow the topic, until cancelled."""
        await self._load()
        while True:
            try:
                async for record in follow(self._bootstrap, self._topic):
                    arrival = read(record)
                    if arrival.fault is not None:
                        await self._park(arrival, arrival.fault.reason, arrival.fault.detail)
                    else:
                        await self._hear(arrival)
            except KafkaUnavailable as error:
                log.warning("kafka_away", error=repr(error))
            except Exception as error:
                if not mongo.is_outage(error):
                    raise
                log.warning("mongodb_away", error=repr(error))
            await asyncio.sleep(1)

    async def replay(self, parked_id: str, by: str) -> str:
        """Try a parked record again. Returns `replayed`, or why it stays. Raises LookupError."""
        arrival = await parked_arrival(self._database, parked_id)
        if arrival.fault is not None:
            return f"parked: {arrival.fault}"
        await self._hear(arrival)
        await decide_parked(self._database, parked_id, "replayed", by)
        return "replayed"

    async def discard(self, parked_id: str, by: str, why: str) -> None:
        """Give a parked record up. Raises LookupError."""
        await decide_parked(self._database, parked_id, "discarded", by, why=why)

    async def _park(self, arrival: Arrival, reason: str, detail: str) -> None:
        if await park(self._database, Parking(arrival, reason, detail), self.group):
            telemetry.PARKED_TOTAL.labels(self.group, reason).inc()
            log.error("parked", id=arrival.parked_id, reason=reason, detail=detail)

    async def _hear(self, arrival: Arrival) -> None:
        if arrival.event is not None and isinstance(arrival.event.data, self._event):
            await self._take(arrival.event.subject, arrival.event.sequence, arrival.event.data)

    async def _load(self) -> None:
        while True:
            try:
                documents = await self._kept.find({}).to_list(None)
                break
            except Exception as error:
                if not mongo.is_outage(error):
                    raise
                await asyncio.sleep(0.5)
        self._versions = {doc["_id"]: int(doc["version"]) for doc in documents}
        for doc in documents:
            self._newest[doc["_id"]] = self._event.model_validate_json(doc["published"])
        self._changed()

    async def _take(self, subject: str, version: int, published: P) -> None:
        if version <= self._versions.get(subject, 0):
            return
        document = {"version": version, "published": published.model_dump_json()}
        await self._kept.update_one({"_id": subject}, {"$set": document}, upsert=True)
        self._versions[subject], self._newest[subject] = version, published
        self._changed()
        log.info("received", type=published.TYPE, subject=subject, version=version)
