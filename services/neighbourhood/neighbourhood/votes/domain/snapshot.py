"""A register as it stood when it was frozen: what a vote weighs its ballots by. Areas in hundredths of a ㎡."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from linli.contracts.neighbourhood.register import Entry
from linli.contracts.neighbourhood.votes import Weight


@dataclass(frozen=True)
class Snapshot:
    """`entries` are in the order of their units; `sha256` is of them, so nothing in it changes unseen.

    A burst of ballots asks the same list who owns what, so that is worked out once.
    """

    id: str
    entries: tuple[Entry, ...]
    sha256: str

    @cached_property
    def owned(self) -> Mapping[str, tuple[Entry, ...]]:
        """By owner, who is one head however many units there are."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            found.setdefault(entry.owner, []).append(entry)
        return {owner: tuple(entries) for owner, entries in found.items()}

    @cached_property
    def areas(self) -> Mapping[str, int]:
        """Of each owner, in all units."""
        return {owner: sum(entry.area for entry in entries) for owner, entries in self.owned.items()}

    def areas_in(self, units: Collection[str] | None) -> Mapping[str, int]:
        """The same in the units that a matter concerns; None: in all."""
        if units is None:
            return self.areas
        found: dict[str, int] = {}
        for entry in self.entries:
            if entry.unit in units:
                found[entry.owner] = found.get(entry.owner, 0) + entry.area
        return found

    @cached_property
    def _whole(self) -> Weight:
        return weighed(self.areas.values())

    def whole(self) -> Weight:
        return self._whole

    def units_of(self, stairwells: Collection[str]) -> tuple[str, ...]:
        return tuple(entry.unit for entry in self.entries if entry.stairwell in stairwells)

    def is_intact(self) -> bool:
        """Whether it is what was frozen."""
        return digest_of(self.entries) == self.sha256


def frozen(id: str, entries: Iterable[Entry]) -> Snapshot:
    """The entries as a list that counts for good."""
    in_order = tuple(sorted(entries, key=lambda entry: entry.unit))
    return Snapshot(id, in_order, digest_of(in_order))


def digest_of(entries: Iterable[Entry]) -> str:
    """SHA-256 of the entries in the order of their units, a line each: unit, stairwell, area, its source, owner.

    Ids have no tab in them. A clerk can make the same file in a spreadsheet and compare.
    """
    hashed = sha256()
    for each in sorted(entries, key=lambda entry: entry.unit):
        hashed.update(f"{each.unit}\t{each.stairwell}\t{each.area}\t{each.area_from.value}\t{each.owner}\n".encode())
    return hashed.hexdigest()


def weighed(areas: Collection[int]) -> Weight:
    """So many owners with so much area each."""
    return Weight(area=sum(areas), heads=len(areas))
