"""What a page shows already, so that a part of it is not put in anew, and read out again, for nothing."""

from collections.abc import Iterable
from hashlib import sha256

from portal.desk.store import Presence
from portal.desk.story import Entry


def seen_of(others: Iterable[Presence], news: Iterable[Entry]) -> str:
    """Of who else has a case open, and what happened since."""
    there = sorted(f"{each.role} {each.party or ''}" for each in others)
    return sha256(repr((there, [each.sequence for each in news])).encode()).hexdigest()[:16]
