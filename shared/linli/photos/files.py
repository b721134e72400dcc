"""Photos on disk: files in GridFS. Whoever lists a file decides whether it counts.

Put a file first, then list it; a crash between the two leaves a file that nobody lists.
"""

from collections.abc import Sequence

from bson import ObjectId

from linli.photos.workers import Photo
from linli.storage import mongo
from linli.storage.sharding import Sharded

SHARDING = (
    Sharded(
        collection="photos.files",
        by="_id",
        why="A file is read by its id.",
        everywhere={"PhotoFiles.forget": "An erasure, or the end of a photo's time, finds files by whose they are."},
    ),
    Sharded(
        collection="photos.chunks",
        by="files_id",
        why="The chunks of a file lie together, where it is read and its chunks are told apart (`files_id_1_n_1`).",
    ),
)
"""How photos are spread over shards."""


class PhotoFiles:
    """One database's photos."""

    def __init__(self, database: mongo.Database) -> None:
        self._bucket = mongo.bucket(database, "photos")
        self._files, self._chunks = database["photos.files"], database["photos.chunks"]

    async def put(self, photo: Photo, of: str) -> ObjectId:
        """Keep the JPEG of a submission or case; what it is found by."""
        file: ObjectId = await self._bucket.upload_from_stream(f"{photo.id}.jpg", photo.jpeg, metadata={"of": of})
        return file

    async def read(self, file: ObjectId) -> bytes:
        jpeg: bytes = await (await self._bucket.open_download_stream(file)).read()
        return jpeg

    async def drop(self, file: ObjectId) -> None:
        """One that is listed nowhere."""
        await self._bucket.delete(file)

    async def forget(self, of: Sequence[str], listed: Sequence[ObjectId], session: mongo.Session) -> None:
        """Delete what is listed, and all of these that a crash kept from being listed; within a transaction."""
        theirs = {"$or": [{"_id": {"$in": list(listed)}}, {"metadata.of": {"$in": list(of)}}]}
        files = [doc["_id"] for doc in await self._files.find(theirs, {"_id": 1}, session=session).to_list(None)]
        await self._chunks.delete_many({"files_id": {"$in": files}}, session=session)
        await self._files.delete_many({"_id": {"$in": files}}, session=session)
