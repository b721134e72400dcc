"""Workflow's database: cases, their events, the communities' data. The only file here that speaks MongoDB.

`events` is a case's history and the outbox in one: a document is written once, unsent, and stays.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import orjson
from pymongo import ReplaceOne, UpdateOne

from linli import audit, idempotency, inbox_store, mongo, outbox
from linli.contracts.base import Event
from linli.contracts.case import CaseState, Deadline, Stage, Waiting
from linli.contracts.community import Community, CommunityPublished
from linli.contracts.envelope import Envelope
from linli.contracts.key import KeyPublished
from linli.contracts.kinds import Channel, Kind, Language
from linli.contracts.submission import Point
from linli.likeness import APART
from linli.outbox import Unsent
from workflow.domain.case import Case, Evidence
from workflow.domain.directory import Directory
from workflow.domain.keys import ApiKey
from workflow.domain.repeats import STILL_OPEN


@dataclass(frozen=True, slots=True)
class Change:
    """A case after what has happened to it, and the events of that; `before` is the version that was read, 0 if new."""

    case: Case
    before: int
    events: Sequence[Envelope[Event]]


_TOPICS: Mapping[type[Event], str] = {CommunityPublished: "community", KeyPublished: "principals"}
"""Where an event goes that is not a case's."""


MOST_NEAR = 400
"""So many open cases are looked at when repeats of one are looked for; of others a quarter."""


class WorkflowStore:
    """Cases, events, communities and API keys. `topic` makes a topic's full name of its short one."""

    def __init__(self, database: mongo.Database, topic: Callable[[str], str]) -> None:
        self._db, self._topic = database, topic
        self._directories: dict[tuple[str, int], Directory] = {}

    async def now(self) -> datetime:
        """The database server's time: one clock for all processes, so that no jump of one's moves a deadline."""
        answer = await self._db.command("hello")
        local: datetime = answer["localTime"]
        return local if local.tzinfo else local.replace(tzinfo=UTC)

    # Cases -----------------------------------------------------------------------------------------------------------

    async def cases(self, ids: Iterable[str], session: mongo.Session | None = None) -> dict[str, Case]:
        """The cases that exist, by id."""
        cursor = self._db.cases.find({"_id": {"$in": list(ids)}}, session=session)
        return {doc["_id"]: _case(doc) for doc in await cursor.to_list(None)}

    async def with_families(self, cases: Iterable[Case], session: mongo.Session | None = None) -> list[Case]:
        """These cases, and those that they follow or are followed by, are parts of or were split into; in one look."""
        known = {case.id: case for case in cases}
        roots = sorted({case.root for case in known.values() if not case.alone})
        if roots:
            of_them = {"$in": roots}
            query = {"$or": [{"_id": of_them}, {"merged_into": of_them}, {"part_of": of_them}]}
            found = await self._db.cases.find(query, session=session).to_list(None)
            known |= {doc["_id"]: _case(doc) for doc in found}
        return list(known.values())

    async def save(self, changes: Sequence[Change], now: datetime, session: mongo.Session) -> list[Unsent]:
        """Write cases and their events, together. Who wrote a case meanwhile makes the transaction run again."""
        new = [_document(change.case) for change in changes if change.before == 0]
        moved = [
            ReplaceOne({"_id": change.case.id, "version": change.before}, _document(change.case))
            for change in changes
            if change.before
        ]
        if new:
            await self._db.cases.insert_many(new, ordered=False, session=session)
        if moved:
            await self._db.cases.bulk_write(moved, ordered=False, session=session)
        return await self._append([event for change in changes for event in change.events], now, session)

    async def _append(
        self, envelopes: Sequence[Envelope[Event]], now: datetime, session: mongo.Session
    ) -> list[Unsent]:
        documents, unsent = [], []
        for envelope in envelopes:
            message = outbox.outgoing(envelope, self._topic(_TOPICS.get(type(envelope.data), "cases")))
            place = {"_id": envelope.id, "subject": envelope.subject, "sequence": envelope.sequence}
            documents.append(place | {"type": envelope.type, "at": envelope.time} | outbox.fields(message, now))
            unsent.append(Unsent(envelope.id, "events", message))
        if documents:
            await self._db.events.insert_many(documents, ordered=False, session=session)
        return unsent

    async def forget(self, ids: Sequence[str], session: mongo.Session) -> set[str]:
        """Empty the events of these cases, and the answers that tell of them, of what people wrote; in which it was."""
        cursor = self._db.events.find({"subject": {"$in": list(ids)}}, {"subject": 1, "outgoing": 1}, session=session)
        changes, told = [], set()
        for doc in await cursor.to_list(None):
            if (value := outbox.forgotten(doc)) is not None:
                changes.append(UpdateOne({"_id": doc["_id"]}, {"$set": {"outgoing.value": value}}))
                told.add(doc["subject"])
        if changes:
            await self._db.events.bulk_write(changes, ordered=False, session=session)
        await idempotency.forget(self._db, ids, session)
        return told

    async def due(self, now: datetime, limit: int, session: mongo.Session | None = None) -> list[Case]:
        """Cases at which the timer is to look, the longest due first."""
        cursor = (
            self._db.cases.find({"due_at": {"$lte": now}}, session=session, hint="due").sort("due_at", 1).limit(limit)
        )
        return [_case(doc) for doc in await cursor.to_list(None)]

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

    async def history(self, case_id: str) -> list[dict[str, Any]]:
        """The events of a case in order: `{sequence, type, at, data}`."""
        cursor = self._db.events.find({"subject": case_id}).sort("sequence", 1)
        return [
            {
                "sequence": doc["sequence"],
                "type": doc["type"],
                "at": doc["at"],
                "data": orjson.loads(doc["outgoing"]["value"]),
            }
            for doc in await cursor.to_list(None)
        ]

    async def tracked(self, tracking_hash: str) -> Case | None:
        doc = await self._db.cases.find_one({"tracking_hash": tracking_hash})
        return _case(doc) if doc else None

    async def listing(self, filters: Mapping[str, Any], after: str | None, limit: int) -> list[Case]:
        """Newest first; ids grow with time and never change, so a page stays where it was while others write."""
        query = dict(filters) | ({"_id": {"$lt": after}} if after else {})
        cursor = self._db.cases.find(query).sort("_id", -1).limit(limit)
        return [_case(doc) for doc in await cursor.to_list(None)]

    async def all_of(self, community: str, batch: int) -> AsyncIterator[list[Case]]:
        """Every case of a community, some at a time, oldest first."""
        after = ""
        while True:
            cursor = self._db.cases.find({"community": community, "_id": {"$gt": after}}).sort("_id", 1).limit(batch)
            found = [_case(doc) for doc in await cursor.to_list(None)]
            if not found:
                return
            yield found
            after = found[-1].id

    async def count(self, filters: Mapping[str, Any]) -> int:
        return int(await self._db.cases.count_documents(dict(filters)))

    async def counts(self, filters: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Cases by community, party and state: `{community, party, state, cases}`."""
        group = {"_id": {"community": "$community", "party": "$party", "state": "$state"}, "cases": {"$sum": 1}}
        pipeline: list[Mapping[str, Any]] = [{"$match": dict(filters)}, {"$group": group}]
        return [row["_id"] | {"cases": row["cases"]} async for row in self._db.cases.aggregate(pipeline)]

    async def measures(self, filters: Mapping[str, Any], by: str, zone: str) -> list[dict[str, Any]]:
        """Cases by a field, or by the month of their opening; the names of the sums are in `group` below."""
        month = {"$dateToString": {"date": "$opened_at", "format": "%Y-%m", "timezone": zone}}
        # A follower is no matter of its own, and a part one for its party alone; its reporter's answers count like any.
        others = [{"$gt": ["$merged_into", None]}] + ([] if by == "party" else [{"$gt": ["$part_of", None]}])
        counts = {"$not": [{"$or": others}]}
        group: dict[str, Any] = {
            "_id": month if by == "month" else f"${by}",
            "cases": {"$sum": _if(counts)},
            "resolved": {"$sum": _if({"$and": [counts, {"$gt": ["$resolved_at", None]}]})},
            "escalated": {"$sum": _if({"$and": [counts, {"$gt": ["$escalations", 0]}]})},
            "answers": {"$sum": _if({"$gt": ["$followed_up_at", None]})},
        } | {name: {"$sum": _if({"$eq": [f"${name}", True]})} for name in ("contacted", "solved", "satisfied")}
        pipeline: list[Mapping[str, Any]] = [{"$match": dict(filters)}, {"$group": group}, {"$sort": {"_id": 1}}]
        return [{"key": row.pop("_id")} | row async for row in self._db.cases.aggregate(pipeline)]

    async def returns(self, filters: Mapping[str, Any]) -> dict[str, int]:
        """How often each party has handed a case back."""
        pipeline: list[Mapping[str, Any]] = [
            {"$match": dict(filters)},
            {"$unwind": "$returned_by"},
            {"$group": {"_id": "$returned_by", "times": {"$sum": 1}}},
        ]
        return {row["_id"]: row["times"] async for row in self._db.cases.aggregate(pipeline)}

    async def near(self, case: Case, parties: frozenset[str] | None) -> list[Case]:
        """Cases that may be the same matter by where they are, newest first, without `case`; `parties` limits whose.

        Of its neighbourhood and of none, the newest; of its surroundings, the nearest. Of a case that says neither, the
        newest of the community. Merged ones and parts are left out: what they follow, or were split from, is there.
        """
        filters: dict[str, Any] = {"community": case.community, "merged_into": None, "part_of": None}
        filters["_id"] = {"$ne": case.id}
        if parties is not None:
            filters["party"] = {"$in": sorted(parties)}
        found: dict[str, Case] = {}
        for query, hint, most in _surroundings(case):
            cursor = self._db.cases.find(filters | query, hint=hint)
            cursor = (cursor if "location" in query else cursor.sort("_id", -1)).limit(most)
            found |= {doc["_id"]: _case(doc) for doc in await cursor.to_list(None)}
        return sorted(found.values(), key=lambda each: each.id, reverse=True)

    async def states(self, ids: Sequence[str]) -> dict[str, str]:
        """The state of each case that exists."""
        cursor = self._db.cases.find({"_id": {"$in": list(ids)}}, {"state": 1})
        return {doc["_id"]: doc["state"] for doc in await cursor.to_list(None)}

    async def ended(self, ids: Sequence[str]) -> dict[str, datetime]:
        """When something last happened to each case that is closed or withdrawn."""
        over = {"$in": [CaseState.CLOSED.value, CaseState.WITHDRAWN.value]}
        cursor = self._db.cases.find({"_id": {"$in": list(ids)}, "state": over}, {"updated_at": 1})
        return {doc["_id"]: doc["updated_at"] for doc in await cursor.to_list(None)}

    # Communities -----------------------------------------------------------------------------------------------------

    async def directories(self, session: mongo.Session | None = None) -> dict[str, Directory]:
        """The newest version of each community; only a version that is new to this process is read whole."""
        heads = await self._db.communities.find({}, {"version": 1}, session=session).to_list(None)
        return {head["_id"]: await self._directory(head["_id"], head["version"], session) for head in heads}

    async def directory(self, id: str, version: int | None = None) -> Directory | None:
        """One version of a community, the newest unless said."""
        if version is None:
            head = await self._db.communities.find_one({"_id": id}, {"version": 1})
            if head is None:
                return None
            version = int(head["version"])
        try:
            return await self._directory(id, version, None)
        except LookupError:
            return None

    async def _directory(self, id: str, version: int, session: mongo.Session | None) -> Directory:
        known = self._directories.get((id, version))
        if known is None:
            doc = await self._db.community_versions.find_one({"_id": f"{id}:{version}"}, session=session)
            if doc is None:
                raise LookupError(f"{id}:{version}")
            known = self._directories[id, version] = Directory(Community.model_validate_json(doc["data"]), version)
            while len(self._directories) > 50:
                self._directories.pop(next(iter(self._directories)))
        return known

    async def publish(self, community: Community, now: datetime, session: mongo.Session) -> tuple[int, list[Unsent]]:
        """Store a community as its next version, unless it is what there is. Returns the version in force."""
        data = community.model_dump_json()
        head = await self._db.communities.find_one({"_id": community.id}, session=session)
        version = int(head["version"]) if head else 0
        if head:
            present = await self._db.community_versions.find_one({"_id": f"{community.id}:{version}"}, session=session)
            if present and present["data"] == data:
                return version, []
        version += 1
        name = f"{community.id}:{version}"
        await self._db.community_versions.insert_one({"_id": name, "data": data, "at": now}, session=session)
        await self._db.communities.update_one(
            {"_id": community.id}, {"$set": {"version": version, "name": community.name}}, upsert=True, session=session
        )
        envelope = Envelope(
            source="linli/workflow",
            subject=community.id,
            sequence=version,
            time=now,
            correlationid=community.id,
            data=CommunityPublished(version=version, community=community),
        )
        return version, await self._append([envelope], now, session)

    async def community_heads(self) -> list[dict[str, Any]]:
        """`{id, name, version}` of each community."""
        heads = await self._db.communities.find({}).sort("_id", 1).to_list(None)
        return [{"id": doc["_id"], "name": doc["name"], "version": doc["version"]} for doc in heads]

    # API keys --------------------------------------------------------------------------------------------------------

    async def key(self, id: str) -> ApiKey | None:
        doc = await self._db.api_keys.find_one({"_id": id})
        return _key(doc) if doc else None

    async def published_key(self, id: str) -> KeyPublished | None:
        """A key as the other services know it: here it is read from disk, so that what is revoked is so at once."""
        found = await self.key(id)
        return found.published if found else None

    async def api_keys(self) -> list[ApiKey]:
        """All of them, newest first."""
        cursor = self._db.api_keys.find({}).sort([("created_at", -1), ("_id", -1)])
        return [_key(doc) for doc in await cursor.to_list(None)]

    async def save_key(self, key: ApiKey, now: datetime, session: mongo.Session) -> list[Unsent]:
        """Write a key as it is now, with the event that tells the other services."""
        published = key.published
        document = {"name": key.name, "last_four": key.last_four, "created_at": key.created_at, "by": key.created_by}
        document["published"] = published.model_dump_json()
        await self._db.api_keys.replace_one({"_id": published.key_id}, document, upsert=True, session=session)
        envelope = Envelope("linli/workflow", published.key_id, published.version, now, published.key_id, published)
        return await self._append([envelope], now, session)


def _surroundings(case: Case) -> Iterator[tuple[dict[str, Any], str, int]]:
    """Queries for what is where a case is, each with its index and how many of it are looked at."""
    if case.neighbourhood is None and case.location is None:
        yield {}, "community", MOST_NEAR
        return
    around = {"neighbourhood": {"$in": [case.neighbourhood, None]}}
    yield around | {"state": {"$in": [state.value for state in STILL_OPEN]}}, "surroundings", MOST_NEAR
    yield around | {"state": CaseState.CLOSED.value}, "surroundings", MOST_NEAR // 4
    if case.location:
        point = {"type": "Point", "coordinates": [case.location.lon, case.location.lat]}
        yield {"location": {"$nearSphere": {"$geometry": point, "$maxDistance": APART}}}, "location", MOST_NEAR // 4


def _key(doc: mongo.Document) -> ApiKey:
    return ApiKey(
        name=doc["name"],
        last_four=doc["last_four"],
        created_at=doc["created_at"],
        created_by=doc["by"],
        published=KeyPublished.model_validate_json(doc["published"]),
    )


def _if(condition: Mapping[str, Any]) -> dict[str, Any]:
    return {"$cond": [condition, 1, 0]}


def _document(case: Case) -> mongo.Document:
    document = {name: getattr(case, name) for name in _PLAIN}
    lon_lat = [case.location.lon, case.location.lat] if case.location else None
    enums = {name: value.value if (value := getattr(case, name)) else None for name in _ENUMS}
    sets = {name: sorted(getattr(case, name)) for name in _SETS}
    sparse = {name: value for name in _SPARSE if (value := getattr(case, name)) is not None}
    evidence = [asdict(each) | {"stage": each.stage.value} for each in case.evidence]
    return {"_id": case.id} | document | enums | sets | sparse | {"location": lon_lat, "evidence": evidence}


def _case(doc: mongo.Document) -> Case:
    """A field that a document does not have yet has its default."""
    lon_lat = doc["location"]
    fields: dict[str, Any] = {name: doc[name] for name in (*_PLAIN, *_SPARSE) if name in doc}
    fields |= {name: kind(doc[name]) for name, kind in _ENUMS.items() if doc.get(name) is not None}
    fields |= {name: tuple(doc.get(name, ())) for name in _LISTS}
    fields |= {name: frozenset(map(Deadline, doc.get(name, ()))) for name in _SETS}
    fields["evidence"] = tuple(Evidence(**each | {"stage": Stage(each["stage"])}) for each in doc.get("evidence", ()))
    return Case(**fields, id=doc["_id"], location=Point(lon=lon_lat[0], lat=lon_lat[1]) if lon_lat else None)


_ENUMS: dict[str, type[StrEnum]] = {
    "kind": Kind,
    "channel": Channel,
    "state": CaseState,
    "language": Language,
    "waiting_for": Waiting,
    "had_state": CaseState,
}
_SETS = ("missed", "reminded")
_LISTS = ("returned_by", "followers", "parts")
_SPARSE = ("due_at", "escalated_to", "merged_into", "part_of")
"""Left out where there is none, so that their indexes hold only what is due, or has gone up."""
_NOT_PLAIN = {"id", "location", "evidence", *_SPARSE, *_ENUMS, *_SETS}
_PLAIN = tuple(name for name in Case.__slots__ if name not in _NOT_PLAIN)


# Migrations ----------------------------------------------------------------------------------------------------------


async def m001_case_indexes(database: mongo.Database) -> None:
    """What lists, counts and tracking look cases up by."""
    await database.cases.create_index("tracking_hash", unique=True, name="tracking_hash")
    await database.cases.create_index("opened_at", name="opened_at")
    for field in ("state", "party", "community", "neighbourhood", "category", "kind"):
        await database.cases.create_index([(field, 1), ("_id", -1)], name=field)


async def m002_event_indexes(database: mongo.Database) -> None:
    """A case's history in order, and what is unsent."""
    await database.events.create_index([("subject", 1), ("sequence", 1)], unique=True, name="story")
    await outbox.create_index(database.events)


async def m003_inbox_indexes(database: mongo.Database) -> None:
    """Held and parked records; remembered idempotency keys."""
    await inbox_store.create_indexes(database)
    await idempotency.create_index(database)


async def m004_collections(database: mongo.Database) -> None:
    """Collections that transactions write to exist before them, so that no first batch meets a catalogue change."""
    present = await database.list_collection_names()
    for name in ("inbox_offsets", "inbox_streams", "communities", "community_versions", "idempotency", "leases"):
        if name not in present:
            await database.create_collection(name)


async def m005_due_cases(database: mongo.Database) -> None:
    """The timer's queue; a case from before there was one is looked at once, and then has its next moment."""
    await database.cases.create_index("due_at", sparse=True, name="due")
    await database.cases.create_index(
        [("escalated_to", 1), ("_id", -1)],
        partialFilterExpression={"escalated_to": {"$exists": True}},
        name="escalated_to",
    )
    states = (CaseState.TRIAGE, CaseState.DISPATCHED, CaseState.ACCEPTED, CaseState.RETURNED)
    open_states = [state.value for state in states]
    day, week = ({"$add": ["$$NOW", days * 86_400_000]} for days in (1, 7))
    # Nobody has watched until now: what is late already gets another day before it goes up.
    running = {
        "due_at": "$$NOW",
        "clock_from": "$$NOW",
        "accept_by": {"$max": ["$accept_by", day]},
        "resolve_by": {"$max": [{"$ifNull": ["$resolve_by", week]}, day]},
        "first_party": "$party",
    }
    unwatched = {"due_at": {"$exists": False}, "clock_from": {"$exists": False}}
    await database.cases.update_many({"state": {"$in": open_states}} | unwatched, [{"$set": running}])
    resolved = {"due_at": "$$NOW", "resolved_at": {"$ifNull": ["$resolved_at", "$updated_at"]}}
    await database.cases.update_many({"state": CaseState.RESOLVED.value} | unwatched, [{"$set": resolved}])


async def m006_api_keys(database: mongo.Database) -> None:
    """Keys are written in a transaction; so is the first one."""
    if "api_keys" not in await database.list_collection_names():
        await database.create_collection("api_keys")


async def m007_surroundings(database: mongo.Database) -> None:
    """What may be the same matter: cases of a neighbourhood by state, newest first, and cases near a point."""
    order = [("community", 1), ("neighbourhood", 1), ("state", 1), ("_id", -1)]
    await database.cases.create_index(order, name="surroundings")
    await database.cases.create_index([("community", 1), ("location", "2dsphere")], name="location")


async def m008_audit(database: mongo.Database) -> None:
    """What the audit log is asked by."""
    await audit.create_indexes(database)


async def m009_awaiting_follow_up(database: mongo.Database) -> None:
    """Whom to call: what is resolved and has no answer yet."""
    resolved = {"state": CaseState.RESOLVED.value}
    await database.cases.update_many(resolved | {"answers": {"$exists": False}}, {"$set": {"answers": 0}})
    await database.cases.create_index(
        [("answers", 1), ("_id", -1)],
        partialFilterExpression=resolved | {"answers": 0},
        name="awaiting_follow_up",
    )


async def m010_evidence_files(database: mongo.Database) -> None:
    """Which files are a case's: an erasure deletes them, in a transaction."""
    await database["photos.files"].create_index("metadata.of", name="of", sparse=True)
    if "photos.chunks" not in await database.list_collection_names():
        await database.create_collection("photos.chunks")


async def m011_families(database: mongo.Database) -> None:
    """What follows a case, and what it was split into."""
    for field in ("merged_into", "part_of"):
        await database.cases.create_index(
            [(field, 1), ("_id", -1)], partialFilterExpression={field: {"$exists": True}}, name=field
        )


MIGRATIONS = (
    m001_case_indexes,
    m002_event_indexes,
    m003_inbox_indexes,
    m004_collections,
    m005_due_cases,
    m006_api_keys,
    m007_surroundings,
    m008_audit,
    m009_awaiting_follow_up,
    m010_evidence_files,
    m011_families,
)
