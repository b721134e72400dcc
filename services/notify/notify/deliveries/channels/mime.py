"""A letter's bytes: one text twice, plain and as HTML (RFC 2046, 5.1.4), each in base64 (RFC 2045, 6.8).

The standard library's own message and generator take three milliseconds for each letter, most of it for reading back
the headers that they were given; every case has its letters.
"""

import base64
import re
from collections.abc import Mapping
from uuid import uuid4

_LINE_END = re.compile(r"\r\n|\r|\n")
_FOLD = re.compile(r"\r\n(?=[ \t]+[^ \t\r\n])")


def alternative(headers: Mapping[str, str], text: str, html: str) -> bytes:
    """The whole message, with CRLF. `headers` stand as they are given, and are folded already.

    Raises ValueError for a line break in a header that does not go on with white space: it would begin another header.
    """
    boundary = uuid4().hex  # no line of base64 begins with the `--` before it
    for name, value in headers.items():
        if _LINE_END.search(_FOLD.sub("", value)):
            raise ValueError(f"{name} holds a linefeed")
    said = {
        **headers,
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/alternative;\r\n boundary="{boundary}"',
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    parts = b"".join(
        b"--%s\r\n%s" % (boundary.encode(), _part(subtype, content))
        for subtype, content in (("plain", text), ("html", html))
    )
    return b"%s\r\n%s--%s--\r\n" % (head.encode(), parts, boundary.encode())


def _part(subtype: str, content: str) -> bytes:
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    lines = base64.encodebytes(_LINE_END.sub("\r\n", content).rstrip("\r\n").encode() + b"\r\n")
    return head.encode() + lines.replace(b"\n", b"\r\n")
