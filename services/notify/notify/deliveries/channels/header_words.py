"""Text in a header of a letter: encoded words (RFC 2047) that every mail program puts together again as they were."""

import re
from email.charset import QP, Charset
from email.header import Header

LONGEST_PLAIN = 60
"""Characters that fit in the header's first line as they are."""
_PLAIN = re.compile(r"[\x20-\x7e]*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
"""What a display name may be made of without quotes (RFC 5322, 3.2.3)."""


def encoded(text: str, header: str, *, phrase: bool = False) -> str:
    """The text as it stands after the header's name, folded. Raises ValueError for a line break.

    White space between two encoded words is dropped by who reads them (RFC 2047, 6.2), so all of the text goes into
    encoded words, its spaces too, or none of it. `phrase` for a display name, where less stands for itself.
    """
    if len(text.splitlines()) > 1 or "\r" in text or "\n" in text:
        raise ValueError("a header holds no linefeed")
    plain = _ATOMS if phrase else _PLAIN
    if plain.fullmatch(text) and "=?" not in text and len(text) <= LONGEST_PLAIN and text == text.strip():
        return text
    charset = Charset("utf-8")
    if phrase:
        charset.header_encoding = QP
    return Header(text, charset, maxlinelen=75, header_name=header).encode(linesep="\r\n")
