"""Sessions in the database: found by the hash of what the cookie holds, their credential sealed with the cookie itself.

Whoever reads the database finds no key: the cookie is not in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.storage import mongo

SESSIONS = "sessions"


@dataclass(frozen=True, slots=True)
class Stored:
    """One session."""

    id: str
    """SHA-256 of the cookie's token."""
    principal: str
    role: str
    party: str | None
    form_token: str
    sealed: bytes
    """The credential, under a key made of the token."""
    began_at: datetime
    seen_at: datetime
    ends_at: datetime
    device: str
    """What the browser calls itself, shortened: to know one's sessions apart."""


class SessionStore:
    """The only part that speaks to the database."""

    def __init__(self, database: mongo.Database) -> None:
        self._sessions = database[SESSIONS]

    async def insert(self, session: Stored) -> None:
        await self._sessions.insert_one(_document(session))

    async def find(self, id: str, now: datetime) -> Stored | None:
        found = await self._sessions.find_one({"_id": id, "ends_at": {"$gt": now}})
        return _session(found) if found else None

    async def seen(self, id: str, now: datetime, ends_at: datetime) -> None:
        await self._sessions.update_one({"_id": id}, {"$set": {"seen_at": now, "ends_at": ends_at}})

    async def of(self, principal: str, now: datetime) -> Sequence[Stored]:
        """A person's, the newest first; 100 at most."""
        cursor = self._sessions.find({"principal": principal, "ends_at": {"$gt": now}}).sort("began_at", -1).limit(100)
        return [_session(each) async for each in cursor]

    async def end(self, principal: str, id: str) -> bool:
        """Whether it was there, and theirs."""
        return bool((await self._sessions.delete_one({"_id": id, "principal": principal})).deleted_count)

    async def end_others(self, principal: str, but: str) -> int:
        found = await self._sessions.delete_many({"principal": principal, "_id": {"$ne": but}})
        return found.deleted_count


def _document(session: Stored) -> mongo.Document:
    return {"_id": session.id} | {name: getattr(session, name) for name in Stored.__slots__ if name != "id"}


def _session(doc: mongo.Document) -> Stored:
    fields: dict[str, Any] = {name: doc[name] for name in Stored.__slots__ if name != "id"}
    return Stored(id=doc["_id"], **fields)
