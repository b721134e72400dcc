"""Photos on disk: files in GridFS. Whoever lists a file decides whether it counts.

Put a file first, then list it; a crash between the two leaves a file that nobody lists.
"""

from bson import ObjectId

from linli import mongo
from linli.photos import Photo


class PhotoFiles:
    """One database's photos."""

    def __init__(self, database: mongo.Database) -> None:
        self._bucket = mongo.bucket(database, "photos")

    async def put(self, photo: Photo) -> ObjectId:
        """Keep the JPEG; what it is found by."""
        file: ObjectId = await self._bucket.upload_from_stream(f"{photo.id}.jpg", photo.jpeg)
        return file

    async def read(self, file: ObjectId) -> bytes:
        jpeg: bytes = await (await self._bucket.open_download_stream(file)).read()
        return jpeg

    async def drop(self, file: ObjectId) -> None:
        """One that is listed nowhere."""
        await self._bucket.delete(file)
