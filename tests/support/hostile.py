"""Files that are no photos, or photos that would hurt who decodes them."""

import struct
import zlib
from collections.abc import Iterator

from tests.support.reception import picture

NOT_A_PHOTO, TOO_LARGE = (415, "not_a_photo"), (413, "photo_too_large")


def hostile_files() -> Iterator[tuple[bytes, tuple[int, str]]]:
    """Each with the status and the slug that it is refused with."""
    executable = b"MZ\x90\x00" + b"\x00" * 2_000
    for file in (executable, b"\x7fELF" + b"\x00" * 100, picture("GIF"), picture()[:300], b"", b"<svg/>", _text_bomb()):
        yield file, NOT_A_PHOTO
    for file in (_png_of(100_000, 100_000), b"\xff\xd8\xff" + b"x" * (10 * 1024 * 1024 + 1)):
        yield file, TOO_LARGE


def _png_of(width: int, height: int) -> bytes:
    """A few bytes that say they are an enormous picture."""
    return _png(_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), _chunk(b"IDAT", b""))


def _text_bomb() -> bytes:
    """A PNG whose compressed text has two hundred megabytes."""
    text = b"Comment\x00\x00" + zlib.compress(b"\x00" * 200_000_000)
    return _png(_chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)), _chunk(b"zTXt", text))


def _png(*chunks: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks) + _chunk(b"IEND", b"")


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
