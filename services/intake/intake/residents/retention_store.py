"""What is old in intake's database."""

from collections.abc import AsyncIterator
from datetime import datetime

import orjson

from intake.photos.store import PhotoStore
from intake.submissions.store import SUBMISSIONS, found_by
from linli.privacy.retention import BATCH, oldest_of
from linli.storage import mongo

TOLD = ("title", "text", "place", "attributes")


class RetentionStore:
    """Finds submissions by age, and removes what is past its retention time."""

    def __init__(self, client: mongo.Client, database: mongo.Database, photos: PhotoStore) -> None:
        self._client, self._photos = client, photos
        self._submissions = database[SUBMISSIONS]

    async def received(self, there: mongo.Document, before: datetime) -> AsyncIterator[list[str]]:
        """The ids of those that came in before a time and still have this, oldest first, some at a time."""
        seen: mongo.Document = {}
        while True:
            query = there | {"received_at": {"$lt": before}} | seen
            cursor = self._submissions.find(query, {"received_at": 1}).sort([("received_at", 1), ("_id", 1)])
            found = await cursor.limit(BATCH).to_list(None)
            if not found:
                return
            yield [document["_id"] for document in found]
            last, at = found[-1]["_id"], found[-1]["received_at"]
            seen = {"$or": [{"received_at": {"$gt": at}}, {"received_at": at, "_id": {"$gt": last}}]}

    async def count(self, there: mongo.Document, before: datetime) -> int:
        return await self._submissions.count_documents(there | {"received_at": {"$lt": before}})

    async def oldest(self, there: mongo.Document) -> datetime | None:
        return await oldest_of(self._submissions, there, "received_at")

    async def let_go_of_contact(self, id: str) -> None:
        """Keep only the masked text of the event, and nothing about the reporter."""

        async def work(session: mongo.Session) -> None:
            document = await self._submissions.find_one(
                {"_id": id}, {"kind": 1, "words": 1, "outgoing.value": 1}, session=session
            )
            if document is None:
                return
            event = orjson.loads(document["outgoing"]["value"])
            there: mongo.Document = {"contact_gone": True, "text": ""} | {
                name: event[name] for name in TOLD if event.get(name)
            }
            if "words" in document:
                there["words"] = found_by(there | {"kind": document["kind"]})
            gone = {name: "" for name in TOLD if name not in there} | {"reporter": "", "resident_id": ""}
            await self._submissions.update_one({"_id": id}, {"$set": there, "$unset": gone}, session=session)

        await mongo.transact(self._client, work, seconds=mongo.ANSWER_WITHIN)

    async def let_go_of_photos(self, id: str) -> None:
        async def work(session: mongo.Session) -> None:
            await self._photos.forget(id, session)

        await mongo.transact(self._client, work, seconds=mongo.ANSWER_WITHIN)
