"""QR codes for links on paper."""

from io import BytesIO
from typing import NamedTuple

import segno

LONGEST_LINK = 300
"""Characters. A longer one makes modules too small for an old phone, at 40 mm."""
QUIET = 4
"""Modules of white around the code (ISO/IEC 18004)."""


class Link(NamedTuple):
    """What stands in a sheet where a code is to be drawn; that takes milliseconds each, so the process does it."""

    link: str


def link_of(link: str) -> Link:
    """Raises `ValueError` for one that fits on no paper."""
    if len(link) > LONGEST_LINK or not link.startswith(("https://", "http://")):
        raise ValueError("no link that fits on paper")
    return Link(link)


def svg_of(link: str) -> str:
    """The code as a picture that is sharp at every size; an eighth of it may be lost to a fold or a stain (level M)."""
    out = BytesIO()
    segno.make_qr(link, error="m").save(out, kind="svg", border=QUIET, xmldecl=False, light="white", nl=False)
    return out.getvalue().decode()
