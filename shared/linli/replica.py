"""The copy of another service's data that a service keeps: from a compacted topic, in its own database."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

import structlog

from linli import mongo
from linli.contracts.base import Event
from linli.kafka import KafkaUnavailable, follow
from linli.story import read

log = structlog.get_logger()


P = TypeVar("P", bound=Event)
"""An event that carries the whole of its subject; its sequence is the version."""


class Replica(Generic[P]):
    """The newest version of each subject that has been heard of. On disk, so that a start needs no Kafka."""

    def __init__(
        self,
        kept: mongo.Collection,
        bootstrap: str,
        topic: str,
        event: type[P],
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._kept, self._bootstrap, self._topic = kept, bootstrap, topic
        self._event, self._changed = event, changed
        self._versions: dict[str, int] = {}
        self._newest: dict[str, P] = {}

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
                    if arrival.event is None:
                        log.error("replica_unreadable", id=arrival.parked_id, fault=str(arrival.fault))
                    elif isinstance(arrival.event.data, self._event):
                        await self._take(arrival.event.subject, arrival.event.sequence, arrival.event.data)
            except KafkaUnavailable as error:
                log.warning("kafka_away", error=repr(error))
            except Exception as error:
                if not mongo.is_outage(error):
                    raise
                log.warning("mongodb_away", error=repr(error))
            await asyncio.sleep(1)

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
