"""How large a photo may be, in bytes, pixels and the memory that opening it takes; the words for one that is not."""

from typing import Any

from linli.errors import Problem
from linli.photo_headers import Header, NotRead, called, read

MB = 1024 * 1024
MAX_BYTES = 10 * MB
MAX_PIXELS = 40_000_000
"""Of a PNG, which is opened at its full size."""
MAX_PIXELS_OF = {"JPEG": 250_000_000, "PNG": MAX_PIXELS, "WEBP": 12_500_000}
"""A JPEG is opened at an eighth of its size if need be; a WebP takes four times the memory of the others."""
MAX_SCANS = 100
"""A progressive JPEG has about ten."""
LONGEST_SIDE = 2560
SMALL, LARGE = 130 * MB, 250 * MB
"""Memory for opening one: nearly all photos of telephones are small; no photo gets more than the larger."""
_AROUND = 24 * MB
"""For what is the same whatever the photo: strips of it, tables, the JPEG that is written."""

_SMALLER = "Send it smaller: a gallery has 'resize', a messenger sends photos smaller by itself."


def admitted(original: bytes) -> Header:
    """The header of a photo that may be opened. Raises `Problem` 413 and 415."""
    try:
        header = read(original)
    except (NotRead, IndexError, ValueError) as error:
        raise unreadable(original) from error
    if header.moving:
        raise Problem("not_a_photo", 415, "This WebP is an animation. Send a still picture.")
    if header.scans > MAX_SCANS:
        raise Problem("not_a_photo", 415, "The file has more scans than any photo.")
    most = MAX_PIXELS_OF[header.format]
    if header.width * header.height > most:
        raise _too_many(header, most)
    if memory(header) > LARGE:  # what is left for a JPEG are its buffered scans
        raise _too_many(header, int(header.width * header.height * (LARGE - 100 * MB) / max(header.buffered, 1)))
    return header


def scale_of(header: Header) -> int:
    """At which fraction of its size a JPEG is opened: 1, 2, 4 or 8, and never smaller than it is kept."""
    fits = max(header.width, header.height) / LONGEST_SIDE
    return next((scale for scale in (8, 4, 2) if header.format == "JPEG" and fits >= scale), 1)


def memory(header: Header) -> int:
    """Bytes that opening it and scaling it down take at most."""
    scale = scale_of(header)
    width, height = -(-header.width // scale), -(-header.height // scale)
    opened = width * height * header.pixel_bytes
    decoder = int(width * height * 16.5) - opened if header.format == "WEBP" else header.buffered
    factor = max(1, max(width, height) // LONGEST_SIDE)
    reduced = -(-width // factor) * -(-height // factor) * 4
    at_the_end = 3 * min(reduced, LONGEST_SIDE * LONGEST_SIDE * 4)  # scaling goes by way of a picture that is half done
    return max(opened + decoder, opened + reduced, reduced + at_the_end // 2) + len(header.picture) + _AROUND


def unreadable(original: bytes) -> Problem:
    """What to say of a file that is no photo that is taken: what it is, if that is known, and what to do."""
    kind = called(original)
    said = {
        "empty": "The file is empty. Choose the photo again.",
        "HEIC": "This is a HEIC photo, which cannot be opened here. Send it as JPEG. On an iPhone: Settings > Camera > "
        "Formats > Most Compatible for the next ones; this one becomes a JPEG when it is shared by mail, or exported.",
        "film": "This is a film. Send a photo.",
        "PDF": "This is a PDF document. Send a photo of it.",
    }.get(kind or "")
    if kind and not said:
        said = f"This is a {kind} picture, which is not taken. Send it as JPEG, PNG or WebP."
    detail = said or "The file is not a photo in JPEG, PNG or WebP."
    return Problem("not_a_photo", 415, detail, **dict[str, Any]({"found": kind} if kind else {}))


def cut_off() -> Problem:
    """For a photo whose end is missing."""
    detail = "The photo is cut off: its end did not arrive. Send it again, where the connection is better."
    return Problem("not_a_photo", 415, detail, found="cut off")


def too_heavy() -> Problem:
    """For a file too large to be looked at."""
    return Problem("photo_too_large", 413, f"A photo may have {MAX_BYTES // MB} MB at most. {_SMALLER}")


def _too_many(header: Header, most: int) -> Problem:
    name = {"WEBP": "WebP"}.get(header.format, header.format)
    kind = f"progressive {name}" if header.buffered else name
    has = header.width * header.height / 1_000_000
    other = "" if header.format == "JPEG" else f" As JPEG it may have {MAX_PIXELS_OF['JPEG'] // 1_000_000}."
    detail = f"A {kind} may have {most // 1_000_000} megapixels at most, this one has {has:,.0f}. {_SMALLER}{other}"
    return Problem("photo_too_large", 413, detail)
