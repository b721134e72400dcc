"""Times as Open311's clients write and read them (W3C's note on date and time formats)."""

import re
from datetime import UTC, datetime

_SPACE_FOR_PLUS = re.compile(r" (?=\d\d:?\d\d$)")
"""A `+` that was not written as `%2B` in an address."""


def written(moment: datetime | str) -> str:
    """Without fractions, which some clients cannot read, and with the offset in figures."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return at.astimezone(UTC).isoformat(timespec="seconds")


def read(text: str) -> datetime:
    """With `Z`, an offset or none, which is taken for UTC; a day alone is its beginning. Raises ValueError."""
    at = datetime.fromisoformat(_SPACE_FOR_PLUS.sub("+", text.strip()))
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at
