"""The API keys in workflow's database."""

from collections.abc import Callable
from datetime import datetime

from linli.contracts.envelope import Envelope
from linli.contracts.workflow.key import KeyPublished
from linli.messaging.outbox import Unsent
from linli.storage import mongo
from workflow.api_keys.domain import ApiKey
from workflow.event_store import append


class KeyStore:
    """Keys as they are kept: no key, but its hash. `topic` makes a topic's full name of its short one."""

    def __init__(self, database: mongo.Database, topic: Callable[[str], str]) -> None:
        self._db, self._topic = database, topic

    async def key(self, id: str, session: mongo.Session | None = None) -> ApiKey | None:
        doc = await self._db.api_keys.find_one({"_id": id}, session=session)
        return _key(doc) if doc else None

    async def made_with(self, id: str, session: mongo.Session) -> list[ApiKey]:
        """The keys that were made with a key, and those that were made with these, and so on."""
        found: dict[str, ApiKey] = {}
        makers = [id]
        while makers:
            query = {"by": {"$in": [f"key:{maker}" for maker in makers]}, "_id": {"$nin": [id, *found]}}
            those = [_key(doc) for doc in await self._db.api_keys.find(query, session=session).to_list(None)]
            found |= {key.published.key_id: key for key in those}
            makers = [key.published.key_id for key in those]
        return list(found.values())

    async def still_makes(self, id: str, session: mongo.Session) -> bool:
        """Whether a key may make another now. Written to, so that it cannot be revoked beside this transaction."""
        doc = await self._db.api_keys.find_one_and_update({"_id": id}, {"$inc": {"made": 1}}, session=session)
        return doc is not None and _key(doc).published.revoked_at is None

    async def published(self, id: str) -> KeyPublished | None:
        """A key as the other services know it: here it is read from disk, so that what is revoked is so at once."""
        found = await self.key(id)
        return found.published if found else None

    async def all(self) -> list[ApiKey]:
        """Newest first."""
        cursor = self._db.api_keys.find({}).sort([("created_at", -1), ("_id", -1)])
        return [_key(doc) for doc in await cursor.to_list(None)]

    async def newest_events(self) -> list[str]:
        """The id of each key's newest event."""
        docs = self._db.api_keys.find({}, {"published": 1})
        return [f"{doc['_id']}:{KeyPublished.model_validate_json(doc['published']).version}" async for doc in docs]

    async def save(self, key: ApiKey, now: datetime, session: mongo.Session) -> list[Unsent]:
        """Write a key as it is now, with the event that tells the other services."""
        published = key.published
        document = {"name": key.name, "last_four": key.last_four, "created_at": key.created_at, "by": key.created_by}
        document["published"] = published.model_dump_json()
        await self._db.api_keys.replace_one({"_id": published.key_id}, document, upsert=True, session=session)
        envelope = Envelope("linli/workflow", published.key_id, published.version, now, published.key_id, published)
        return await append(self._db, self._topic, [envelope], now, session)


def _key(doc: mongo.Document) -> ApiKey:
    return ApiKey(
        name=doc["name"],
        last_four=doc["last_four"],
        created_at=doc["created_at"],
        created_by=doc["by"],
        published=KeyPublished.model_validate_json(doc["published"]),
    )
