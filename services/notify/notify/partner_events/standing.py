"""Who reads what it is told: looked at for the metrics, and for operators who ask.

Each way by which partners read says how far they have come by it; a further one is one more `Way`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from notify.partner_events.domain.endpoint import Endpoint
from notify.partner_events.domain.standing import Behind, Place, State, unread_since
from notify.partner_events.endpoint_store import EndpointStore
from notify.partner_events.read_store import ReadStore
from notify.partner_events.store import FeedStore


class Way(Protocol):
    """A way by which partners read."""

    async def places(self, partner: str | None) -> Mapping[str, Place]:
        """How far each has come that uses it, or the one that is named."""


class Pull:
    """`GET /v1/events`."""

    def __init__(self, reads: ReadStore) -> None:
        self._reads = reads

    async def places(self, partner: str | None) -> Mapping[str, Place]:
        return {id: Place("pull", read.cursor, read.at) for id, read in (await self._reads.last(partner)).items()}


class Endpoints:
    """What is posted."""

    def __init__(self, endpoints: EndpointStore) -> None:
        self._endpoints = endpoints

    async def places(self, partner: str | None) -> Mapping[str, Place]:
        if partner is None:
            found = await self._endpoints.all()
        else:
            found = [each for each in [await self._endpoints.endpoint(partner)] if each]
        return {each.partner: _place(each) for each in found}


def _place(endpoint: Endpoint) -> Place:
    state: State = "off" if endpoint.off else "failing" if endpoint.failures else "on"
    return Place("endpoint", endpoint.cursor, endpoint.taken_at, state, endpoint.failing_since, endpoint.off)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a partner stands: by each way, and as a whole."""

    partner: str
    last: int
    """How many events it was ever told of."""
    ways: Sequence[Behind]
    unread_since: datetime | None
    """Since when there is something that it has read by no way."""


class Standings:
    """Of all partners."""

    def __init__(self, feeds: FeedStore, ways: Sequence[Way]) -> None:
        self._feeds, self._ways = feeds, ways

    async def of(self, partner: str | None = None) -> list[Standing]:
        """One partner's, or of all that take part and were told something."""
        places = [await way.places(partner) for way in self._ways]
        lasts = {**dict.fromkeys([partner] if partner else [], 0), **await self._feeds.lasts(partner)}
        return [
            await self._standing(id, last, [each[id] for each in places if id in each]) for id, last in lasts.items()
        ]

    async def _standing(self, partner: str, last: int, places: Sequence[Place]) -> Standing:
        ways = [await self._behind(partner, place, last) for place in places]
        oldest = None if ways else await self._feeds.happened_at(partner, 1)
        return Standing(partner, last, ways, unread_since(ways, oldest))

    async def _behind(self, partner: str, place: Place, last: int) -> Behind:
        events = max(0, last - place.cursor)
        since = await self._feeds.happened_at(partner, place.cursor + 1) if events else None
        return Behind(place, events, since)
