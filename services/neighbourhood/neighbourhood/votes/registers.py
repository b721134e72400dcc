"""Registers of owners: compiled from a checked list, corrected, frozen."""

import asyncio
from dataclasses import dataclass
from typing import Any

from linli.application.kit import Kit
from linli.frozen import replace
from linli.storage import mongo
from linli.web.localized import Localized
from linli.web.problem_words import answered
from linli.web.problems import Problem
from neighbourhood.affairs.office import Asked, Decided, Moment, Office, Place
from neighbourhood.affairs.stories import Kept
from neighbourhood.refusal import Refusal
from neighbourhood.votes.domain.register import Compile, Freeze, Register, RegisterCommand, decide, evolve, snapshot_of
from neighbourhood.votes.domain.register_rows import Checked, Row, RowFault, check
from neighbourhood.votes.people import People
from neighbourhood.votes.snapshots import Snapshots

UNITS_AT_MOST = 50_000
TOLD_AT_ONCE = 200
"""Faults, and doubts: nobody puts more right before the next look."""
REGISTERS: Kept[Register] = Kept(
    collection="registers",
    kind=Register,
    name=lambda register: register.id,
    found_by=lambda register: {"community": register.community, "neighbourhood": register.neighbourhood},
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A list that somebody sends: its rows, and the SHA-256 of the file."""

    rows: tuple[Row, ...]
    source: str
    total_area: int | None = None
    """Hundredths of a ㎡ that all must add up to."""
    doubts_seen: bool = False
    """Somebody has looked at each doubt, and it is so."""
    faults: tuple[RowFault, ...] = ()
    """Of the file itself, such as a column that is missing."""
    doubts: tuple[RowFault, ...] = ()


class Registers(Office[Register, RegisterCommand]):
    """Who has a vote."""

    def __init__(self, kit: Kit[Any], people: People, snapshots: Snapshots) -> None:
        super().__init__(kit, REGISTERS)
        self.people, self.snapshots = people, snapshots

    async def decide(self, affair: Register | None, command: RegisterCommand, moment: Moment) -> Decided:
        assert affair is not None, "a register begins blank"
        decided = decide(affair, command, moment.now)
        if isinstance(command, Freeze) and not isinstance(decided, Refusal) and decided:
            await self.snapshots.keep(affair.id, snapshot_of(affair, command.snapshot_id), moment.session)
        return decided

    def evolve(self, affair: Register | None, event: Any) -> Register:
        assert affair is not None, "a register begins blank"
        return evolve(affair, event)

    def place_of(self, affair: Register) -> Place:
        return Place(affair.community, affair.neighbourhood)

    async def checked(self, place: Place, listed: Listed) -> Checked:
        """What a list comes to. Raises 422 for one that is too long.

        In a thread: twenty thousand lines take a second, and somebody votes meanwhile.
        """
        if len(listed.rows) > UNITS_AT_MOST:
            raise Problem("invalid", 422, f"A register has {UNITS_AT_MOST:,} units at most.", reason="too_many_units")
        ids = self.people.ids(f"{place.community}/{place.neighbourhood}")
        found = await asyncio.to_thread(check, listed.rows, ids, listed.total_area)
        return replace(found, faults=(*listed.faults, *found.faults), doubts=(*listed.doubts, *found.doubts))

    async def compile(self, id: str, place: Place, listed: Listed, by: str, asked: Asked[Register]) -> Register:
        """A register of a list without faults. Raises 422, with a line number for each fault and each doubt unseen."""
        found = await self.checked(place, listed)
        if found.faults or (found.doubts and not listed.doubts_seen):
            raise faulty(found)

        async def keep(register: Register, session: mongo.Session) -> None:
            if register.version and not await self.stories.one(id):
                await self.people.keep(id, listed.rows, found.entries, session)
            if asked.keep is not None:
                await asked.keep(register, session)

        command = Compile(by, listed.source, found.entries)
        blank = Register(id, place.community, place.neighbourhood)
        return await self.begin(id, place, command, Asked(asked.who, asked.version, asked.trace, keep), blank)


def faulty(found: Checked) -> Problem:
    """What is wrong in a list, line by line; and what somebody should look at."""
    errors, doubts = told(found)
    said = Localized(
        "The list has {errors} faults and {doubts} doubts.",
        "名册有 {errors} 处错误、{doubts} 处存疑。",
        errors=len(found.faults),
        doubts=len(found.doubts),
    )
    return Problem("invalid", 422, said, reason="register_faulty", errors=errors, doubts=doubts)


def told(found: Checked) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The first faults and doubts, for who asks now."""
    faults, doubts = (
        [{"line": each.line, "message": answered(each.why)} for each in of[:TOLD_AT_ONCE]]
        for of in (found.faults, found.doubts)
    )
    return faults, doubts
