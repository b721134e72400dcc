"""The photos of submissions: files in GridFS, listed in the submission that they belong to.

A photo counts from the moment that its submission lists it. A crash before that leaves a file that nobody lists.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bson import ObjectId

from linli.photos.files import PhotoFiles
from linli.photos.workers import Photo
from linli.storage import mongo
from linli.web.localized import Localized
from linli.web.problems import Problem, not_found

MOST = 10
"""Photos of one submission."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A photo as its submission lists it."""

    id: str
    size: int
    width: int
    height: int
    sha256: str
    file: ObjectId

    def described(self) -> dict[str, Any]:
        """What a caller sees of it."""
        described = {name: getattr(self, name) for name in ("id", "size", "width", "height", "sha256")}
        return described | {"content_type": "image/jpeg"}


class PhotoStore:
    """Adds and reads the photos of a submission that is there."""

    def __init__(self, database: mongo.Database) -> None:
        self._submissions, self._files = database.submissions, PhotoFiles(database)

    async def listed(self, submission_id: str, session: mongo.Session | None = None) -> list[Attachment]:
        """A submission's photos, in the order they came."""
        document = await self._submissions.find_one({"_id": submission_id}, {"attachments": 1}, session=session)
        return [] if document is None else [_attachment(each) for each in document.get("attachments", ())]

    async def of(self, submissions: Sequence[str]) -> dict[str, list[Attachment]]:
        """The photos of several, without those that have none or are gone."""
        query = {"_id": {"$in": list(submissions)}, "attachments.0": {"$exists": True}}
        found = self._submissions.find(query, {"attachments": 1})
        return {doc["_id"]: [_attachment(each) for each in doc["attachments"]] async for doc in found}

    async def add(self, submission_id: str, photo: Photo) -> Attachment:
        """Keep a photo; one that is there already stays as it is. Raises 409 when there are `MOST`, or it is gone."""
        if known := await self._known(submission_id, photo.id):
            return known
        file = await self._files.put(photo, submission_id)
        added = Attachment(photo.id, len(photo.jpeg), photo.width, photo.height, photo.sha256, file)
        listing = {name: getattr(added, name) for name in added.__slots__}
        free = {
            "_id": submission_id,
            "withdrawn_at": {"$exists": False},
            "erased_at": {"$exists": False},
            "attachments.id": {"$ne": photo.id},
            f"attachments.{MOST - 1}": {"$exists": False},
        }
        if (await self._submissions.update_one(free, {"$push": {"attachments": listing}})).modified_count:
            return added
        await self._files.drop(file)
        if known := await self._known(submission_id, photo.id):  # sent twice at the same moment
            return known
        english = "There are {most} photos already, or the submission was withdrawn."
        raise Problem(
            "no_more_photos", 409, Localized(english, "已有 {most} 张照片，或者这次提交已撤回，不能再添加。", most=MOST)
        )

    async def read(self, submission_id: str, attachment_id: str) -> tuple[Attachment, bytes]:
        """A photo with its JPEG. Raises 404."""
        known = await self._known(submission_id, attachment_id)
        if known is None:
            raise not_found("photo")
        return known, await self._files.read(known.file)

    async def forget(self, submission_id: str, session: mongo.Session) -> list[str]:
        """Delete a submission's photos, within a transaction, with those that a crash kept from being listed."""
        photos = await self.listed(submission_id, session)
        await self._files.forget([submission_id], [photo.file for photo in photos], session)
        await self._submissions.update_one({"_id": submission_id}, {"$unset": {"attachments": ""}}, session=session)
        return [photo.id for photo in photos]

    async def _known(self, submission_id: str, attachment_id: str) -> Attachment | None:
        return next((each for each in await self.listed(submission_id) if each.id == attachment_id), None)


def _attachment(listing: Mapping[str, Any]) -> Attachment:
    return Attachment(**listing)
