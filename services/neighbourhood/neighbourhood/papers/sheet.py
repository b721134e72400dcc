"""A paper that is ready to be set in type: a template of ours, and what stands in it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from neighbourhood.papers.text import printable

LARGEST = 16 * 1024 * 1024
"""Bytes of what stands in one paper. A list of 5,000 rows has about one."""


class TooLong(ValueError):
    """More than one paper holds: print it in parts."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The same sheet gives the same bytes. What stands in it is in no `repr`: there are personal codes."""

    template: str
    words: bytes = field(repr=False)
    """JSON."""
    made_at: datetime
    tagged: bool = True
    """With its structure for who reads it by ear; long lists go without, which halves their memory."""


def sheet(template: str, words: Mapping[str, Any], made_at: datetime, *, tagged: bool = True) -> Sheet:
    """Raises `TooLong`. Texts may be strings or `Both`."""
    written = json.dumps(_plain(words), ensure_ascii=False, separators=(",", ":")).encode()
    if len(written) > LARGEST:
        raise TooLong
    return Sheet(template, written, made_at, tagged)


def _plain(value: Any) -> Any:
    match value:
        case str():
            return printable(value)
        case tuple() if hasattr(value, "_asdict"):
            return _plain(value._asdict())
        case Mapping():
            return {name: _plain(each) for name, each in value.items()}
        case tuple() | list():
            return [_plain(each) for each in value]
        case _:
            return value
