"""What households answer, as it is kept: each household's story, whose code it is, and how many have answered where."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from pymongo import UpdateOne

from linli.application.kit import Kit
from linli.contracts.base import Scope
from linli.messaging import outbox
from linli.messaging.outbox import Unsent
from linli.storage import mongo
from neighbourhood.affairs.codes import hash_of
from neighbourhood.affairs.office import Moment
from neighbourhood.affairs.stories import Happened, Kept, Stories
from neighbourhood.rounds.domain.reach import Reached
from neighbourhood.rounds.domain.response import Response

RESPONSES: Kept[Response] = Kept(
    collection="round_responses",
    kind=Response,
    name=lambda response: response.id,
    found_by=lambda response: {
        "round": response.round_id,
        "building": response.building,
        "paper": response.on_paper,
        "waiting": response.counts and bool(response.to_raise),
        "raised": sorted(response.raised.values()),
    },
)
PAGE = 250
"""Answers that are read at once: reading more keeps everybody else waiting for a tenth of a second."""
PLACES = 8
"""In which the numbers of a round lie, so that processes that take answers at once do not wait for one another."""
_DOT = "\uff0e"
"""In place of a building's dot, which MongoDB takes for a path."""


class CodeOf(NamedTuple):
    """Whose code it is."""

    round: str
    response: str


class ReadAll(NamedTuple):
    """All answers of a round, and how often any had been written before they were read."""

    saved: int
    responses: Sequence[Response]


class Responses:
    """Those of all rounds."""

    def __init__(self, kit: Kit[Any]) -> None:
        database = kit.database
        self.stories: Stories[Response] = Stories(database, kit.events, RESPONSES)
        self._codes, self._reach, self._events = database.round_codes, database.round_reach, database.events
        self._own = int(hashlib.sha256(kit.member.encode()).hexdigest(), 16) % PLACES

    async def save(self, happened: Sequence[Happened[Response]], now: datetime, session: mongo.Session) -> list[Unsent]:
        """Answers of one round, with their events and what they add to its numbers."""
        if not happened:
            return []
        place = {"_id": f"{happened[0].after.round_id}~{self._own}"}
        on_insert = {"$setOnInsert": {"round": happened[0].after.round_id}}
        added = _added(happened) | {"saved": 1}
        await self._reach.update_one(place, {"$inc": added, **on_insert}, upsert=True, session=session)
        return await self.stories.save(happened, now, session)

    async def begin(self, round: str, session: mongo.Session) -> None:
        """The places are there before answers come: of two that make one at once, one would fail."""
        made = [
            UpdateOne({"_id": f"{round}~{at}"}, {"$setOnInsert": {"round": round, "still": 0}}, upsert=True)
            for at in range(PLACES)
        ]
        await self._reach.bulk_write(made, session=session)

    async def stand_still(self, round: str, session: mongo.Session) -> None:
        """Whoever adds to the numbers meanwhile makes one of both transactions run again: what is summarised is what
        there is."""
        await self._reach.update_many({"round": round}, {"$inc": {"still": 1}}, session=session)

    async def reach(self, round: str, session: mongo.Session | None = None) -> Mapping[str, Reached]:
        """How many were asked and have answered, by building."""
        invited, answered = Counter[str](), Counter[str]()
        async for place in self._reach.find({"round": round}, session=session):
            for numbers, known in (("invited", invited), ("answered", answered)):
                for building, number in place.get(numbers, {}).items():
                    known[building.replace(_DOT, ".")] += number
        return {each: Reached(invited[each], answered[each]) for each in sorted(invited) if invited[each]}

    async def all_of(self, round: str, session: mongo.Session | None = None, **also: Any) -> list[Response]:
        """Every household's, also of those that said nothing."""
        found: list[Response] = []
        while True:
            after = found[-1].id if found else ""
            page = await self.stories.found({"round": round, **also}, PAGE, after, session)
            found += page
            if len(page) < PAGE:
                return found

    async def read(self, round: str) -> ReadAll:
        """The same for a count, which has to know whether anything is said meanwhile."""
        saved = await self._saved(round)
        return ReadAll(saved, await self.all_of(round))

    async def as_read(self, round: str, read: ReadAll, session: mongo.Session) -> Sequence[Response]:
        """What was read before the transaction, if nothing was said since; else what is there now."""
        same = await self._saved(round, session) == read.saved
        return read.responses if same else await self.all_of(round, session)

    async def _saved(self, round: str, session: mongo.Session | None = None) -> int:
        cursor = self._reach.find({"round": round}, {"saved": 1}, session=session)
        return sum([place.get("saved", 0) async for place in cursor])

    async def demands_among(self, named: Iterable[str], moment: Moment) -> frozenset[str]:
        """Which of these are demands that households have raised."""
        wanted = set(named)
        found = await self.stories.found({"raised": {"$in": sorted(wanted)}}, session=moment.session)
        return frozenset(demand for each in found for demand in each.raised.values()) & wanted

    # Codes -----------------------------------------------------------------------------------------------------------

    async def keep_codes(self, codes: Mapping[str, CodeOf], session: mongo.Session) -> None:
        """By code. An older one of the same household stays, to say that it counts no more."""
        documents = [{"_id": hash_of(code), **whose._asdict()} for code, whose in codes.items()]
        await self._codes.insert_many(documents, ordered=False, session=session)

    async def whose(self, codes: Iterable[str], session: mongo.Session | None = None) -> dict[str, CodeOf]:
        """By code, of those that there are."""
        hashes: dict[str, list[str]] = {}
        for code in set(codes):
            hashes.setdefault(hash_of(code), []).append(code)
        found = self._codes.find({"_id": {"$in": sorted(hashes)}}, session=session)
        return {code: CodeOf(doc["round"], doc["response"]) async for doc in found for code in hashes[doc["_id"]]}

    # Erasure ---------------------------------------------------------------------------------------------------------

    async def forget(self, response: str, session: mongo.Session) -> None:
        """Take what a household wrote out of all that was told before. Its state says so itself."""
        changes = []
        async for doc in self._events.find(
            {"subject": response}, {"type": 1, "sequence": 1, "outgoing": 1}, session=session
        ):
            if (value := outbox.forgotten(doc, Scope.PERSON)) is not None:
                changes.append(UpdateOne({"_id": doc["_id"]}, {"$set": {"outgoing.value": value}}))
        if changes:
            await self._events.bulk_write(changes, ordered=False, session=session)


def _added(happened: Sequence[Happened[Response]]) -> dict[str, int]:
    """What these change of a round's numbers, by the field in which each stands."""
    added = Counter[str]()
    for each in happened:
        for response, sign in ((each.before, -1), (each.after, 1)):
            if response is not None:
                building = response.building.replace(".", _DOT)
                added[f"invited.{building}"] += sign
                added[f"answered.{building}"] += sign * response.counts
    return {field: number for field, number in added.items() if number}
