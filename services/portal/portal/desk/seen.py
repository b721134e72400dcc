"""What a page shows already, so that a part of it is not put in anew, and read out again, for nothing."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from portal.desk.filters import PAGE
from portal.desk.store import Presence
from portal.desk.story import Entry

_EACH = 8
"""Characters for each row of a list: a page has 50 at most."""
MARKS = rf"^(?:[0-9a-f]{{{_EACH}}}){{0,{PAGE}}}$"


def seen_of(others: Iterable[Presence], news: Iterable[Entry]) -> str:
    """Of who else has a case open, and what happened since."""
    there = sorted(f"{each.role} {each.party or ''}" for each in others)
    return _short(repr((there, [each.sequence for each in news])), 16)


def marks_of(rows: Iterable[Mapping[str, Any]]) -> str:
    """Of the cases of a list as they are now."""
    return "".join(_short(f"{each['id']} {each['version']}", _EACH) for each in rows)


def changed(shown: str, now: str) -> int:
    """How many cases of a list are not as they were: moved on, come in, or gone."""
    before, after = _each(shown), _each(now)
    return max(len(before - after), len(after - before))


def _each(marks: str) -> set[str]:
    return {marks[start : start + _EACH] for start in range(0, len(marks), _EACH)}


def _short(text: str, length: int) -> str:
    return sha256(text.encode()).hexdigest()[:length]
