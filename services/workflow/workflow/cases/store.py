"""Workflow's database: cases and their history."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

import orjson
from pymongo import UpdateOne
from pymongo.errors import ExecutionTimeout

from linli.contracts.base import Scope
from linli.contracts.workflow.case import (
    CaseEvent,
    CaseJoined,
    CaseMerged,
    CaseProgressed,
    CaseRedacted,
    CaseResolved,
    CaseState,
)
from linli.messaging import outbox
from linli.messaging.event_store import EventStore
from linli.messaging.outbox import Unsent
from linli.storage import mongo
from linli.storage.aggregates import Aggregates, Change
from linli.text.distinctive import distinctive_grams, sharing_most
from linli.text.likeness import APART
from linli.web import idempotency
from workflow.cases.document import NOT_READ, case_of, document_of
from workflow.cases.domain.access import Parties
from workflow.cases.domain.case import BEING_DEALT_WITH, Case
from workflow.cases.domain.repeats import STILL_OPEN, matter_of
from workflow.cases.order import Order, Place
from workflow.cases.unit_of_work import UnitOfWork
from workflow.community.domain.directory import Directory
from workflow.community.store import CommunityStore

E = TypeVar("E", bound=CaseEvent)
Follower: TypeAlias = Callable[[Sequence[Change[Case]], datetime, mongo.Session], Awaitable[list[Unsent]]]
"""Writes what follows from changes of cases, within their transaction; it may run again from the start."""
Joiner: TypeAlias = Callable[
    [UnitOfWork, Sequence[str], Mapping[str, Directory], datetime, mongo.Session], Awaitable[list[Unsent]]
]
"""Lets new cases, by id, join what they belong to before they are saved; it may run again from the start."""


@dataclass(frozen=True, slots=True)
class Steps:
    """Events of a case in order, each `{sequence, type, at, data}`; `earlier` is the first where others precede."""

    shown: Sequence[Mapping[str, Any]]
    earlier: int | None


STEPS_AT_ONCE = 200
"""Steps of a story in one answer: a megabyte and a half, were each as long as may be."""
COUNTED = 5_000
"""So many cases that have two letters side by side are counted, to see which letters tell most."""
MOST_NEAR = 400
"""So many open cases are looked at when repeats of one are looked for; of others a quarter."""


class CaseStore:
    """Cases and their events."""

    def __init__(self, database: mongo.Database, events: EventStore, communities: CommunityStore) -> None:
        self._db, self.communities = database, communities
        self._cases = Aggregates(database.cases, events, case_of, document_of, without=NOT_READ)
        self._followers: list[Follower] = []
        self.joiners: list[Joiner] = []
        """Later contexts that are asked of each batch of new cases."""

    def now(self) -> datetime:
        """The database's time."""
        return self.communities.now()

    # Cases -----------------------------------------------------------------------------------------------------------

    async def cases(self, ids: Iterable[str], session: mongo.Session | None = None) -> dict[str, Case]:
        """The cases that exist, by id."""
        return await self._cases.load(ids, session)

    async def with_families(self, cases: Iterable[Case], session: mongo.Session | None = None) -> list[Case]:
        """These cases, and those that they follow or are followed by, are parts of or were split into; in one look.

        Where all stand alone there is none.
        """
        known = {case.id: case for case in cases}
        roots = sorted({case.root for case in known.values() if not case.alone})
        if not roots:
            return list(known.values())
        of_them = {"$in": roots}
        query = {"$or": [{"_id": of_them}, {"merged_into": of_them}, {"part_of": of_them}]}
        found = await self._db.cases.find(query, NOT_READ, session=session).to_list(None)
        return list((known | {doc["_id"]: case_of(doc) for doc in found}).values())

    async def save(self, changes: Sequence[Change[Case]], now: datetime, session: mongo.Session) -> list[Unsent]:
        """Write cases and their events, together (`Aggregates.save`), and what other contexts make of them."""
        unsent = await self._cases.save(changes, now, session)
        for follow in self._followers:
            unsent += await follow(changes, now, session)
        return unsent

    def followed_by(self, follow: Follower) -> None:
        """Ask a later context, in the transaction of every change, what follows from it there."""
        self._followers.append(follow)

    async def families(self, ids: Collection[str], session: mongo.Session | None = None) -> dict[str, set[str]]:
        """For each of these, itself and all that it was ever merged with: staff's text in one is in all."""
        heads = {id: {id} for id in ids}
        for merged in await self._told(ids, CaseMerged, session):
            heads[merged.case_id].add(merged.into)
        followers: dict[str, set[str]] = {}
        for join in await self._told(set().union(*heads.values()), CaseJoined, session):
            followers.setdefault(join.case_id, set()).update((join.joined, *join.also))
        return {id: theirs.union(*(followers.get(head, ()) for head in theirs)) for id, theirs in heads.items()}

    async def _told(self, ids: Collection[str], of: type[E], session: mongo.Session | None) -> list[E]:
        query = {"subject": {"$in": list(ids)}, "type": of.TYPE}
        found = await self._db.events.find(query, {"outgoing.value": 1}, session=session).to_list(None)
        return [of.model_validate_json(doc["outgoing"]["value"]) for doc in found]

    async def promised(self, id: str, sequence: int, session: mongo.Session) -> CaseProgressed | CaseResolved | None:
        """The step of a case at this place of its story, if something was promised by it."""
        query = {"subject": id, "sequence": sequence}
        found = await self._db.events.find_one(query, {"type": 1, "outgoing.value": 1}, session=session)
        kinds: Mapping[str, type[CaseProgressed | CaseResolved]] = {k.TYPE: k for k in (CaseProgressed, CaseResolved)}
        if found is None or (kind := kinds.get(found["type"])) is None:
            return None
        made = kind.model_validate_json(found["outgoing"]["value"])
        return made if made.promise is not None else None

    async def forget(self, scopes: Mapping[str, Scope], photos: Sequence[str], session: mongo.Session) -> set[str]:
        """Erase that much of these cases' events, and delete stored answers about them.

        Returns the cases that had something to erase.
        """
        query = {"subject": {"$in": list(scopes)}}
        wanted = {"subject": 1, "sequence": 1, "type": 1, "outgoing": 1}
        cursor = self._db.events.find(query, wanted, session=session).sort([("subject", 1), ("sequence", 1)])
        changes, emptied, renamed = [], set(), set()
        for doc in await cursor.to_list(None):
            scope = scopes[doc["subject"]]
            if scope is Scope.PART and doc["type"] == CaseRedacted.TYPE:
                renamed.add(doc["subject"])
            if doc["subject"] in renamed:  # since then it has had title and text of its whole
                scope = Scope.STAFF
            if (value := outbox.forgotten(doc, scope)) is not None:
                changes.append(UpdateOne({"_id": doc["_id"]}, {"$set": {"outgoing.value": value}}))
                emptied.add(doc["subject"])
        if changes:
            await self._db.events.bulk_write(changes, ordered=False, session=session)
        await idempotency.forget(self._db, [*scopes, *photos], session)
        return emptied

    async def due(self, now: datetime, limit: int, session: mongo.Session | None = None) -> list[Case]:
        """Cases at which the timer is to look, the longest due first."""
        cursor = (
            self._db.cases.find({"due_at": {"$lte": now}}, NOT_READ, session=session, hint="due")
            .sort("due_at", 1)
            .limit(limit)
        )
        return [case_of(doc) for doc in await cursor.to_list(None)]

    async def reschedule(self, cases: Sequence[Case], session: mongo.Session) -> None:
        """Write only when the timer is to look again: nothing has happened to these."""
        changes = [
            UpdateOne(
                {"_id": case.id, "version": case.version},
                {"$set": {"due_at": case.due_at}} if case.due_at else {"$unset": {"due_at": ""}},
            )
            for case in cases
        ]
        if changes:
            await self._db.cases.bulk_write(changes, ordered=False, session=session)

    async def put_off(self, id: str, until: datetime) -> None:
        """Let the timer look at a case no sooner than then, whatever is due."""
        await self._db.cases.update_one({"_id": id}, {"$set": {"due_at": until}})

    async def history(self, case_id: str, before: int | None = None, without: Iterable[str] = ()) -> Steps:
        """The newest events of a case, or those before one, `without` those of some types.

        A story may be longer than anybody wants to read at once.
        """
        query: dict[str, Any] = {"subject": case_id} | ({"sequence": {"$lt": before}} if before else {})
        if left_out := list(without):
            query["type"] = {"$nin": left_out}
        cursor = self._db.events.find(query).sort("sequence", -1).limit(STEPS_AT_ONCE + 1)
        found = [
            {
                "sequence": doc["sequence"],
                "type": doc["type"],
                "at": doc["at"],
                "data": orjson.loads(doc["outgoing"]["value"]),
            }
            for doc in await cursor.to_list(None)
        ]
        shown = found[:STEPS_AT_ONCE][::-1]
        return Steps(shown, shown[0]["sequence"] if len(found) > STEPS_AT_ONCE else None)

    async def tracked(self, tracking_hash: str) -> Case | None:
        doc = await self._db.cases.find_one({"tracking_hash": tracking_hash}, NOT_READ)
        return case_of(doc) if doc else None

    async def listing(
        self, filters: Mapping[str, Any], after: Place | None, limit: int, order: Order = Order.NEWEST
    ) -> list[Case]:
        """In an order, what comes after a place in it: a page stays where it was while others write."""
        query: Mapping[str, Any] = {"$and": [filters, order.after(after)]} if after else filters
        cursor = self._db.cases.find(query, NOT_READ).sort(order.keys).limit(limit)
        return [case_of(doc) for doc in await cursor.to_list(None)]

    async def rarest(self, grams: Iterable[str]) -> list[str]:
        """The same, what fewest cases have first: by that one they are looked for. None is counted to the end."""
        counts = {gram: await self._db.cases.count_documents({"grams": gram}, limit=COUNTED) for gram in grams}
        return sorted(counts, key=lambda gram: (counts[gram], gram))

    async def all_of(self, community: str, batch: int) -> AsyncIterator[list[Case]]:
        """Every case of a community, some at a time, oldest first."""
        after = ""
        while True:
            cursor = (
                self._db.cases.find({"community": community, "_id": {"$gt": after}}, NOT_READ)
                .sort("_id", 1)
                .limit(batch)
            )
            found = [case_of(doc) for doc in await cursor.to_list(None)]
            if not found:
                return
            yield found
            after = found[-1].id

    async def count(self, filters: Mapping[str, Any]) -> int:
        """How many there are."""
        return int(await self._db.cases.count_documents(dict(filters)))

    async def count_within(self, filters: Mapping[str, Any], at_most: int, seconds: float) -> int | None:
        """The same, of which no more than that are counted; None where the database needs longer."""
        if (milliseconds := int(seconds * 1_000)) < 1:
            return None
        try:
            found = await self._db.cases.count_documents(dict(filters), limit=at_most, maxTimeMS=milliseconds)
        except ExecutionTimeout:
            return None
        return int(found)

    async def counts(self, filters: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Cases by community, party and state: `{community, party, state, cases}`."""
        group = {"_id": {"community": "$community", "party": "$party", "state": "$state"}, "cases": {"$sum": 1}}
        pipeline: list[Mapping[str, Any]] = [{"$match": dict(filters)}, {"$group": group}]
        return [row["_id"] | {"cases": row["cases"]} async for row in self._db.cases.aggregate(pipeline)]

    async def near(self, case: Case, parties: Parties | None, neighbourhoods: Sequence[str] = ()) -> list[Case]:
        """Cases that may be the same matter, newest first, without `case`; `parties` limits whose.

        By where they are: of its neighbourhood and of none, the newest; of its surroundings, the nearest; of a case
        that says neither, the newest of the community. By what they say: whatever their age, those with most of its
        telling letters, of its neighbourhood and of none, or of all `neighbourhoods` where it says none. Merged ones
        and parts are left out: what they follow, or were split from, is there.
        """
        filters: dict[str, Any] = {"community": case.community, "merged_into": None, "part_of": None}
        filters["_id"] = {"$ne": case.id}
        if parties is not None:
            filters["party"] = of_parties(parties)
        found: dict[str, Case] = {}
        for query, hint, most in _surroundings(case):
            cursor = self._db.cases.find(filters | query, NOT_READ, hint=hint)
            cursor = (cursor if "location" in query else cursor.sort("_id", -1)).limit(most)
            found |= {doc["_id"]: case_of(doc) for doc in await cursor.to_list(None)}
        around = [case.about.neighbourhood] if case.about.neighbourhood else neighbourhoods
        somewhere = {"neighbourhood": {"$in": [*around, None]}}
        alike = await sharing_most(self._db.cases, somewhere, "grams", distinctive_grams(matter_of(case)))
        states = {"state": {"$in": [state.value for state in (*STILL_OPEN, CaseState.CLOSED)]}}
        wanted = filters | states | {"_id": {"$in": [id for id in alike if id not in found and id != case.id]}}
        cursor = self._db.cases.find(wanted, NOT_READ, hint="_id_")
        found |= {doc["_id"]: case_of(doc) for doc in await cursor.to_list(None)}
        return sorted(found.values(), key=lambda each: each.id, reverse=True)

    async def open_in(
        self, community: str, neighbourhoods: Sequence[str | None], since: datetime, limit: int, session: mongo.Session
    ) -> list[Case]:
        """Cases of these neighbourhoods that are being dealt with by themselves and were said since then."""
        theirs: dict[str, Any] = {"community": community, "neighbourhood": {"$in": list(neighbourhoods)}}
        theirs |= {"state": {"$in": [state.value for state in STILL_OPEN]}, "submitted_at": {"$gte": since}}
        query = theirs | {"merged_into": None, "part_of": None}
        found = self._db.cases.find(query, NOT_READ, session=session, hint="surroundings").limit(limit)
        return [case_of(doc) for doc in await found.to_list(None)]

    async def open_with(
        self, community: str, parties: Collection[str], session: mongo.Session | None = None
    ) -> dict[str, int]:
        """How many cases each of these parties has to deal with; none where it has none."""
        being_dealt_with = {"$in": [state.value for state in BEING_DEALT_WITH]}
        theirs = {"community": community, "party": {"$in": sorted(parties)}, "state": being_dealt_with}
        pipeline: list[Mapping[str, Any]] = [
            {"$match": theirs | {"merged_into": None}},  # what follows another goes where that one goes
            {"$group": {"_id": "$party", "cases": {"$sum": 1}}},
            {"$sort": {"_id": 1}},
        ]
        return {row["_id"]: row["cases"] async for row in self._db.cases.aggregate(pipeline, session=session)}

    async def states(self, ids: Sequence[str]) -> dict[str, str]:
        """The state of each case that exists."""
        cursor = self._db.cases.find({"_id": {"$in": list(ids)}}, {"state": 1})
        return {doc["_id"]: doc["state"] for doc in await cursor.to_list(None)}

    async def ended(self, ids: Collection[str]) -> dict[str, datetime]:
        """When something last happened to each case that is closed or withdrawn."""
        over = {"$in": [CaseState.CLOSED.value, CaseState.WITHDRAWN.value]}
        cursor = self._db.cases.find({"_id": {"$in": list(ids)}, "state": over}, {"updated_at": 1})
        return {doc["_id"]: doc["updated_at"] for doc in await cursor.to_list(None)}


def _surroundings(case: Case) -> Iterator[tuple[dict[str, Any], str, int]]:
    """Queries for what is where a case is, each with its index and how many of it are looked at."""
    if case.about.neighbourhood is None and case.about.location is None:
        yield {}, "community", MOST_NEAR
        return
    around = {"neighbourhood": {"$in": [case.about.neighbourhood, None]}}
    yield around | {"state": {"$in": [state.value for state in STILL_OPEN]}}, "surroundings", MOST_NEAR
    yield around | {"state": CaseState.CLOSED.value}, "surroundings", MOST_NEAR // 4
    if case.about.location:
        point = {"type": "Point", "coordinates": [case.about.location.lon, case.about.location.lat]}
        yield {"location": {"$nearSphere": {"$geometry": point, "$maxDistance": APART}}}, "location", MOST_NEAR // 4


def of_parties(parties: Parties) -> dict[str, list[str]]:
    """What a query asks of a case's party."""
    return {"$nin" if parties.all_but else "$in": sorted(parties.ids)}
