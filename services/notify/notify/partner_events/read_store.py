"""How far partners' programs have fetched, in notify's database. Not written down more than once a minute."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.storage import mongo
from linli.storage.clock import Now

READS = "partner_reads"
WRITTEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Read:
    """The last time that a partner's program fetched, and with which cursor: all up to it has arrived there."""

    cursor: int
    at: datetime


class ReadStore:
    """The last fetch of each partner. Beside `partner_feeds`, which each batch that is read writes to."""

    def __init__(self, database: mongo.Database, now: Now) -> None:
        self._reads, self._now = database[READS], now
        self._written: dict[str, datetime] = {}
        """When this process wrote last of each partner."""

    async def fetched(self, partner: str, cursor: int) -> None:
        """A program has asked for what comes after a cursor."""
        now = self._now()
        written = self._written.get(partner)
        if written is not None and written <= now < written + WRITTEN_EVERY:
            return
        self._written[partner] = now
        await self._reads.update_one({"_id": partner}, {"$set": {"cursor": cursor, "at": now}}, upsert=True)

    async def last(self, partner: str | None = None) -> Mapping[str, Read]:
        """Of one partner, or of all that ever fetched."""
        query = {"_id": partner} if partner else {}
        docs = await self._reads.find(query).to_list(None)
        return {doc["_id"]: Read(int(doc["cursor"]), doc["at"]) for doc in docs}
