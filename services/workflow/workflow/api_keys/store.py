"""The API keys in workflow's database."""

from collections.abc import Sequence
from datetime import datetime

from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.contracts.workflow.key import KeyPublished
from linli.messaging.event_store import EventStore
from linli.messaging.outbox import Unsent
from linli.storage import mongo
from linli.storage.aggregates import Aggregates, Change
from workflow.api_keys.domain import ApiKey


class KeyStore:
    """Keys as they are kept: no key, but its hash."""

    def __init__(self, database: mongo.Database, events: EventStore) -> None:
        self._db = database
        self._keys = Aggregates(database.api_keys, events, _key, _document)

    async def key(self, id: str, session: mongo.Session | None = None) -> ApiKey | None:
        return (await self._keys.load([id], session)).get(id)

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

    async def save(
        self, changed: Sequence[tuple[ApiKey | None, ApiKey]], now: datetime, session: mongo.Session
    ) -> list[Unsent]:
        """Write keys, as they were and as they are now, each with the event that tells the other services."""
        return await self._keys.save([_change(before, after, now) for before, after in changed], now, session)


def _change(before: ApiKey | None, after: ApiKey, now: datetime) -> Change[ApiKey]:
    event = after.published
    envelope: Envelope[Event] = Envelope("linli/workflow", event.key_id, event.version, now, event.key_id, event)
    return Change(after, before.published.version if before else 0, [envelope])


def _document(key: ApiKey) -> mongo.Document:
    return {
        "_id": key.published.key_id,
        "version": key.published.version,
        "name": key.name,
        "last_four": key.last_four,
        "created_at": key.created_at,
        "by": key.created_by,
        "published": key.published.model_dump_json(),
    }


def _key(doc: mongo.Document) -> ApiKey:
    return ApiKey(
        name=doc["name"],
        last_four=doc["last_four"],
        created_at=doc["created_at"],
        created_by=doc["by"],
        published=KeyPublished.model_validate_json(doc["published"]),
    )
