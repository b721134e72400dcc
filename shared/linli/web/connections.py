"""Limits on open connections: in total, per address, and a reserve for health checks."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from linli.application.settings import WebSettings
from linli.web.origin import Networks, is_of, network_of

KEPT_FOR_HEALTH, KEPT_BY_ADDRESS = 100, 10
"""Places beyond the most, on which nothing is answered but `HEALTH`."""
HEALTH = frozenset({"/healthz", "/readyz"})


class Kind(StrEnum):
    """What a place is good for."""

    ANYTHING = "anything"
    HEALTH = "health"


class NoPlace(StrEnum):
    """Why there is none."""

    OF_ADDRESS = "address"
    OF_ALL = "all"


@dataclass(frozen=True, slots=True)
class Place:
    """One connection's; `address` is what it counts for, None for a proxy that stands for many."""

    kind: Kind
    address: str | None


class Places:
    """Counts the connections of one process. Give every place back that was taken."""

    def __init__(self, most: int = 2_000, by_address: int = 200, proxies: Networks = ()) -> None:
        """`by_address` 0: as many as there are. `proxies` have no limit of their own: they count whom they let in."""
        self._most, self._by_address, self._proxies = most, by_address, proxies
        self._open: Counter[Kind] = Counter()
        self._of: Counter[tuple[Kind, str]] = Counter()

    @classmethod
    def from_settings(cls, settings: WebSettings) -> "Places":
        return cls(settings.connections, settings.connections_per_address, settings.trusted_proxies)

    @property
    def open(self) -> int:
        """How many are taken now."""
        return self._open.total()

    def take(self, peer: str) -> Place | NoPlace:
        """A place for a connection from this address."""
        address = None if is_of(peer, self._proxies) else network_of(peer)
        if self._by_address and address and self._of[Kind.ANYTHING, address] >= self._by_address:
            return NoPlace.OF_ADDRESS
        kind = Kind.ANYTHING
        if self._open[kind] >= self._most:
            kind = Kind.HEALTH
            if self._open[kind] >= KEPT_FOR_HEALTH or (address and self._of[kind, address] >= KEPT_BY_ADDRESS):
                return NoPlace.OF_ALL
        self._open[kind] += 1
        if address:
            self._of[kind, address] += 1
        return Place(kind, address)

    def give_back(self, place: Place) -> None:
        self._open[place.kind] -= 1
        if place.address:
            self._of[place.kind, place.address] -= 1
            if not self._of[place.kind, place.address]:  # no trace of who was here once
                del self._of[place.kind, place.address]
