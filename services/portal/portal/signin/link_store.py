"""Sign-in links in the database, until they are used or over: found by the hash of the code, sealed with it."""

from dataclasses import dataclass
from datetime import datetime

from linli.storage import mongo

LINKS = "sign_in_links"


@dataclass(frozen=True, slots=True)
class Link:
    """One link that was not used."""

    id: str
    """SHA-256 of its code."""
    sealed: bytes
    """The key, under a key made of the code."""
    principal: str
    role: str
    party: str | None
    ends_at: datetime


class LinkStore:
    """The only part that speaks to the database."""

    def __init__(self, database: mongo.Database) -> None:
        self._links = database[LINKS]

    async def insert(self, link: Link) -> None:
        others = {name: getattr(link, name) for name in Link.__slots__ if name != "id"}
        await self._links.insert_one({"_id": link.id} | others)

    async def end_beyond(self, principal: str, most: int) -> None:
        """End those of a person that were made first, so that so many are left."""
        cursor = self._links.find({"principal": principal}, {"_id": 1}).sort("ends_at", -1).skip(most).limit(100)
        if too_many := [each["_id"] async for each in cursor]:
            await self._links.delete_many({"_id": {"$in": too_many}})

    async def find(self, id: str, now: datetime) -> Link | None:
        found = await self._links.find_one({"_id": id, "ends_at": {"$gt": now}})
        return Link(id=found.pop("_id"), **found) if found else None

    async def spend(self, id: str) -> bool:
        """Whether it was still there: of two presses one finds it."""
        return bool((await self._links.delete_one({"_id": id})).deleted_count)
