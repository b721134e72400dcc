"""Sign-ins under way in the database: found by the hash of their state, sealed with the cookie of their browser."""

from dataclasses import dataclass
from datetime import datetime

from linli.storage import mongo

UNDER_WAY = "sign_ins_under_way"


@dataclass(frozen=True, slots=True)
class UnderWay:
    """One sign-in."""

    id: str
    """SHA-256 of its state."""
    browser: str
    """SHA-256 of what the browser's cookie holds."""
    sealed: bytes
    ends_at: datetime


class UnderWayStore:
    """The only part that speaks to the database."""

    def __init__(self, database: mongo.Database) -> None:
        self._under_way = database[UNDER_WAY]

    async def insert(self, one: UnderWay) -> None:
        others = {name: getattr(one, name) for name in UnderWay.__slots__ if name != "id"}
        await self._under_way.insert_one({"_id": one.id} | others)

    async def take(self, id: str, browser: str, now: datetime) -> UnderWay | None:
        """It, and it is gone: a state comes back once."""
        found = await self._under_way.find_one_and_delete({"_id": id, "browser": browser, "ends_at": {"$gt": now}})
        return UnderWay(id=found.pop("_id"), **found) if found else None
