"""Texts beside affairs: whole, under the hash by which states and events name them."""

from collections.abc import Iterable, Mapping

from pymongo import UpdateOne

from linli.storage import mongo
from neighbourhood.digests import digest_of_text


class Texts:
    """Those of all affairs of this service."""

    def __init__(self, database: mongo.Database) -> None:
        self._texts = database.texts

    async def keep(self, affair: str, texts: Iterable[str], session: mongo.Session, person: str | None = None) -> None:
        """In the transaction of the event that names them. `person`: who wrote them, where that is no office."""
        kept = [
            UpdateOne(
                {"_id": f"{affair}~{digest_of_text(text)}", "affair": affair},
                {"$setOnInsert": {"hash": digest_of_text(text), "text": text, "person": person}},
                upsert=True,
            )
            for text in set(texts)
        ]
        if kept:
            await self._texts.bulk_write(kept, ordered=False, session=session)

    async def of(self, affair: str, session: mongo.Session | None = None) -> Mapping[str, str]:
        """By hash; one that was erased is empty."""
        cursor = self._texts.find({"affair": affair}, {"hash": 1, "text": 1}, session=session)
        return {doc["hash"]: doc["text"] async for doc in cursor}

    async def forget(self, affair: str, person: str, session: mongo.Session) -> int:
        """Empty what somebody wrote; how many texts."""
        query = {"affair": affair, "person": person, "text": {"$ne": ""}}
        return int((await self._texts.update_many(query, {"$set": {"text": ""}}, session=session)).modified_count)

    async def forget_everywhere(self, person: str, session: mongo.Session) -> int:
        """The same in all affairs."""
        query = {"person": person, "text": {"$ne": ""}}
        return int((await self._texts.update_many(query, {"$set": {"text": ""}}, session=session)).modified_count)
