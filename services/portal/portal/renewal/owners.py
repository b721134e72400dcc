"""Whose door is whose, for who fills in a form: people know doors, the service knows owners by an id.

It is asked of the register that a vote was frozen from, by who may read it, and each time stands in the audit log.
"""

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.addresses import at
from portal.renewal.given import StaffVisit


def plain(door: str) -> str:
    """However somebody types it: full-width or not, with spaces or without."""
    return "".join(unicodedata.normalize("NFKC", door).split()).casefold()


@dataclass(frozen=True, slots=True)
class Owners:
    """Of one register. Personal data."""

    listed: Sequence[Mapping[str, Any]] = ()
    _owner_of: Mapping[str, str] = field(default_factory=dict)
    _unit_of: Mapping[str, str] = field(default_factory=dict)
    _by_id: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, listed: Sequence[Mapping[str, Any]]) -> "Owners":
        pairs = [
            (plain(door), unit, each["owner"])
            for each in listed
            for door, unit in zip(each["doors"], each["units"], strict=True)
        ]
        return cls(
            listed,
            {door: owner for door, _, owner in pairs},
            {door: unit for door, unit, _ in pairs},
            {each["owner"]: each for each in listed},
        )

    @property
    def options(self) -> list[tuple[str, str]]:
        """Each door with its owner's name."""
        return [(door, each["name"]) for each in self.listed for door in each["doors"]]

    @property
    def stairwells(self) -> list[tuple[str, str]]:
        """Each with its first and last door: a register keeps no other name that is told."""
        doors: dict[str, list[str]] = {}
        for stairwell, door, _ in self._all():
            doors.setdefault(stairwell, []).append(door)
        told = ((id, f"{min(those)} – {max(those)} ({len(those)})") for id, those in doors.items())
        return sorted(told, key=lambda each: each[1])

    def stairwells_of(self, units: Collection[str]) -> list[str]:
        return sorted({stairwell for stairwell, _, unit in self._all() if unit in units})

    def doors_of(self, units: Collection[str]) -> list[str]:
        return sorted(door for _, door, unit in self._all() if unit in units)

    def _all(self) -> Iterator[tuple[str, str, str]]:
        for each in self.listed:
            yield from zip(each["stairwells"], each["doors"], each["units"], strict=True)

    def owner(self, said: str) -> str | None:
        """Of a door, or by the id itself."""
        return said if said in self._by_id else self._owner_of.get(plain(said))

    def unit(self, door: str) -> str | None:
        return self._unit_of.get(plain(door))

    def called(self, owner: str) -> str:
        """The doors and the name; somebody who is no owner by their sign."""
        found = self._by_id.get(owner)
        return f"{', '.join(found['doors'])} · {found['name']}" if found else owner

    def door(self, owner: str) -> str:
        """One of their doors."""
        found = self._by_id.get(owner)
        return str(found["doors"][0]) if found else owner


async def owners_by(here: StaffVisit, community: str, neighbourhood: str, snapshot: str) -> Owners:
    """Of the register with this frozen state; none where there is no such register."""
    registers = await here.get("/v1/registers", {"community": community, "neighbourhood": neighbourhood})
    register = next((each["id"] for each in registers if snapshot in each["snapshots"]), None)
    return Owners.of(await here.get(at("/v1/registers/{id}/owners", id=register))) if register else Owners()


async def owners_of(here: StaffVisit, vote: Mapping[str, Any]) -> Owners:
    """Whom a vote asks."""
    return await owners_by(here, vote["community"], vote["neighbourhood"], vote["terms"]["snapshot_id"])
