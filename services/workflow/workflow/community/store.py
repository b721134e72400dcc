"""The communities' data in workflow's database: every version, and which one is in force."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.contracts.envelope import Envelope
from linli.contracts.workflow.community import Community, CommunityPublished
from linli.messaging.event_store import EventStore
from linli.messaging.outbox import Unsent
from linli.storage import mongo
from linli.storage.aggregates import Aggregates, Change
from linli.storage.clock import Now
from workflow.community.domain.directory import Directory

KEPT = 50
"""Directories that a process keeps made: one for each community and version that is asked for."""


@dataclass(frozen=True, slots=True)
class Head:
    """Which version of a community is in force."""

    id: str
    version: int
    name: str
    retired_at: datetime | None


class CommunityStore:
    """Communities and their versions."""

    def __init__(self, database: mongo.Database, events: EventStore, now: Now) -> None:
        self._db, self.now = database, now
        self._heads = Aggregates(database.communities, events, _head, _document)
        self._directories: dict[tuple[str, int], Directory] = {}

    async def directories(self, session: mongo.Session | None = None) -> dict[str, Directory]:
        """The newest version of each community; only a version that is new to this process is read whole."""
        heads = await self._db.communities.find({}, {"version": 1}, session=session).to_list(None)
        return {head["_id"]: await self._directory(head["_id"], head["version"], session) for head in heads}

    async def directory(self, id: str, version: int | None = None) -> Directory | None:
        """One version of a community, the newest unless said."""
        if version is None:
            head = await self._db.communities.find_one({"_id": id}, {"version": 1})
            if head is None:
                return None
            version = int(head["version"])
        try:
            return await self._directory(id, version, None)
        except LookupError:
            return None

    async def _directory(self, id: str, version: int, session: mongo.Session | None) -> Directory:
        known = self._directories.get((id, version))
        if known is None:
            doc = await self._db.community_versions.find_one({"_id": f"{id}:{version}"}, session=session)
            if doc is None:
                raise LookupError(f"{id}:{version}")
            known = self._directories[id, version] = Directory(Community.model_validate_json(doc["data"]), version)
            while len(self._directories) > KEPT:
                self._directories.pop(next(iter(self._directories)))
        return known

    async def publish(self, community: Community, now: datetime, session: mongo.Session) -> tuple[int, list[Unsent]]:
        """Store a community as its next version, unless it is what there is. Returns the version in force."""
        data = community.model_dump_json()
        head = (await self._heads.load([community.id], session)).get(community.id)
        before = head.version if head else 0
        if head:
            present = await self._db.community_versions.find_one({"_id": f"{community.id}:{before}"}, session=session)
            if present and present["data"] == data:
                return before, []
        version = before + 1
        name = f"{community.id}:{version}"
        await self._db.community_versions.insert_one({"_id": name, "data": data, "at": now}, session=session)
        envelope = Envelope(
            source="linli/workflow",
            subject=community.id,
            sequence=version,
            time=now,
            correlationid=community.id,
            data=CommunityPublished(version=version, community=community),
        )
        after = Head(community.id, version, community.name, community.retired_at)
        return version, await self._heads.save([Change(after, before, [envelope])], now, session)

    async def versions(self, id: str, before: int, limit: int) -> list[dict[str, Any]]:
        """`{version, at}` of those below a number, the newest first."""
        ids = [f"{id}:{version}" for version in range(before - 1, max(0, before - 1 - limit), -1)]
        found = await self._db.community_versions.find({"_id": {"$in": ids}}, {"at": 1}).to_list(None)
        at = {doc["_id"]: doc["at"] for doc in found}
        return [{"version": int(name.rpartition(":")[2]), "at": at[name]} for name in ids if name in at]

    async def newest_events(self) -> list[str]:
        """The id of each community's newest event."""
        return [f"{doc['_id']}:{doc['version']}" async for doc in self._db.communities.find({}, {"version": 1})]

    async def heads(self) -> list[dict[str, Any]]:
        """`{id, name, version, retired_at}` of each community."""
        heads = await self._db.communities.find({}).sort("_id", 1).to_list(None)
        return [
            {"id": doc["_id"], "retired_at": doc.get("retired_at")} | {name: doc[name] for name in ("name", "version")}
            for doc in heads
        ]


def _head(doc: mongo.Document) -> Head:
    return Head(doc["_id"], int(doc["version"]), doc["name"], doc.get("retired_at"))


def _document(head: Head) -> mongo.Document:
    return {"_id": head.id, "version": head.version, "name": head.name, "retired_at": head.retired_at}
