"""When an office is open on a working day: `08:30-17:30`, or with a break `08:30-12:00, 13:30-17:30`."""

import re
import unicodedata
from typing import Annotated

from pydantic import BeforeValidator, Field

_STRETCH = re.compile(r"(\d{1,2})[:：.](\d{2})\s*(?:-|–|—|~|～|至|到)\s*(\d{1,2})[:：.](\d{2})")
_WANTED = "write opening hours such as 08:30-17:30, or with a break 08:30-12:00, 13:30-17:30"
DAY = 24 * 60
"""Minutes."""
Stretch = tuple[int, int]
"""From (included) to (not included), in minutes since midnight."""


def stretches(hours: str) -> tuple[Stretch, ...]:
    """The stretches of a day that opening hours name, in order. Raises `ValueError`."""
    found: list[Stretch] = []
    for part in re.split(r"[,，;；、/]", unicodedata.normalize("NFKC", hours)):
        match = _STRETCH.fullmatch(part.strip())
        if match is None:
            raise ValueError(_WANTED)
        first, last = (_minutes(match[at], match[at + 1]) for at in (1, 3))
        if first >= last:
            raise ValueError(f"{part.strip()} ends before it begins; {_WANTED}")
        if found and first < found[-1][1]:
            raise ValueError(f"{part.strip()} begins before the stretch before it has ended")
        found.append((first, last))
    return tuple(found)


def _minutes(hour: str, minute: str) -> int:
    if (total := int(hour) * 60 + int(minute)) > DAY or int(minute) > 59:
        raise ValueError(f"{hour}:{minute} is no time of day; {_WANTED}")
    return total


def _written(value: object) -> object:
    """In one form, however a clerk wrote it: `8:30～17:30` is `08:30-17:30`."""
    if not isinstance(value, str):
        raise ValueError(_WANTED)
    clock = "{:02}:{:02}".format
    return ", ".join(f"{clock(*divmod(first, 60))}-{clock(*divmod(last, 60))}" for first, last in stretches(value))


WorkingHours = Annotated[str, BeforeValidator(_written), Field(max_length=100)]
