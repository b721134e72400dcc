"""What a file claims to be, read from its bytes before any decoder sees them. Nothing is decoded here.

A decoder gets only the bytes of the one picture: `Header.picture`.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

MOST_PARTS = 20_000
"""Segments or chunks of a file that are looked at: a photo has dozens."""


class NotRead(Exception):
    """The file is no picture in a format that is taken, or its parts make no sense."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the file says of its picture."""

    format: str
    """JPEG, PNG or WEBP."""
    width: int
    height: int
    picture: bytes = field(repr=False)
    """The bytes of the first picture: no film behind it, no second picture, no texts, no EXIF, no frames."""
    orientation: int = 1
    """Which way the camera lay, as EXIF has it. Whatever else is wrong in there is not looked at."""
    whole: bool = True
    """Whether the file goes on to its end; a cut upload does not."""
    pixel_bytes: int = 4
    """Memory for one pixel as Pillow keeps it."""
    moving: bool = False
    """A WebP that is an animation. Of a PNG that is one, the picture for who shows none is taken."""
    scans: int = 1
    """Passes over the pixels of a JPEG; each costs time, however few bytes it has."""
    buffered: int = 0
    """Bytes that a JPEG of several scans needs before its first pixel can be shown, at whatever scale."""
    progressive: bool = False
    refined: bool = True
    """Whether the scans of a progressive JPEG bring all that there is."""


def read(original: bytes) -> Header:
    """The header of a JPEG, PNG or WebP. Raises `NotRead`."""
    if original.startswith(b"\xff\xd8\xff"):
        return _jpeg(original)
    if original.startswith(_PNG):
        return _png(original)
    if original[:4] == b"RIFF" and original[8:12] == b"WEBP":
        return _webp(original)
    raise NotRead("unknown signature")


def called(original: bytes) -> str | None:
    """What a file that is not taken is, as people call it: HEIC, AVIF, a film, …; None for anything else."""
    if not original:
        return "empty"
    if original[4:8] == b"ftyp":
        return _box(original)
    return next((name for magic, name in _OTHERS.items() if original.startswith(magic)), None)


_OTHERS = {
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"II*\x00": "TIFF",  # and what cameras call RAW or DNG
    b"MM\x00*": "TIFF",
    b"\x00\x00\x00\x0cjP  ": "JPEG 2000",
    b"\xff\x0a": "JPEG XL",
    b"\x00\x00\x00\x0cJXL ": "JPEG XL",
    b"%PDF": "PDF",
    b"\x1aE\xdf\xa3": "film",
}
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1", b"miaf", b"MiHE"}


def _box(original: bytes) -> str:
    """By the brands of an ISO media file: the first names its own kind, those behind it what it can be read as."""
    length = min(struct.unpack(">I", original[:4])[0], 512)
    brands = [original[8:12], *(original[at : at + 4] for at in range(16, length, 4))]
    if any(brand in (b"avif", b"avis") for brand in brands):
        return "AVIF"
    if any(brand in _HEIC for brand in brands):
        return "HEIC"
    return "RAW" if brands[0] == b"crx " else "film"


# JPEG (ITU-T T.81) ----------------------------------------------------------------------------------------------------

_ENTROPY_ENDS = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""In the coded data of a scan, 0xFF is followed by a zero, a restart, or the marker that ends it."""
_MARKER = re.compile(rb"\xff+[^\x00\xff]")
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers without a length."""


def _jpeg(original: bytes) -> Header:
    frame: tuple[int, bytes] | None = None
    scans: list[bytes] = []
    kept, kept_to, orientation = [original[:2]], 2, 1
    end, at = None, 2
    for _ in range(MOST_PARTS):
        found = _MARKER.search(original, at)
        if found is None:
            break
        marker, at = found[0][-1], found.end()
        if marker == 0xD9:
            end = at
            break
        if marker in _ALONE:
            continue
        length = struct.unpack(">H", original[at : at + 2])[0] if at + 2 <= len(original) else 0
        content = original[at + 2 : at + max(length, 2)]
        if len(content) != length - 2:  # ends in the middle of a segment
            break
        at += length
        if not _needed(marker, content):
            kept.append(original[kept_to : found.start()])
            kept_to = at
            if content.startswith(b"Exif\x00"):
                orientation = _orientation(content[6:])
        if marker in _FRAMES and frame is None:
            frame = (marker, content)
        if marker == 0xDA:
            scans.append(content)
            ending = _ENTROPY_ENDS.search(original, at)
            at = ending.start() if ending else len(original)
    else:
        raise NotRead("too many segments")
    if frame is None or len(frame[1]) < 6:
        raise NotRead("no frame")
    rest = original[kept_to:end] if end else original[kept_to:].rstrip(b"\xff")
    return _of_frame(*frame, scans, b"".join(kept) + rest, end is not None, orientation)


def _needed(marker: int, content: bytes) -> bool:
    """Whether a decoder needs it: of what programs add, the profile of its colours and how they are written."""
    if marker == 0xE2:
        return content.startswith(b"ICC_PROFILE\x00")
    return marker in (0xE0, 0xEE) or not (0xE0 <= marker <= 0xEF or marker == 0xFE)


def _of_frame(marker: int, frame: bytes, scans: list[bytes], picture: bytes, whole: bool, orientation: int) -> Header:
    height, width, count = struct.unpack(">HHB", frame[1:6])
    components = [frame[6 + 3 * n : 9 + 3 * n] for n in range(count)]
    if not width or not height or not components or any(len(each) != 3 or not each[1] & 15 for each in components):
        raise NotRead("a frame without a picture")
    factors = [(each[1] >> 4) * (each[1] & 15) for each in components]
    blocks = width * height * sum(factors) // max(*factors, 1)
    progressive = marker in _PROGRESSIVE
    return Header(
        "JPEG",
        width,
        height,
        picture,
        orientation,
        whole=whole,
        pixel_bytes=1 if count == 1 else 4,
        scans=len(scans),
        buffered=2 * blocks if progressive or len(scans) > 1 else 0,
        progressive=progressive,
        refined=not progressive or _refined({each[0] for each in components}, scans),
    )


def _refined(components: set[int], scans: list[bytes]) -> bool:
    """Whether each component has all its 64 coefficients to the last bit."""
    left = {(component, band) for component in components for band in range(64)}
    for scan in scans:
        if len(scan) == 1 + 2 * scan[0] + 3 and not scan[-1] & 15:
            left -= {(scan[1 + 2 * n], band) for n in range(scan[0]) for band in range(scan[-3], scan[-2] + 1)}
    return not left


def _orientation(exif: bytes) -> int:
    """From EXIF without its mark: the first directory's entry 0x0112."""
    try:
        order = {b"II": "<", b"MM": ">"}[exif[:2]]
        (at,) = struct.unpack_from(order + "I", exif, 4)
        (count,) = struct.unpack_from(order + "H", exif, at)
        for entry in range(min(count, 1_000)):
            tag, kind = struct.unpack_from(order + "HH", exif, at + 2 + 12 * entry)
            if tag == 0x0112:
                form = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i"}[kind]
                (value,) = struct.unpack_from(order + form, exif, at + 10 + 12 * entry)
                return value if 1 <= value <= 8 else 1
    except (KeyError, struct.error):
        pass
    return 1


# PNG (W3C) ------------------------------------------------------------------------------------------------------------

_PNG = b"\x89PNG\r\n\x1a\n"
_WANTED = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"sRGB", b"gAMA", b"cHRM", b"iCCP"})
"""No texts, which may be bombs, and no frames of an animation."""


def _png(original: bytes) -> Header:
    parts, whole, at, orientation = [_PNG], False, len(_PNG), 1
    for _ in range(MOST_PARTS):
        if at + 8 > len(original):
            break
        length, name = struct.unpack(">I4s", original[at : at + 8])
        end = at + 12 + length
        if name in _WANTED:
            parts.append(original[at:end])
        if name == b"eXIf":
            orientation = _orientation(original[at + 8 : end])
        at, whole = end, name == b"IEND" and end <= len(original)
        if name == b"IEND":
            break
    else:
        raise NotRead("too many chunks")
    picture = b"".join(parts)
    if picture[12:16] != b"IHDR" or len(picture) < 33:
        raise NotRead("no header")
    width, height, depth, colour = struct.unpack(">IIBB", picture[16:26])
    if not width or not height:
        raise NotRead("a header without a picture")
    each = {0: 2 if depth == 16 else 1, 3: 1}.get(colour, 4)
    return Header("PNG", width, height, picture, orientation, whole=whole, pixel_bytes=each)


# WebP (RFC 9649) ------------------------------------------------------------------------------------------------------


def _webp(original: bytes) -> Header:
    claimed = struct.unpack("<I", original[4:8])[0] + 8
    whole = claimed <= len(original)
    size, moving, parts, orientation = None, False, [], 1
    for name, content in _chunks(original[12:claimed]):
        size = size or _webp_size(name, content)
        moving = (
            moving or name in (b"ANIM", b"ANMF") or (name == b"VP8X" and content[:1] != b"" and bool(content[0] & 2))
        )
        if name == b"EXIF":
            orientation = _orientation(content.removeprefix(b"Exif\x00\x00"))
        elif name != b"XMP ":
            parts.append(struct.pack("<4sI", name, len(content)) + content + b"\x00" * (len(content) % 2))
    if size is None:
        raise NotRead("no header")
    body = b"WEBP" + b"".join(parts)
    picture = original if moving or not whole else b"RIFF" + struct.pack("<I", len(body)) + body
    return Header("WEBP", *size, picture, orientation, whole=whole, moving=moving)


def _chunks(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    for _ in range(MOST_PARTS):
        if at + 8 > len(body):
            return
        name, length = struct.unpack("<4sI", body[at : at + 8])
        yield name, body[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
    raise NotRead("too many chunks")


def _webp_size(name: bytes, content: bytes) -> tuple[int, int] | None:
    if name == b"VP8X" and len(content) >= 10:
        return int.from_bytes(content[4:7], "little") + 1, int.from_bytes(content[7:10], "little") + 1
    if name == b"VP8L" and len(content) >= 5 and content[0] == 0x2F:
        bits = int.from_bytes(content[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if name == b"VP8 " and len(content) >= 10 and content[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", content[6:10])
        return (width & 0x3FFF, height & 0x3FFF) if width & 0x3FFF and height & 0x3FFF else None
    return None
