"""Photos from outside: looked at, decoded and written anew, so that nothing but the picture is kept."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from PIL import Image, ImageOps

from linli.errors import Problem

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
"""Of the file as it comes: 160 MB when decoded. A telephone's camera has 12 to 48 million, scaled down by default."""
MAX_SIDE = 20_000
MAX_SCANS, START_OF_SCAN = 100, b"\xff\xda"
"""A progressive JPEG has about ten scans; each costs a pass over all its pixels, however few bytes it has."""
LONGEST_SIDE = 2560
QUALITY = 85

# The limit is ours, checked before decoding: Pillow's own only warns, up to twice the size.
Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as it is kept."""

    id: str
    """From the bytes that came in: the same photo sent twice has the same id."""
    jpeg: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        """Of the JPEG as it is kept, in hex."""
        return hashlib.sha256(self.jpeg).hexdigest()


class Darkroom:
    """Develops photos in threads, few at a time: each may need some hundred megabytes for a moment."""

    def __init__(self, at_once: int) -> None:
        self._free = asyncio.Semaphore(at_once)

    async def develop(self, source: IO[bytes]) -> Photo:
        """The photo in the file. Raises `Problem` 413 and 415."""
        async with self._free:
            return await asyncio.to_thread(_read_and_develop, source)


def identify(source: IO[bytes]) -> str:
    """The id of the photo in a file, read in pieces. Raises `Problem` 413."""
    digest, size = hashlib.sha256(), 0
    source.seek(0)
    while piece := source.read(256 * 1024):
        digest.update(piece)
        size += len(piece)
        if size > MAX_BYTES:
            raise Problem("photo_too_large", 413, f"A photo may have {MAX_BYTES:,} bytes at most.")
    return digest.hexdigest()[:32]


def _read_and_develop(source: IO[bytes]) -> Photo:
    photo_id = identify(source)
    source.seek(0)
    return developed(source.read(MAX_BYTES), photo_id)


def developed(original: bytes, photo_id: str) -> Photo:
    """Decode, turn upright, scale down, encode as JPEG without any metadata. Raises `Problem` 413 and 415.

    What the file is called and what it is said to be plays no part.
    """
    picture = _guarded(lambda: Image.open(BytesIO(original), formats=FORMATS))
    with picture:
        if picture.width * picture.height > MAX_PIXELS or max(picture.size) > MAX_SIDE:
            raise Problem("photo_too_large", 413, f"A photo may have {MAX_PIXELS:,} pixels at most.")
        if picture.format == "JPEG" and original.count(START_OF_SCAN) > MAX_SCANS:
            raise Problem("not_a_photo", 415, "The file has more scans than any photo.")
        upright = _guarded(lambda: _upright(picture))
    out = BytesIO()
    upright.save(out, "JPEG", quality=QUALITY)
    return Photo(photo_id, out.getvalue(), upright.width, upright.height)


def _guarded(read: Callable[[], Image.Image]) -> Image.Image:
    """Whatever a decoder stumbles over, the file is at fault: a crafted one may raise almost anything."""
    try:
        return read()
    except Exception as error:
        raise Problem("not_a_photo", 415, "The file is not a photo in JPEG, PNG or WebP.") from error


def _upright(picture: Image.Image) -> Image.Image:
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG decodes at a fraction of its size, with its memory
    picture.load()
    turned = ImageOps.exif_transpose(picture)
    turned.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    plain = Image.new("RGB", turned.size, "white")  # a new one: no EXIF, comment, profile or transparency comes along
    if turned.has_transparency_data:
        turned = turned.convert("RGBA")
        plain.paste(turned, mask=turned.getchannel("A"))
    else:
        plain.paste(turned.convert("RGB"))
    return plain
