"""The copy of the communities' data that intake and notify keep, from the compacted topic, in their own database."""

import asyncio
from collections.abc import Callable, Iterable

import structlog

from linli import mongo
from linli.contracts.community import Community, CommunityPublished
from linli.kafka import KafkaUnavailable, follow
from linli.story import read

log = structlog.get_logger()


class CommunityReplica:
    """The newest version of each community that has been heard of. On disk, so that a start needs no Kafka."""

    def __init__(self, database: mongo.Database, bootstrap: str, topic: str, changed: Callable[[], None]) -> None:
        self._database, self._bootstrap, self._topic, self._changed = database, bootstrap, topic, changed
        self._versions: dict[str, int] = {}
        self._communities: dict[str, Community] = {}

    @property
    def communities(self) -> dict[str, Community]:
        """By id; empty before the first one has arrived."""
        return self._communities

    async def run(self) -> None:
        """Read the copy on disk, then follow the topic, until cancelled."""
        await self._load()
        while True:
            try:
                async for record in follow(self._bootstrap, self._topic):
                    arrival = read(record)
                    if arrival.event is None:
                        log.error("community_unreadable", id=arrival.parked_id, fault=str(arrival.fault))
                    elif isinstance(arrival.event.data, CommunityPublished):
                        await self._take(arrival.event.data)
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
                documents = await self._database.communities.find({}).to_list(None)
                break
            except Exception as error:
                if not mongo.is_outage(error):
                    raise
                await asyncio.sleep(0.5)
        self._keep(CommunityPublished.model_validate_json(doc["published"]) for doc in documents)

    async def _take(self, published: CommunityPublished) -> None:
        name = published.community.id
        if published.version <= self._versions.get(name, 0):
            return
        document = {"version": published.version, "published": published.model_dump_json()}
        await self._database.communities.update_one({"_id": name}, {"$set": document}, upsert=True)
        self._keep([published])
        log.info("community_received", community=name, version=published.version)

    def _keep(self, versions: Iterable[CommunityPublished]) -> None:
        for published in versions:
            self._versions[published.community.id] = published.version
            self._communities[published.community.id] = published.community
        self._changed()
