"""QR codes for links on paper."""

from io import BytesIO

import segno

LONGEST_LINK = 300
"""Characters. A longer one makes modules too small for an old phone, at 40 mm."""
QUIET = 4
"""Modules of white around the code (ISO/IEC 18004)."""


def code_of(link: str) -> segno.QRCode:
    """With a fifth of it legible still where paper is folded or stained (level M at least). Raises `ValueError`."""
    if len(link) > LONGEST_LINK or not link.startswith(("https://", "http://")):
        raise ValueError("no link that fits on paper")
    return segno.make_qr(link, error="m", boost_error=True)


def svg_of(link: str) -> str:
    """The code as a picture that is sharp at every size."""
    out = BytesIO()
    code_of(link).save(out, kind="svg", border=QUIET, xmldecl=False, light="white", nl=False)
    return out.getvalue().decode()
