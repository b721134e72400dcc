"""Photos of households: sent by the code of a letter, then named by their hash in what it answers.

A file is kept before it is listed, as photos of sites are; a crash between the two leaves a file that nobody lists.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Mapping
from datetime import datetime

from pymongo.errors import DuplicateKeyError

from linli.photos.files import PhotoFiles
from linli.photos.workers import Photo
from linli.privacy.retention import BATCH, Kept, oldest_of
from linli.storage import mongo
from linli.web.localized import Localized
from linli.web.problems import Problem

MOST_OF_ONE = 20
"""Photos of one household to one round."""
KEPT_FOR = 7
"""Days that a photo waits to be named in an answer."""


class HouseholdPhotos:
    """Those of all rounds, each by its household's answer and its hash."""

    def __init__(self, database: mongo.Database, files: PhotoFiles) -> None:
        self._photos, self._files = database.round_photos, files

    async def room_for(self, response: str, more: int) -> None:
        """Raises 409 for a household that has sent enough."""
        if await self._photos.count_documents({"response": response}) + more > MOST_OF_ONE:
            english, chinese = "No more than {most} photos of a household are kept.", "每户最多保存 {most} 张照片。"
            raise Problem("no_more_photos", 409, Localized(english, chinese, most=MOST_OF_ONE))

    async def put(self, response: str, photo: Photo, now: datetime) -> None:
        """Keep a photo. The same one sent again is there once."""
        file = await self._files.put(photo, response)
        document = {"_id": _key(response, photo.sha256), "response": response, "sha256": photo.sha256, "file": file}
        try:
            await self._photos.insert_one(document | {"at": now, "named": False})
        except DuplicateKeyError:
            await self._files.drop(file)

    async def sent(self, named: Mapping[str, Collection[str]], session: mongo.Session) -> Mapping[str, Collection[str]]:
        """Those of the photos that are named in answers, by answer, that there are."""
        keys = [_key(response, each) for response, hashes in named.items() for each in hashes]
        found: dict[str, set[str]] = defaultdict(set)
        async for doc in self._photos.find({"_id": {"$in": keys}}, {"response": 1, "sha256": 1}, session=session):
            found[doc["response"]].add(doc["sha256"])
        return found

    async def name(self, response: str, hashes: Collection[str], session: mongo.Session) -> None:
        """Photos that an answer names: they wait no longer."""
        keys = [_key(response, each) for each in hashes]
        await self._photos.update_many({"_id": {"$in": keys}}, {"$set": {"named": True}}, session=session)

    async def let_wait(self, response: str, now: datetime, session: mongo.Session) -> None:
        """An answer was taken back: what it named waits again, to be named in another or to go."""
        waits = {"$set": {"named": False, "at": now}}
        await self._photos.update_many({"response": response, "named": True}, waits, session=session)

    async def picture(self, response: str, sha256: str) -> bytes | None:
        """Its JPEG; None for one that there is not."""
        found = await self._photos.find_one({"_id": _key(response, sha256)}, {"file": 1})
        return await self._files.read(found["file"]) if found else None

    async def forget(self, response: str, session: mongo.Session) -> None:
        """What a household sent, with the files."""
        theirs = await self._photos.find({"response": response}, {"file": 1}, session=session).to_list(None)
        await self._photos.delete_many({"response": response}, session=session)
        await self._files.forget([], [doc["file"] for doc in theirs], session)

    def kept(self) -> Kept:
        """What no answer named goes after some days, with its file."""
        waiting = {"named": False}

        async def older(before: datetime) -> int:
            return int(await self._photos.count_documents(waiting | {"at": {"$lt": before}}))

        return Kept("round_photos", KEPT_FOR, lambda: oldest_of(self._photos, waiting, "at"), older, self._let_go)

    async def _let_go(self, before: datetime) -> AsyncIterator[int]:
        while found := await self._photos.find({"named": False, "at": {"$lt": before}}).limit(BATCH).to_list(None):
            yield sum([await self._drop(doc) for doc in found])

    async def _drop(self, doc: mongo.Document) -> bool:
        gone = bool((await self._photos.delete_one({"_id": doc["_id"], "named": False})).deleted_count)
        if gone:
            await self._files.drop(doc["file"])
        return gone


def unknown() -> Problem:
    """Of a photo that was not sent."""
    said = Localized("There is no such photo; send it first.", "没有这张照片，请先上传。")
    return Problem("invalid", 422, said, reason="photo_unknown", errors=[{"field": "answers", "message": said}])


def _key(response: str, sha256: str) -> str:
    return f"{response}~{sha256}"
