"""Sessions and their cookies in the database. A cookie opens the session's key, which opens the credential.

So a session has one credential, however often its cookie is exchanged; and whoever reads the database finds no key,
for no cookie is in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

from linli.storage import mongo

SESSIONS, COOKIES = "sessions", "cookies"


@dataclass(frozen=True, slots=True)
class Stored:
    """One session."""

    id: str
    """At random; it opens nothing."""
    principal: str
    role: str
    party: str | None
    form_token: str
    sealed: bytes
    """The credential, under the session's key."""
    began_at: datetime
    seen_at: datetime
    ends_at: datetime
    device: str
    """What the browser calls itself, shortened: to know one's sessions apart."""
    renewing_until: datetime | None = None
    """Until then one process is asking the issuer for new tokens, and no other."""


@dataclass(frozen=True, slots=True)
class Cookie:
    """One cookie of a session."""

    id: str
    """SHA-256 of its token."""
    session: str
    wrapped: bytes
    """The session's key, under one made of the token."""
    turns_at: datetime
    """When another is given in its place."""
    ends_at: datetime
    follows: str | None = None
    """The one before, until this one is seen for the first time."""


class SessionStore:
    """Sessions."""

    def __init__(self, database: mongo.Database) -> None:
        self._sessions = database[SESSIONS]

    async def insert(self, session: Stored) -> None:
        await self._sessions.insert_one(_document(session))

    async def find(self, id: str, now: datetime) -> Stored | None:
        return _read(Stored, await self._sessions.find_one({"_id": id, "ends_at": {"$gt": now}}))

    async def seen(self, id: str, now: datetime, ends_at: datetime) -> None:
        await self._sessions.update_one({"_id": id}, {"$set": {"seen_at": now, "ends_at": ends_at}})

    async def of(self, principal: str, now: datetime) -> Sequence[Stored]:
        """A person's, the newest first; 100 at most."""
        cursor = self._sessions.find({"principal": principal, "ends_at": {"$gt": now}}).sort("began_at", -1).limit(100)
        return [found async for each in cursor if (found := _read(Stored, each))]

    async def end(self, principal: str, id: str) -> bool:
        """Whether it was there, and theirs."""
        return bool((await self._sessions.delete_one({"_id": id, "principal": principal})).deleted_count)

    async def end_others(self, principal: str, but: str) -> Sequence[str]:
        """Ids of those that were there."""
        others = {"principal": principal, "_id": {"$ne": but}}
        found = [each["_id"] async for each in self._sessions.find(others, {"_id": 1})]
        await self._sessions.delete_many(others)
        return found

    async def end_beyond(self, principal: str, most: int) -> Sequence[str]:
        """End a person's oldest, so that so many are left; ids of those that ended."""
        cursor = self._sessions.find({"principal": principal}, {"_id": 1}).sort("began_at", -1).skip(most).limit(100)
        if too_many := [each["_id"] async for each in cursor]:
            await self._sessions.delete_many({"principal": principal, "_id": {"$in": too_many}})
        return too_many

    async def claim_renewal(self, session: Stored, now: datetime, until: datetime) -> bool:
        """Whether this process, and no other, is to ask for new tokens; False also where there are newer ones."""
        free = {"$or": [{"renewing_until": None}, {"renewing_until": {"$lte": now}}]}
        found = await self._sessions.update_one(
            {"_id": session.id, "sealed": session.sealed} | free, {"$set": {"renewing_until": until}}
        )
        return bool(found.modified_count)

    async def renewed(self, id: str, sealed: bytes) -> None:
        await self._sessions.update_one({"_id": id}, {"$set": {"sealed": sealed, "renewing_until": None}})


class CookieStore:
    """Cookies."""

    def __init__(self, database: mongo.Database) -> None:
        self._cookies = database[COOKIES]

    async def insert(self, cookie: Cookie) -> None:
        await self._cookies.insert_one(_document(cookie))

    async def opens(self, id: str, now: datetime) -> tuple[Cookie | None, Stored | None]:
        """A cookie with its session, as far as they have not ended: in one look, for every page begins with it."""
        look = {"from": SESSIONS, "localField": "session", "foreignField": "_id", "as": "opens"}
        found = self._cookies.aggregate([{"$match": {"_id": id, "ends_at": {"$gt": now}}}, {"$lookup": look}])
        for doc in await found.to_list(1):
            session = next((_read(Stored, each) for each in doc["opens"] if each["ends_at"] > now), None)
            return _read(Cookie, doc), session
        return None, None

    async def claim_turn(self, id: str, turns_at: datetime, again_at: datetime) -> bool:
        """Whether this request, and no other, is to give the next cookie; `again_at`: when it is tried anew."""
        found = await self._cookies.update_one({"_id": id, "turns_at": turns_at}, {"$set": {"turns_at": again_at}})
        return bool(found.modified_count)

    async def end_of(self, sessions: Sequence[str]) -> None:
        """All cookies of sessions that have ended."""
        if sessions:
            await self._cookies.delete_many({"session": {"$in": sessions}})

    async def settle(self, id: str, follows: str, until: datetime) -> None:
        """The browser has the new cookie: the one before ends."""
        await self._cookies.update_one({"_id": follows}, {"$set": {"turns_at": until, "ends_at": until}})
        await self._cookies.update_one({"_id": id}, {"$set": {"follows": None}})


T = TypeVar("T", Stored, Cookie)


def _document(those: Stored | Cookie) -> mongo.Document:
    return {"_id": those.id} | {each.name: getattr(those, each.name) for each in fields(those) if each.name != "id"}


def _read(kind: type[T], found: mongo.Document | None) -> T | None:
    if found is None:
        return None
    values: dict[str, Any] = {each.name: found[each.name] for each in fields(kind) if each.name != "id"}
    return kind(id=found["_id"], **values)
