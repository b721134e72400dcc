"""XML and JSON as Open311's clients read them: XML without attributes and namespaces, JSON as bare arrays."""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeAlias
from xml.sax.saxutils import escape

import orjson
from fastapi import Response

Value: TypeAlias = str | int | float | bool | Sequence[Any] | Mapping[str, Any] | None
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]")
_A_NAME = re.compile(r"(?!xml)[a-z_]", re.IGNORECASE)
"""How one begins: with no digit, and not as XML keeps for itself."""
_ITEMS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
    "groups": "group",
}
"""What an entry of a list is called in XML. Lists of other names repeat their own element."""


class Format(StrEnum):
    """What an address ends in."""

    XML = "xml"
    JSON = "json"


_TYPES = {Format.XML: "text/xml; charset=utf-8", Format.JSON: "application/json; charset=utf-8"}


def written(format: Format, root: str, value: Value, status: int = 200, headers: Any = None) -> Response:
    """An answer. `root` names the outermost element; JSON has none."""
    if format is Format.JSON:
        body = orjson.dumps(value)
    else:
        body = f'<?xml version="1.0" encoding="utf-8"?>\n{"".join(_element(root, value))}'.encode()
    return Response(body, status, headers=headers, media_type=_TYPES[format])


def _named(key: str) -> str:
    """A key as the name of an element: people choose the codes of attributes. `1abc` is `_1abc`."""
    name = _NOT_IN_A_NAME.sub("_", key)
    return name if _A_NAME.match(name) else f"_{name}"


def _element(name: str, value: Value) -> Iterator[str]:
    """`name` is one that XML takes."""
    if isinstance(value, Mapping):
        yield f"<{name}>"
        for key, each in value.items():
            yield from _element(_named(key), each)
        yield f"</{name}>"
    elif isinstance(value, Sequence) and not isinstance(value, str):
        item = _ITEMS.get(name)
        if item is None:  # a field that has several values
            for each in value:
                yield from _element(name, each)
            return
        yield f"<{name}>"
        for each in value:
            yield from _element(item, each)
        yield f"</{name}>"
    elif value is None or value == "":
        yield f"<{name}/>"
    else:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        yield f"<{name}>{escape(_NOT_IN_XML.sub('', text))}</{name}>"
