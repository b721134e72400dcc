"""Links, the things that something has happened to, and what each demand's maker has been told."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import TypeAdapter
from pymongo import DeleteOne, UpdateOne

from linli.contracts.intake.subscription import Hears
from linli.contracts.neighbourhood.lineage import story_of
from linli.messaging.event_store import EventStore
from linli.storage import mongo
from neighbourhood.affairs.stories import Kept, Stories
from neighbourhood.lineage.domain.links import Kind, Link, Thing, newest
from neighbourhood.lineage.domain.web import wanted

LINK = TypeAdapter(Link)


@dataclass(frozen=True, slots=True)
class ToldOf:
    """What was told of a demand. `version` is the number of events of that story."""

    demand: str
    told: frozenset[str] = field(default_factory=frozenset)
    """Messages, by id."""
    version: int = 0


TOLD: Kept[ToldOf] = Kept(
    collection="demands", kind=ToldOf, name=lambda told: story_of(told.demand), found_by=lambda _: {}
)


class Links:
    """All links of this service's database."""

    def __init__(self, database: mongo.Database, events: EventStore) -> None:
        self._links, self._touched = database.lineage_links, database.lineage_touched
        self._levels = database.lineage_levels
        self.told: Stories[ToldOf] = Stories(database, events, TOLD)

    async def write(self, links: Iterable[Link], now: datetime, session: mongo.Session) -> None:
        """Each, unless a later one of its story is there. What they come from is looked at soon after."""
        latest = newest(links)
        if not latest:
            return
        changes = [_put(each) for each in latest.values()]
        await self._links.bulk_write(changes, ordered=False, session=session)
        touched = {_name(each.source) for each in latest.values()}
        marks = [UpdateOne({"_id": name}, {"$set": {"at": now}}, upsert=True) for name in sorted(touched)]
        await self._touched.bulk_write(marks, ordered=False, session=session)

    async def thin(self, demand: str, level: Hears, session: mongo.Session) -> None:
        """How much is told of it from now on. No event, so the version stays."""
        await self._levels.update_one({"_id": demand}, {"$set": {"level": level.value}}, upsert=True, session=session)

    async def level(self, demand: str, session: mongo.Session) -> Hears:
        found = await self._levels.find_one({"_id": demand}, session=session)
        return Hears(found["level"]) if found else Hears.MILESTONES

    async def touched(self, limit: int) -> dict[Thing, datetime]:
        """What something has happened to, the longest ago first."""
        found = await self._touched.find({}).sort("at", 1).limit(limit).to_list(None)
        return {_thing(doc["_id"]): doc["at"] for doc in found}

    async def seen_to(self, things: dict[Thing, datetime]) -> None:
        """They were looked at; what has happened to one since then stays."""
        gone = [DeleteOne({"_id": _name(thing), "at": at}) for thing, at in things.items()]
        if gone:
            await self._touched.bulk_write(gone, ordered=False)

    async def demands_of(self, things: Collection[Thing]) -> frozenset[str]:
        """The demands that lead to any of these things."""
        looked, found, next_ = set[Thing](), set[str](), set(things)
        while next_:
            found |= {each.id for each in next_ if each.kind is Kind.DEMAND}
            looked |= next_
            names = [_name(each) for each in next_]
            sources = self._links.find({"target": {"$in": names}}, {"source": 1})
            next_ = {_thing(doc["source"]) async for doc in sources} - looked
        return frozenset(found)

    async def around(self, demand: str, session: mongo.Session | None = None) -> Sequence[Link]:
        """All links that the lineage of a demand is worked out of."""
        links: list[Link] = []
        asked: set[Thing] = set()
        while missing := wanted(demand, links, asked):
            names = [_name(each) for each in missing]
            asked |= missing
            cursor = self._links.find({"source": {"$in": names}}, {"link": 1}, session=session)
            links += [LINK.validate_json(doc["link"]) async for doc in cursor]
        return links


def _put(link: Link) -> UpdateOne:
    """One operation: put it there unless a later one is there. A pipeline sees whether it is new or older."""
    values = {
        "source": _name(link.source),
        "target": _name(link.target),
        "sequence": link.sequence,
        "link": LINK.dump_json(link).decode(),
    }
    older = {"$gt": [link.sequence, {"$ifNull": ["$sequence", 0]}]}
    stages = [{"$set": {name: {"$cond": [older, {"$literal": new}, f"${name}"]} for name, new in values.items()}}]
    # One stage reads all its fields before it sets any of them.
    return UpdateOne({"_id": link.id}, stages, upsert=True)


def _name(thing: Thing) -> str:
    return f"{thing.kind}:{thing.id}"


def _thing(name: str) -> Thing:
    kind, _, id = name.partition(":")
    return Thing(Kind(kind), id)
