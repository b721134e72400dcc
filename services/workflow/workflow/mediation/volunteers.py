"""The list of volunteers who mediate. A name is here and in the mediations they take part in, and in no event."""

from dataclasses import dataclass
from datetime import datetime

from linli.storage import mongo

MOST_LISTED = 500


@dataclass(frozen=True, slots=True)
class Volunteer:
    """One of a community's. `party` is for whom they mediate, None for nobody."""

    id: str
    community: str
    name: str
    party: str | None
    since: datetime


class Volunteers:
    """Those of all communities."""

    def __init__(self, database: mongo.Database) -> None:
        self._mediators = database.mediators

    async def add(self, volunteer: Volunteer, session: mongo.Session) -> None:
        doc = {name: getattr(volunteer, name) for name in Volunteer.__slots__ if name != "id"}
        await self._mediators.insert_one({"_id": volunteer.id, **doc}, session=session)

    async def one(self, id: str, session: mongo.Session | None = None) -> Volunteer | None:
        doc = await self._mediators.find_one({"_id": id}, session=session)
        return _volunteer(doc) if doc else None

    async def of(self, community: str) -> list[Volunteer]:
        """Who may be asked, in the order they came."""
        found = self._mediators.find({"community": community}).sort([("community", 1), ("_id", 1)])
        return [_volunteer(doc) for doc in await found.limit(MOST_LISTED).to_list(None)]

    async def remove(self, id: str) -> bool:
        """Their name goes at once; where they have mediated, it goes with what was written there."""
        return bool((await self._mediators.delete_one({"_id": id})).deleted_count)


def _volunteer(doc: mongo.Document) -> Volunteer:
    return Volunteer(doc["_id"], doc["community"], doc["name"], doc["party"], doc["since"])
