"""A letter's bytes: one text twice, plain and as HTML (RFC 2046, 5.1.4), each in base64 (RFC 2045, 6.8).

The standard library's message and generator take milliseconds per letter, mostly to parse the headers that they
were given. The parts common to all letters are made once: the skeleton. Tests compare the result with the library's.
"""

import re
from binascii import b2a_base64
from collections.abc import Mapping
from uuid import uuid4

LINE = 76
"""Characters of base64 in a line (RFC 2045, 6.8)."""
_FOLD = re.compile(r"\r\n(?=[ \t]+[^ \t\r\n])")


class Skeleton:
    """Letters whose headers are the same but for a few."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        """Those that all have, as `letter` takes them. Raises ValueError as that does."""
        boundary = uuid4().hex  # no line of base64 begins with the `--` before it
        kind = {"MIME-Version": "1.0", "Content-Type": f'multipart/alternative;\r\n boundary="{boundary}"'}
        plain, html = (f"--{boundary}\r\n{_lines(_of_a_part(subtype))}\r\n" for subtype in ("plain", "html"))
        self._first = _lines(headers).encode()
        self._plain = f"{_lines(kind)}\r\n{plain}".encode()
        self._html = html.encode()
        self._end = f"--{boundary}--\r\n".encode()

    def letter(self, headers: Mapping[str, str], text: str, html: str) -> bytes:
        """The whole message, with CRLF. `headers` stand as they are given, and are folded already.

        Raises ValueError for a line break in a header that does not go on with white space: it would begin another
        header.
        """
        own = _lines(headers).encode()
        return b"".join((self._first, own, self._plain, _base64(text), self._html, _base64(html), self._end))


def _of_a_part(subtype: str) -> dict[str, str]:
    return {"Content-Type": f'text/{subtype}; charset="utf-8"', "Content-Transfer-Encoding": "base64"}


def _lines(headers: Mapping[str, str]) -> str:
    for name, value in headers.items():
        if "\n" in value or "\r" in value:
            unfolded = _FOLD.sub("", value)
            if "\n" in unfolded or "\r" in unfolded:
                raise ValueError(f"{name} holds a linefeed")
    return "".join([f"{name}: {value}\r\n" for name, value in headers.items()])


def _base64(content: str) -> bytes:
    text = content.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").replace("\n", "\r\n") + "\r\n"
    written = b2a_base64(text.encode(), newline=False)
    return b"".join([written[start : start + LINE] + b"\r\n" for start in range(0, len(written), LINE)])
