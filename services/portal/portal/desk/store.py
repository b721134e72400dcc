"""What the desk keeps in the portal's own database: saved filters, watched cases, who has a case open, bulk results.

Nothing of what a case says is kept: ids, and filters as their maker wrote them. A telephone number or e-mail address is
refused in what one is called and in the words that it looks for (`q`); a person's name may be in either.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from linli.storage import mongo
from portal.desk.filters import WATCHED_AT_MOST
from portal.signin.person import Person

FILTERS, WATCHES, PRESENCES, BULKS = "desk_filters", "desk_watches", "desk_presences", "desk_bulks"
FILTERS_AT_MOST = 50
HERE = timedelta(seconds=30)
"""How long somebody who opened a case counts as there."""
RESULTS_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A filter under a name. A shared one is for all who sign in for the same party, or as its maker's role."""

    id: str
    principal: str
    office: str
    """For whom its maker works: role, community, party."""
    name: str
    query: str
    shared: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody has a case open."""

    role: str
    party: str | None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one case of a bulk."""

    case: str
    done: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Bulk:
    """What was done with many cases at once."""

    id: str
    action: str
    results: Sequence[Result]
    at: datetime


def office_of(person: Person) -> str:
    return f"{person.role}/{person.community or ''}/{person.party or ''}"


class DeskStore:
    """The only part that speaks to the database."""

    def __init__(self, database: mongo.Database) -> None:
        self._filters, self._watches = database[FILTERS], database[WATCHES]
        self._presences, self._bulks = database[PRESENCES], database[BULKS]

    # Saved filters ----------------------------------------------------------------------------------------------------

    async def save_filter(self, saved: SavedFilter) -> None:
        """In place of one of the same name of the same person. The oldest go when there are too many."""
        same = {"principal": saved.principal, "name": saved.name}
        fields = {"office": saved.office, "query": saved.query, "shared": saved.shared, "at": saved.at}
        await self._filters.update_one(same, {"$set": fields, "$setOnInsert": {"_id": saved.id}}, upsert=True)
        own = self._filters.find({"principal": saved.principal}).sort("at", -1).skip(FILTERS_AT_MOST)
        if old := [doc["_id"] async for doc in own]:
            await self._filters.delete_many({"_id": {"$in": old}})

    async def filters(self, person: Person) -> list[SavedFilter]:
        """A person's own, and those that colleagues share, by name."""
        theirs = {"$or": [{"principal": person.principal}, {"office": office_of(person), "shared": True}]}
        found = self._filters.find(theirs).sort("name", 1).limit(4 * FILTERS_AT_MOST)
        return [_filter(doc) async for doc in found]

    async def forget_filter(self, principal: str, id: str) -> None:
        await self._filters.delete_one({"_id": id, "principal": principal})

    # Watched cases ----------------------------------------------------------------------------------------------------

    async def watch(self, principal: str, case: str, at: datetime) -> bool:
        """Whether there was room for it; what is watched already has its own."""
        if await self.watches(principal, case):
            return True
        if await self._watches.count_documents({"principal": principal}) >= WATCHED_AT_MOST:
            return False
        doc = {"principal": principal, "case": case, "at": at}
        await self._watches.update_one({"_id": f"{principal} {case}"}, {"$setOnInsert": doc}, upsert=True)
        return True

    async def unwatch(self, principal: str, case: str) -> None:
        await self._watches.delete_one({"_id": f"{principal} {case}"})

    async def watched(self, principal: str) -> list[str]:
        """Ids, what was taken up last first."""
        found = self._watches.find({"principal": principal}).sort("at", -1).limit(WATCHED_AT_MOST)
        return [doc["case"] async for doc in found]

    async def watches(self, principal: str, case: str) -> bool:
        return await self._watches.find_one({"_id": f"{principal} {case}"}) is not None

    # Presence ---------------------------------------------------------------------------------------------------------

    async def here(self, case: str, person: Person, now: datetime) -> list[Presence]:
        """Take or renew one's place at a case; who else is there."""
        mine = {"case": case, "session": person.session, "role": person.role, "party": person.party}
        until = {"until": now + HERE}
        await self._presences.update_one({"_id": f"{case} {person.session}"}, {"$set": mine | until}, upsert=True)
        others = {"case": case, "session": {"$ne": person.session}, "until": {"$gt": now}}
        return [Presence(doc["role"], doc["party"]) async for doc in self._presences.find(others).limit(20)]

    # Bulk results -----------------------------------------------------------------------------------------------------

    async def keep_bulk(self, principal: str, bulk: Bulk) -> None:
        """The first result of a bulk stays: a repeated press does nothing twice."""
        results = [{"case": each.case, "done": each.done, "reason": each.reason} for each in bulk.results]
        doc = {"principal": principal, "action": bulk.action, "results": results, "at": bulk.at}
        doc["until"] = bulk.at + RESULTS_KEPT
        await self._bulks.update_one({"_id": bulk.id}, {"$setOnInsert": doc}, upsert=True)

    async def bulk(self, principal: str, id: str) -> Bulk | None:
        doc = await self._bulks.find_one({"_id": id, "principal": principal})
        return Bulk(doc["_id"], doc["action"], [Result(**each) for each in doc["results"]], doc["at"]) if doc else None


def _filter(doc: Mapping[str, Any]) -> SavedFilter:
    names = [name for name in SavedFilter.__slots__ if name != "id"]
    return SavedFilter(id=doc["_id"], **{name: doc[name] for name in names})
