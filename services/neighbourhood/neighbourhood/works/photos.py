"""Photos of a neighbourhood's sites: sent first, then named by their hash in what they show.

A photo belongs to the affair that names it first, and to no other. A file is kept before it is listed; a crash between
the two leaves a file that nobody lists.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from linli.contracts.intake.submission import Point
from linli.contracts.neighbourhood.works import SitePhoto
from linli.photos.files import PhotoFiles
from linli.photos.workers import Photo
from linli.privacy.retention import BATCH, Kept, oldest_of
from linli.storage import mongo
from linli.web.localized import Localized
from linli.web.problems import Problem
from neighbourhood.affairs.office import Place

MOST_WAITING = 500
"""Photos of a neighbourhood that nothing has named yet."""
MOST_OF_ONE = 40
"""The same of one who sends them, so that nobody takes the others' room."""
KEPT_FOR = 7
"""Days that a photo waits to be named."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What is said of photos that are sent: when and where they were taken, by whom."""

    taken_at: datetime
    location: Point | None
    by: str
    person: str | None = None
    """The resident who took it, where one did."""


@dataclass(frozen=True, slots=True)
class KeptPhoto:
    """A photo as it is listed. `affair` is None until something names it."""

    shot: SitePhoto
    affair: str | None
    file: ObjectId
    size: int
    width: int
    height: int


class SitePhotos:
    """Those of all sites."""

    def __init__(self, database: mongo.Database, files: PhotoFiles) -> None:
        self._photos, self._files = database.site_photos, files

    async def room_for(self, place: Place, by: str, more: int) -> None:
        """Raises 409 where too many wait to be named."""
        waiting: mongo.Document = {"place": _place(place), "named": False}
        if await self._photos.count_documents(waiting | {"by": by}) + more > MOST_OF_ONE:
            many = "No more than {most} of your photos of a neighbourhood wait to be named."
            chinese = "每人在一个小区最多有 {most} 张照片等待引用。"
            raise Problem("no_more_photos", 409, Localized(many, chinese, most=MOST_OF_ONE))
        if await self._photos.count_documents(waiting) + more > MOST_WAITING:
            many = "No more than {most} photos of a neighbourhood wait to be named."
            chinese = "一个小区最多有 {most} 张照片等待引用。"
            raise Problem("no_more_photos", 409, Localized(many, chinese, most=MOST_WAITING))

    async def put(self, place: Place, photo: Photo, sent: Sent, now: datetime, affair: str | None) -> KeptPhoto:
        """Keep a photo. The same one sent again is there once, as it was said of it first."""
        here = _place(place)
        file = await self._files.put(photo, here)
        document = {
            "_id": _key(place, photo.sha256),
            "place": here,
            "sha256": photo.sha256,
            "taken_at": sent.taken_at,
            "location": sent.location.model_dump() if sent.location else None,
            "by": sent.by,
            "person": sent.person,
            "affair": affair,
            "at": now,
            "named": False,
            "file": file,
            "size": len(photo.jpeg),
            "width": photo.width,
            "height": photo.height,
        }
        try:
            await self._photos.insert_one(document)
        except DuplicateKeyError:
            await self._files.drop(file)
            kept = await self.one(place, photo.sha256)
            assert kept is not None, "it is there already"
            return kept
        return _kept(document)

    async def one(self, place: Place, sha256: str) -> KeptPhoto | None:
        """By its hash."""
        found = await self._photos.find_one({"_id": _key(place, sha256)})
        return _kept(found) if found else None

    async def picture(self, photo: KeptPhoto) -> bytes:
        """Its JPEG."""
        return await self._files.read(photo.file)

    async def named(
        self, place: Place, affair: str, field: str, hashes: Sequence[str], session: mongo.Session
    ) -> tuple[SitePhoto, ...]:
        """Photos that a command names, which are this affair's from now on. Raises 422 for one that there is not."""
        keys = [_key(place, each) for each in hashes]
        cursor = self._photos.find({"_id": {"$in": keys}}, session=session)
        found = {doc["sha256"]: _kept(doc) for doc in await cursor.to_list(None)}
        for each in hashes:
            if each not in found:
                raise _refused(
                    "photo_unknown", field, "There is no such photo; send it first.", "没有这张照片，请先上传。"
                )
            if found[each].affair not in {None, affair}:
                said = "That photo shows something of another affair."
                raise _refused("photo_elsewhere", field, said, "这张照片已用于别的事项。")
        if keys:
            taken = {"$set": {"affair": affair, "named": True}}
            await self._photos.update_many({"_id": {"$in": keys}}, taken, session=session)
        return tuple(found[each].shot for each in dict.fromkeys(hashes))

    async def forget(self, place: Place, person: str, session: mongo.Session) -> None:
        """What somebody sent goes, but for what an affair names: that shows the site, and stays without whose it is."""
        theirs = {"place": _place(place), "person": person}
        loose = await self._photos.find(theirs | {"named": False}, {"file": 1}, session=session).to_list(None)
        await self._photos.delete_many({"_id": {"$in": [doc["_id"] for doc in loose]}}, session=session)
        await self._files.forget([], [doc["file"] for doc in loose], session)
        await self._photos.update_many(theirs, {"$set": {"person": None, "by": "forgotten"}}, session=session)

    def kept(self) -> Kept:
        """What nothing named goes after some days, with its file."""
        waiting = {"named": False}

        async def older(before: datetime) -> int:
            return int(await self._photos.count_documents(waiting | {"at": {"$lt": before}}))

        return Kept("site_photos", KEPT_FOR, lambda: oldest_of(self._photos, waiting, "at"), older, self._let_go)

    async def _let_go(self, before: datetime) -> AsyncIterator[int]:
        while found := await self._photos.find({"named": False, "at": {"$lt": before}}).limit(BATCH).to_list(None):
            yield sum([await self._drop(doc) for doc in found])

    async def _drop(self, doc: mongo.Document) -> bool:
        """Whether nothing has named it meanwhile."""
        gone = bool((await self._photos.delete_one({"_id": doc["_id"], "named": False})).deleted_count)
        if gone:
            await self._files.drop(doc["file"])
        return gone


def _refused(reason: str, field: str, english: str, chinese: str) -> Problem:
    said = Localized(english, chinese)
    return Problem("invalid", 422, said, reason=reason, errors=[{"field": field, "message": said}])


def _place(place: Place) -> str:
    return f"{place.community}/{place.neighbourhood}"


def _key(place: Place, sha256: str) -> str:
    return f"{_place(place)}~{sha256}"


def _kept(doc: mongo.Document) -> KeptPhoto:
    where = Point(**doc["location"]) if doc["location"] else None
    shot = SitePhoto(sha256=doc["sha256"], taken_at=doc["taken_at"], location=where)
    return KeptPhoto(shot, doc["affair"], doc["file"], doc["size"], doc["width"], doc["height"])
