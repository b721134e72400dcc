"""One case's way: its events over all topics, with gaps, and who took each in and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.topology.domain.declared import Declared


@dataclass(frozen=True, slots=True)
class Wrote:
    """An event that a service wrote of the case."""

    service: str
    id: str
    """`<subject>:<sequence>`"""
    type: str
    topic: str
    at: datetime
    sent: bool
    trace: str | None = None
    """Of the request that caused it."""


@dataclass(frozen=True, slots=True)
class Read:
    """How far a service has read one of the case's stories."""

    service: str
    source: str
    """`linli/workflow`"""
    subject: str
    next: int
    at: datetime | None
    waits: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A delivery that an event brought about."""

    event_id: str
    recipient: str
    channel: str
    state: str
    at: datetime
    """When notify took the event in."""
    finished: datetime | None


class Taken(StrEnum):
    """What became of an event in a service that reads its topic."""

    APPLIED = "applied"
    WAITS = "waits"
    """It has not come yet, or what is before it has not."""
    BLOCKED = "blocked"
    """It stands behind a parked record."""


@dataclass(frozen=True, slots=True)
class Reader:
    """One service that reads an event's topic."""

    service: str
    taken: Taken
    at: datetime | None = None
    exactly: bool = False
    """Else it is at the latest then: the story has gone on since."""


@dataclass(frozen=True, slots=True)
class Step:
    """One event on its way."""

    wrote: Wrote
    gap: float | None
    """Seconds since the event before; None for the first."""
    readers: tuple[Reader, ...]
    told: tuple[Told, ...]


def way(declared: Declared, wrote: Sequence[Wrote], read: Sequence[Read], told: Sequence[Told]) -> list[Step]:
    """All steps, in the order in which they happened."""
    ordered = sorted(wrote, key=lambda each: (each.at, each.id))
    positions = {(each.service, each.source, each.subject): each for each in read}
    of_event: dict[str, list[Told]] = {}
    for delivery in told:
        of_event.setdefault(delivery.event_id, []).append(delivery)
    notified = {reads.topic for reads in declared.reads if reads.service == "notify"}
    steps = []
    before: Wrote | None = None
    for each in ordered:
        gap = (each.at - before.at).total_seconds() if before else None
        heard = of_event.get(each.id, ()) if each.topic in notified else ()  # another service numbers alike
        those = tuple(sorted(heard, key=lambda one: (one.at, one.recipient, one.channel)))
        steps.append(Step(each, gap, _readers(declared, each, positions, those), those))
        before = each
    return steps


def _readers(
    declared: Declared,
    event: Wrote,
    positions: Mapping[tuple[str, str, str], Read],
    told: Sequence[Told],
) -> tuple[Reader, ...]:
    subject, _, number = event.id.rpartition(":")
    found = []
    for reads in declared.reads:
        if reads.topic != event.topic or reads.copy:
            continue
        read = positions.get((reads.service, f"linli/{event.service}", subject))
        if read is None or read.next <= int(number):
            found.append(Reader(reads.service, Taken.BLOCKED if read and read.waits else Taken.WAITS))
        elif reads.service == "notify" and told:
            found.append(Reader(reads.service, Taken.APPLIED, min(each.at for each in told), exactly=True))
        else:
            found.append(Reader(reads.service, Taken.APPLIED, read.at, exactly=read.next == int(number) + 1))
    return tuple(found)
