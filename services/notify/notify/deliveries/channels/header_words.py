"""Text in a header of a letter: encoded words (RFC 2047) that every mail program decodes to the original."""

import re
from binascii import b2a_base64
from collections.abc import Iterator

LONGEST_PLAIN = 60
"""Characters that fit in the header's first line as they are."""
LINE = 76
"""Characters of a line with an encoded word (RFC 2047, 2)."""
_PLAIN = re.compile(r"[\x20-\x7e]*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
"""What a display name may be made of without quotes (RFC 5322, 3.2.3)."""
_BEFORE, _AFTER = "=?utf-8?b?", "?="


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
    words = (b2a_base64(part, newline=False).decode() for part in _parts(text.encode(), len(header) + len(": ")))
    return "\r\n ".join(f"{_BEFORE}{word}{_AFTER}" for word in words)


def _parts(octets: bytes, taken: int) -> Iterator[bytes]:
    """What each word holds: so much as its line has room for, and whole characters. `taken`: of the first line."""
    start = 0
    while start < len(octets):
        end = start + (LINE - taken - len(_BEFORE) - len(_AFTER)) // 4 * 3
        while end < len(octets) and octets[end] & 0xC0 == 0x80:  # within a character of UTF-8
            end -= 1
        yield octets[start:end]
        start, taken = end, len(" ")
