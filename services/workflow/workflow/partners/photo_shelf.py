"""Photos that partners sent of their orders, until an update names them: files, and a list of those that wait."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from linli.contracts.workflow.partner import Update
from linli.photos.files import PhotoFiles
from linli.photos.workers import Photo
from linli.privacy.retention import BATCH, Kept, oldest_of
from linli.storage import mongo
from workflow.partners.domain.orders import Order
from workflow.partners.domain.photos import Uploaded

WAITING = "order_photos"
KEPT_FOR = 7
"""Days that a photo waits to be named by an update."""


class PhotoShelf:
    """A file counts once it is listed; an erasure of its case finds it by whose it is, listed or not."""

    def __init__(self, database: mongo.Database, files: PhotoFiles) -> None:
        self._waiting, self._files = database[WAITING], files

    async def waiting(self, order_id: str) -> int:
        """How many of an order wait."""
        return int(await self._waiting.count_documents({"order_id": order_id}))

    async def put(self, order: Order, photo: Photo, now: datetime) -> Uploaded:
        """Keep a photo. The same one sent again is there once."""
        file = await self._files.put(photo, order.case_id)
        size = len(photo.jpeg)
        kept = Uploaded(order.id, photo.id, size, photo.width, photo.height, photo.sha256, now, str(file))
        try:
            await self._waiting.insert_one({"_id": _key(order.id, photo.id)} | asdict(kept))
        except DuplicateKeyError:
            await self._files.drop(file)
        return kept

    async def named(self, updates: Collection[Update], session: mongo.Session) -> Mapping[str, Mapping[str, Uploaded]]:
        """Order → photos of it that these updates name and that wait, by their ids."""
        keys = [_key(each.order_id, photo) for each in updates for photo in each.photos or ()]
        found: dict[str, dict[str, Uploaded]] = {}
        if keys:
            for doc in await self._waiting.find({"_id": {"$in": keys}}, {"_id": 0}, session=session).to_list(None):
                found.setdefault(doc["order_id"], {})[doc["id"]] = Uploaded(**doc)
        return found

    async def listed(self, photos: Sequence[Uploaded], session: mongo.Session) -> None:
        """They are evidence now, and wait no more."""
        if photos:
            keys = [_key(each.order_id, each.id) for each in photos]
            await self._waiting.delete_many({"_id": {"$in": keys}}, session=session)

    async def forget(self, order_ids: Collection[str], session: mongo.Session) -> None:
        """Nothing of these orders waits any more. The erasure of their cases deletes the files."""
        await self._waiting.delete_many({"order_id": {"$in": list(order_ids)}}, session=session)

    def kept(self) -> Kept:
        """What no update named goes after some days, with its file."""
        return Kept(WAITING, KEPT_FOR, lambda: oldest_of(self._waiting, {}, "at"), self._older, self._let_go)

    async def _older(self, before: datetime) -> int:
        return int(await self._waiting.count_documents({"at": {"$lt": before}}))

    async def _let_go(self, before: datetime) -> AsyncIterator[int]:
        while found := await self._waiting.find({"at": {"$lt": before}}).limit(BATCH).to_list(None):
            yield sum([await self._drop(doc) for doc in found])

    async def _drop(self, doc: Any) -> bool:
        """Whether it still waited: else an update has just named it."""
        gone = bool((await self._waiting.delete_one({"_id": doc["_id"]})).deleted_count)
        if gone:
            await self._files.drop(ObjectId(doc["file"]))
        return gone


def _key(order_id: str, photo: str) -> str:
    return f"{order_id}:{photo}"
