"""How far a partner has read what it was told, by each way that it uses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

State = Literal["on", "failing", "off"]


@dataclass(frozen=True, slots=True)
class Place:
    """How far one way has come: a program that fetches, an endpoint, a consumer group."""

    way: str
    cursor: int
    """All up to this number have been read."""
    read_at: datetime | None
    """When it read last."""
    state: State = "on"
    since: datetime | None = None
    """Since when it fails."""
    reason: str | None = None
    """Why it is off."""


@dataclass(frozen=True, slots=True)
class Behind:
    """A way, and what it has not read."""

    place: Place
    events: int
    since: datetime | None
    """When the first of them happened; None where there is none."""


def unread_since(ways: Sequence[Behind], oldest: datetime | None) -> datetime | None:
    """Since when nobody reads what a partner is told: it need read by one way only.

    `oldest` is when the first of its events happened that is kept, for a partner that reads by none.
    """
    if not ways:
        return oldest
    return None if any(way.since is None for way in ways) else max(way.since for way in ways if way.since)
