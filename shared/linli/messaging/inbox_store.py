"""What an inbox keeps in its service's database: offsets, the streams' positions, held and parked records."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from bson import Binary
from pymongo import UpdateOne

from linli.application import telemetry
from linli.application.telemetry import MEASURED_EVERY
from linli.application.worker import repeatedly
from linli.contracts.base import Scope
from linli.contracts.envelope import StreamKey, Unreadable, sequence_claimed
from linli.contracts.erasure import ERASED, Forgetting, value_emptied
from linli.contracts.kinds import Language
from linli.messaging.kafka import Place, Received
from linli.messaging.story import MOST_HEADERS, Arrival, Parking, Plan, Stream, read, too_many_headers
from linli.storage import mongo
from linli.storage.clock import Now

log = structlog.get_logger()

OLDEST_MEASURED = 1_000
"""Parked records of which the reasons are counted: they are looked at every two seconds."""


class Fenced(Exception):
    """Another process has advanced a partition: this one has lost it, or read it twice."""


async def create_indexes(database: mongo.Database) -> None:
    """The indexes of the inbox's collections."""
    await database.inbox_held.create_index("subject", name="subject")
    await database.inbox_held.create_index("since", name="since")
    await create_parked_index(database)


async def create_parked_index(database: mongo.Database) -> None:
    """The index of parked records, for a service with copies of topics but no inbox."""
    await database.inbox_parked.create_index([("state", 1), ("parked_at", 1)], name="state")


async def start_over(database: mongo.Database) -> None:
    """Let the consumer read its topics from the beginning; it drops repetitions.

    A recreated topic counts from 0, so a stored offset would mean other records. A running consumer is fenced with
    its next batch and starts again.
    """
    await database.inbox_offsets.delete_many({})


class InboxStore:
    """One consumer group's part of a service's database."""

    def __init__(self, client: mongo.Client, database: mongo.Database, group: str, now: Now | None = None) -> None:
        """`now` says when a story was read last, for whoever looks for what became of it."""
        self._client, self._database, self._group, self._now = client, database, group, now

    # Offsets ---------------------------------------------------------------------------------------------------------

    def _offset_id(self, place: Place) -> str:
        return f"{self._group}/{place.topic}/{place.partition}"

    async def position(self, place: Place, begin: int, end: int, mine: mongo.Session) -> int:
        """The stored offset. Who had the partition before, and may have died in mid-batch, loses its transaction."""
        offsets, key = self._database.inbox_offsets, {"_id": self._offset_id(place)}
        session = mongo.session_id(mine)
        before = await offsets.find_one(key)
        if before and before.get("session") not in (None, session):
            await mongo.end_session(self._client, before["session"])
        stored = await offsets.find_one_and_update(
            key, {"$setOnInsert": {"next": begin}, "$set": {"session": session}}, upsert=True, return_document=True
        )
        position = int(stored["next"])
        if begin <= position <= end:
            return position
        # The topic was made anew, or retention ran past us: read what there is; what was seen has no effect again.
        if position < begin:
            telemetry.LOST_TO_RETENTION.labels(self._group, place.topic).inc(begin - position)
        log.error("position_moved", group=self._group, topic=place.topic, stored=position, begin=begin, end=end)
        await offsets.update_one(key | {"next": position}, {"$set": {"next": begin}})
        return begin

    async def without_position(self, places: Collection[Place]) -> set[Place]:
        """Those of them that nobody of the group has ever had."""
        ids = {self._offset_id(place): place for place in places}
        cursor = self._database.inbox_offsets.find({"_id": {"$in": list(ids)}}, {"_id": 1})
        return set(places) - {ids[doc["_id"]] for doc in await cursor.to_list(None)}

    async def fence(
        self, expected_next: Mapping[Place, int], spans: Mapping[Place, tuple[int, int]], session: mongo.Session
    ) -> None:
        """Advance each partition's offset from the expected value. Raises `Fenced` when one differs."""
        moves = []
        for place, (first, after) in spans.items():
            expected = expected_next.get(place)
            if expected is None or first < expected:
                raise Fenced(f"{place.topic}/{place.partition} was read before {expected}")
            if first > expected:
                telemetry.LOST_TO_RETENTION.labels(self._group, place.topic).inc(first - expected)
                log.error("records_expired", group=self._group, topic=place.topic, expected=expected, found=first)
            offset = {"_id": self._offset_id(place), "next": expected}
            moves.append(UpdateOne(offset, {"$set": {"next": after}}))
        result = await self._database.inbox_offsets.bulk_write(moves, session=session)
        if result.matched_count != len(moves):
            raise Fenced(f"{len(moves) - result.matched_count} of {len(moves)} partitions are not where they were left")

    # Streams, held and parked ----------------------------------------------------------------------------------------

    async def streams(self, keys: Sequence[StreamKey], session: mongo.Session) -> dict[StreamKey, Stream]:
        """The streams that are known, by key."""
        asked = {key.id: key for key in keys}
        cursor = self._database.inbox_streams.find({"_id": {"$in": list(asked)}}, session=session)
        found = [(asked[doc["_id"]], doc) for doc in await cursor.to_list(None)]
        return {key: Stream(key, doc["next"], tuple(doc.get("blocked_by", ()))) for key, doc in found}

    async def parked_before(self, arrivals: Sequence[Arrival], session: mongo.Session) -> set[str]:
        """Unreadable records that were parked when they came the first time."""
        ids = [arrival.parked_id for arrival in arrivals if arrival.event is None]
        if not ids:
            return set()
        cursor = self._database.inbox_parked.find({"_id": {"$in": ids}}, {"_id": 1}, session=session)
        return {doc["_id"] for doc in await cursor.to_list(None)}

    async def held(self, keys: Sequence[StreamKey], session: mongo.Session) -> dict[StreamKey, list[Arrival]]:
        """What waits in these streams."""
        found: dict[StreamKey, list[Arrival]] = defaultdict(list)
        if keys:
            asked, subjects = set(keys), [key.subject for key in keys]
            cursor = self._database.inbox_held.find({"subject": {"$in": subjects}}, session=session)
            for doc in await cursor.to_list(None):
                if (key := StreamKey(doc["source"], doc["subject"])) in asked:
                    found[key].append(read(received_of(doc), doc["source"]))
        return found

    async def store(self, decided: Plan, before: Mapping[StreamKey, Stream], session: mongo.Session) -> None:
        """Keep what a plan says, but for its effects."""
        fresh, moved = [], []
        read_at = {"at": self._now()} if self._now else {}
        for stream in decided.streams.values():
            state: dict[str, Any] = {"next": stream.next, **read_at}
            if stream.key in before:
                change: dict[str, Any] = {"$set": state}
                if stream.blocked_by:
                    state["blocked_by"] = list(stream.blocked_by)
                else:
                    change["$unset"] = {"blocked_by": ""}
                moved.append(UpdateOne({"_id": stream.key.id}, change))
            else:
                blocked = {"blocked_by": list(stream.blocked_by)} if stream.blocked_by else {}
                fresh.append({"_id": stream.key.id} | state | blocked)
        # Who takes at this moment what such an event waits for does not see that it waits: both write to the stream,
        # so that one of them begins anew.
        waiting = {event.stream for arrival in decided.hold if (event := arrival.event)} - decided.streams.keys()
        moved += [UpdateOne({"_id": key.id}, {"$inc": {"waited": 1}}) for key in waiting]
        if fresh:
            await self._database.inbox_streams.insert_many(fresh, ordered=False, session=session)
        if moved:
            await self._database.inbox_streams.bulk_write(moved, ordered=False, session=session)
        if decided.released:
            await self._database.inbox_held.delete_many({"_id": {"$in": decided.released}}, session=session)
        if decided.hold or decided.park:
            now = await mongo.server_time(self._database)
        if decided.hold:
            held = [
                {"_id": event.unique_id, "source": event.source, "subject": event.subject, "since": now}
                | document_of(arrival.record)
                for arrival in decided.hold
                if (event := arrival.event)
            ]
            await self._database.inbox_held.insert_many(held, session=session)
        if decided.park:
            await self._database.inbox_parked.insert_many(
                [_parked_document(parking, self._group, now) for parking in decided.park], session=session
            )

    async def park(self, parkings: Sequence[Parking], session: mongo.Session) -> None:
        """Keep records that cannot be read; one that is kept already stays as it is."""
        now = await mongo.server_time(self._database)
        documents = [_parked_document(parking, self._group, now) for parking in parkings]
        await self._database.inbox_parked.bulk_write(
            [UpdateOne({"_id": doc["_id"]}, {"$setOnInsert": doc}, upsert=True) for doc in documents], session=session
        )

    async def forget(self, stories: Mapping[StreamKey, Forgetting], session: mongo.Session) -> None:
        """Empty what is held and parked of these subjects of what people wrote; it can be applied as before.

        Whoever else tells of such a subject numbers events in another way: of those each is reached. A parked record
        that nobody could read, not even whose it is, loses its value when it names one of the subjects.
        """
        theirs = {"subject": {"$in": sorted({key.subject for key in stories})}}
        ids = [key.subject.encode() for key in stories]
        for collection, query in (
            (self._database.inbox_held, theirs),
            (self._database.inbox_parked, {"$or": [theirs, {"subject": None}]}),
        ):
            async for doc in collection.find(query, session=session, batch_size=50):  # a value has up to a megabyte
                if doc["subject"] is not None:
                    scopes = _reaching(doc, stories)
                else:
                    names_them = any(id in (doc["value"] or b"") for id in ids)
                    scopes = [Scope.PERSON] if names_them else []
                if scopes:
                    change = _forgotten(doc, scopes)
                    await collection.update_one({"_id": doc["_id"]}, {"$set": change}, session=session)

    async def decide(
        self, parked_id: str, state: str, by: str, session: mongo.Session, why: str | None = None
    ) -> Arrival:
        """Record an operator's decision; what was parked. Raises LookupError when nothing of that id is."""
        return await decide_parked(self._database, parked_id, state, by, session, why)

    async def unblock(self, stream: StreamKey | None, parked_id: str, session: mongo.Session) -> None:
        """A stream does not wait for this record any more."""
        if stream is not None:
            await self._database.inbox_streams.update_one(
                {"_id": stream.id}, {"$pull": {"blocked_by": parked_id}}, session=session
            )

    async def pass_over(self, stream: StreamKey, sequence: int | None, session: mongo.Session) -> None:
        """Continue the stream after a sequence that was given up."""
        await self._database.inbox_streams.update_one(
            {"_id": stream.id, "next": sequence}, {"$inc": {"next": 1}}, session=session
        )

    async def measure(self) -> None:
        """Parked and held, for the metrics."""
        await measure_parked(self._database)
        telemetry.HELD.set(await self._database.inbox_held.estimated_document_count())
        first = await self._database.inbox_held.find_one({}, {"since": 1}, sort=[("since", 1)])
        now = await mongo.server_time(self._database)
        telemetry.HELD_AGE.set((now - first["since"]).total_seconds() if first else 0)


async def park(database: mongo.Database, parking: Parking, group: str) -> bool:
    """Keep a record that a copy of a topic cannot read; whether it is new. The topic is read anew at every start."""
    document = _parked_document(parking, group, await mongo.server_time(database))
    kept = await database.inbox_parked.update_one({"_id": document["_id"]}, {"$setOnInsert": document}, upsert=True)
    return kept.upserted_id is not None


async def parked_arrival(database: mongo.Database, parked_id: str) -> Arrival:
    """What was parked and waits for a decision, read again. Raises LookupError."""
    document = await database.inbox_parked.find_one({"_id": parked_id, "state": "parked"})
    if document is None:
        raise LookupError(parked_id)
    return _arrival_of(document)


async def decide_parked(
    database: mongo.Database,
    parked_id: str,
    state: str,
    by: str,
    session: mongo.Session | None = None,
    why: str | None = None,
) -> Arrival:
    """Record an operator's decision; what was parked. Raises LookupError when nothing of that id waits for one."""
    decision = {"state": state, "decided_at": await mongo.server_time(database), "decided_by": by, "decided_why": why}
    document = await database.inbox_parked.find_one_and_update(
        {"_id": parked_id, "state": "parked"}, {"$set": decision}, session=session
    )
    if document is None:
        raise LookupError(parked_id)
    return _arrival_of(document)


def _arrival_of(parked: mongo.Document) -> Arrival:
    """One that was not authentic is not read: whether it is by now is for its reader to say."""
    record, writer = received_of(parked), parked["source"]
    if parked.get("authentic", True):
        return read(record, writer)
    return Arrival(record, writer, None, Unreadable(parked["reason"], parked["detail"]), authentic=False)


async def measure_parked(database: mongo.Database) -> None:
    """How many wait for a decision, why, and since when, for the metrics."""
    waiting: mongo.Document = {"state": "parked"}
    telemetry.PARKED.set(await database.inbox_parked.count_documents(waiting))
    oldest: list[mongo.Document] = [{"$match": waiting}, {"$sort": {"parked_at": 1}}, {"$limit": OLDEST_MEASURED}]
    group = {"_id": "$reason", "count": {"$sum": 1}, "first": {"$min": "$parked_at"}}
    found = await database.inbox_parked.aggregate([*oldest, {"$group": group}]).to_list(None)
    now = await mongo.server_time(database)
    # What a hand has put there, or taken from, ends no service.
    ages = ((now - each["first"]).total_seconds() for each in found if each["first"])
    telemetry.PARKED_AGE.set(max(ages, default=0))
    telemetry.PARKED_BY_REASON.clear()
    for each in found:
        telemetry.PARKED_BY_REASON.labels(each["_id"] or "").set(each["count"])


def parked_unknown() -> None:
    """While nobody can count them."""
    telemetry.forget(telemetry.PARKED, telemetry.PARKED_AGE)
    telemetry.PARKED_BY_REASON.clear()


async def keep_measuring_parked(database: mongo.Database) -> None:
    """For a service without an inbox, until cancelled."""
    await repeatedly("measuring", partial(measure_parked, database), MEASURED_EVERY, parked_unknown)


def document_of(record: Received) -> mongo.Document:
    """A record as it is kept, byte for byte; but for headers in such numbers that no document could hold them."""
    return {
        "topic": record.place.topic,
        "partition": record.place.partition,
        "offset": record.offset,
        "key": None if record.key is None else Binary(record.key),
        "value": None if record.value is None else Binary(record.value),
        "headers": [[name, None if value is None else Binary(value)] for name, value in record.headers[:MOST_HEADERS]],
    } | ({"fault": fault} if (fault := record.fault or too_many_headers(record)) else {})


def received_of(document: mongo.Document) -> Received:
    """The record that was kept."""
    return Received(
        Place(document["topic"], document["partition"]),
        document["offset"],
        document["key"],
        document["value"],
        tuple((name, None if value is None else bytes(value)) for name, value in document["headers"]),
        document.get("fault"),
    )


def _reaching(document: mongo.Document, stories: Mapping[StreamKey, Forgetting]) -> list[Scope]:
    """What is to be forgotten of a record whose subject is known."""
    sequence = sequence_claimed(received_of(document).headers)
    return [
        forgetting.scope
        for key, forgetting in stories.items()
        if key.subject == document["subject"] and (key.source != document["source"] or forgetting.reaches(sequence))
    ]


def _forgotten(document: mongo.Document, scopes: Sequence[Scope]) -> mongo.Document:
    type = (dict(document["headers"]).get("ce_type") or b"").decode(errors="replace")
    value = bytes(document["value"] or b"")
    for scope in scopes:
        value = value_emptied(type, value, scope)
    change: mongo.Document = {"value": Binary(value)}
    return change | ({"decided_why": ERASED[Language.ZH]} if document.get("decided_why") else {})


def _parked_document(parking: Parking, group: str, now: datetime) -> mongo.Document:
    stream = parking.arrival.stream
    return {
        "_id": parking.arrival.parked_id,
        "state": "parked",
        "group": group,
        "source": parking.arrival.source,
        "subject": stream.subject if stream else None,
        "reason": parking.reason,
        "detail": parking.detail,
        "parked_at": now,
        **({} if parking.arrival.authentic else {"authentic": False}),
    } | document_of(parking.arrival.record)
