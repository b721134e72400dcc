"""What goes to Kafka and what comes from it, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to publish, as it is stored while unsent."""

    topic: str
    key: str
    value: bytes
    headers: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Place:
    """One partition of a topic."""

    topic: str
    partition: int


@dataclass(frozen=True, slots=True)
class Received:
    """A record as it came from Kafka."""

    place: Place
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    fault: str | None = None
    """Why the client cannot read it at all; then nothing else is known of it but its place."""
    at: int | None = None
    """Its timestamp: milliseconds since 1970, the broker's where the topic says so."""


def received(record: Any) -> Received:
    """A record of the client's."""
    place = Place(record.topic, record.partition)
    return Received(place, record.offset, record.key, record.value, tuple(record.headers), at=record.timestamp)
