"""The inbox: each event from Kafka takes effect once.

For a batch, one transaction: move the stored offset of every partition on from the value expected (a process that lost
its partitions fails here), apply what is due, hold what is early, park what cannot be applied, keep the streams'
positions. Kafka's own offsets are advisory.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

import structlog
from bson import Binary
from pymongo import UpdateOne

from linli import mongo, telemetry
from linli.contracts.base import Event
from linli.contracts.envelope import Envelope, Unreadable
from linli.kafka import GroupReader, KafkaUnavailable, Place, Received
from linli.outbox import Unsent
from linli.story import Arrival, Parking, Plan, Stream, plan, read

log = structlog.get_logger()

Handler: TypeAlias = Callable[[Sequence[Envelope[Event]], mongo.Session], Awaitable[Sequence[Unsent]]]
"""Applies events within a transaction and returns what it wrote to the outbox. It may run again from the start.

Raises `Unappliable` for an event that cannot be applied; the batch is then tried without it.
"""


class Unappliable(Exception):
    """An event that can be read but not applied."""

    def __init__(self, event: Envelope[Event], reason: str, detail: str) -> None:
        super().__init__(f"{event.id}: {reason}: {detail}")
        self.event, self.reason, self.detail = event, reason, detail


class Fenced(Exception):
    """Somebody else has moved a partition on: this process no longer has it, or read it twice."""


class Stalled(Exception):
    """There is lag and nothing moves; the process should end and be started anew."""


@dataclass(slots=True)
class Applied:
    """What a transaction did."""

    plan: Plan
    unsent: Sequence[Unsent]


async def create_indexes(database: mongo.Database) -> None:
    """The indexes of the inbox's collections."""
    await database.inbox_held.create_index("stream", name="stream")
    await database.inbox_held.create_index("since", name="since")
    await database.inbox_parked.create_index([("state", 1), ("parked_at", 1)], name="state")


class Inbox:
    """One service's consumer. `run` it as a background task."""

    def __init__(
        self,
        *,
        client: mongo.Client,
        database: mongo.Database,
        bootstrap: str,
        group: str,
        member: str,
        topics: Sequence[str],
        handler: Handler,
        offer: Callable[[Sequence[Unsent]], None],
        batch_size: int,
        stalled_after: float,
    ) -> None:
        self._client, self._database, self._group, self._topics = client, database, group, tuple(topics)
        self._handler, self._offer, self._stalled_after = handler, offer, stalled_after
        self._reader = GroupReader(bootstrap, group, member, self._topics, self._positions, batch_size)
        self._next: dict[Place, int] = {}
        self._session: mongo.Session | None = None
        self._moved = time.monotonic()

    async def run(self) -> None:
        """Consume until cancelled. Raises `Stalled` when the consumer must be started anew."""
        async with await self._client.start_session() as self._session:
            await self._run()

    async def _run(self) -> None:
        while True:
            try:
                await self._reader.start()
                break
            except KafkaUnavailable as error:
                log.warning("kafka_away", error=repr(error))
                await asyncio.sleep(1)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._consume())
                tasks.create_task(self._watch())
                tasks.create_task(self._measure())
        finally:
            await self._reader.stop()

    # Consuming -------------------------------------------------------------------------------------------------------

    async def _consume(self) -> None:
        while True:
            async with self._reader.batch() as records:
                if not records:
                    continue
                try:
                    await self._take(records)
                except Fenced as error:
                    log.info("fenced", group=self._group, error=str(error))
                    await self._reader.rewind()

    async def _take(self, records: Sequence[Received]) -> None:
        """Apply the records, however long MongoDB is away; whatever else fails is narrowed down to one record."""
        refused: dict[str, Unreadable] = {}
        pause = 0.1
        while True:
            try:
                started = time.monotonic()
                applied = await self._apply([read(record) for record in records], refused, _spans(records))
            except Fenced:
                raise
            except Unappliable as error:
                refused[error.event.id] = Unreadable(error.reason, error.detail)
            except Exception as error:
                if mongo.is_outage(error):
                    log.warning("mongodb_away", group=self._group, error=repr(error))
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, 2.0)
                elif len(records) > 1:
                    log.exception("batch_failed", group=self._group, records=len(records))
                    half = len(records) // 2
                    await self._take(records[:half])
                    await self._take(records[half:])
                    return
                else:
                    log.exception("record_failed", group=self._group)
                    arrival = read(records[0])
                    name = arrival.event.id if arrival.event else arrival.parked_id
                    if name in refused:
                        raise  # even parking it fails: this is no fault of the record
                    refused[name] = Unreadable("handler_failed", type(error).__name__)
            else:
                self._committed(records, applied, time.monotonic() - started)
                await self._reader.advise(_ends(records))
                return

    async def _apply(
        self, arrivals: Sequence[Arrival], refused: Mapping[str, Unreadable], spans: Mapping[Place, tuple[int, int]]
    ) -> Applied:
        """One transaction; the driver may run it more than once."""

        async def work(session: mongo.Session) -> Applied:
            await self._fence(spans, session)
            return await self._settle(arrivals, refused, session)

        return await mongo.transact(self._client, work, self._session)

    async def _settle(
        self, arrivals: Sequence[Arrival], refused: Mapping[str, Unreadable], session: mongo.Session
    ) -> Applied:
        """Load the streams, plan, apply, and store what the plan says."""
        names = sorted({arrival.stream for arrival in arrivals if arrival.stream is not None})
        streams = await self._streams(names, session)
        held = await self._held([name for name in names if name in streams], session)
        again = await self._parked_before(arrivals, session)
        decided = plan([a for a in arrivals if a.event or a.parked_id not in again], streams, held, refused)
        unsent = await self._handler(decided.apply, session) if decided.apply else ()
        await self._store(decided, streams, session)
        return Applied(decided, unsent)

    def _committed(self, records: Sequence[Received], applied: Applied, seconds: float) -> None:
        self._next |= _ends(records)
        self._moved = time.monotonic()
        self._offer(applied.unsent)
        telemetry.BATCH_SIZE.labels(self._group).observe(len(records))
        telemetry.BATCH_SECONDS.labels(self._group).observe(seconds)
        telemetry.REPEATED.labels(self._group).inc(applied.plan.repeated)
        for event in applied.plan.apply:
            telemetry.APPLIED.labels(self._group, event.type).inc()
            log.debug("applied", correlationid=event.correlationid, id=event.id, type=event.type)
        for parking in applied.plan.park:
            telemetry.PARKED_TOTAL.labels(self._group, parking.reason).inc()
            log.error(
                "parked",
                correlationid=parking.arrival.event.correlationid if parking.arrival.event else parking.arrival.stream,
                id=parking.arrival.parked_id,
                reason=parking.reason,
                detail=parking.detail,
            )

    # Offsets ---------------------------------------------------------------------------------------------------------

    def _offset_id(self, place: Place) -> str:
        return f"{self._group}/{place.topic}/{place.partition}"

    async def _positions(self, ranges: Mapping[Place, tuple[int, int]]) -> Mapping[Place, int]:
        """Where to read on, for partitions that begin and end as given; MongoDB decides."""
        while True:
            try:
                positions = {place: await self._position(place, *span) for place, span in ranges.items()}
                self._next = dict(positions)
                return positions
            except Exception as error:
                if not mongo.is_outage(error):
                    raise
                log.warning("mongodb_away", group=self._group, error=repr(error))
                await asyncio.sleep(0.5)

    async def _position(self, place: Place, begin: int, end: int) -> int:
        """The stored offset. Who had the partition before, and may have died in mid-batch, loses its transaction."""
        offsets, key = self._database.inbox_offsets, {"_id": self._offset_id(place)}
        assert self._session is not None
        mine = mongo.session_id(self._session)
        before = await offsets.find_one(key)
        if before and before.get("session") not in (None, mine):
            await mongo.end_session(self._client, before["session"])
        stored = await offsets.find_one_and_update(
            key, {"$setOnInsert": {"next": begin}, "$set": {"session": mine}}, upsert=True, return_document=True
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

    async def _fence(self, spans: Mapping[Place, tuple[int, int]], session: mongo.Session) -> None:
        for place, (first, after) in spans.items():
            expected = self._next.get(place)
            if expected is None or first < expected:
                raise Fenced(f"{place.topic}/{place.partition} was read before {expected}")
            result = await self._database.inbox_offsets.update_one(
                {"_id": self._offset_id(place), "next": expected},
                {"$set": {"next": after}},
                session=session,
            )
            if result.matched_count != 1:
                raise Fenced(f"{place.topic}/{place.partition} is not at {expected} any more")

    # Streams, held and parked ----------------------------------------------------------------------------------------

    async def _streams(self, names: Sequence[str], session: mongo.Session) -> dict[str, Stream]:
        cursor = self._database.inbox_streams.find({"_id": {"$in": list(names)}}, session=session)
        return {
            doc["_id"]: Stream(doc["_id"], doc["next"], tuple(doc.get("blocked_by", ())))
            for doc in await cursor.to_list(None)
        }

    async def _parked_before(self, arrivals: Sequence[Arrival], session: mongo.Session) -> set[str]:
        """Unreadable records that were parked when they came the first time."""
        ids = [arrival.parked_id for arrival in arrivals if arrival.event is None]
        if not ids:
            return set()
        cursor = self._database.inbox_parked.find({"_id": {"$in": ids}}, {"_id": 1}, session=session)
        return {doc["_id"] for doc in await cursor.to_list(None)}

    async def _held(self, names: Sequence[str], session: mongo.Session) -> dict[str, list[Arrival]]:
        found: dict[str, list[Arrival]] = defaultdict(list)
        if names:
            cursor = self._database.inbox_held.find({"stream": {"$in": list(names)}}, session=session)
            for doc in await cursor.to_list(None):
                found[doc["stream"]].append(read(received_of(doc)))
        return found

    async def _store(self, decided: Plan, before: Mapping[str, Stream], session: mongo.Session) -> None:
        now = datetime.now(UTC)
        fresh, moved = [], []
        for stream in decided.streams.values():
            state: dict[str, Any] = {"next": stream.next}
            if stream.id in before:
                change: dict[str, Any] = {"$set": state}
                if stream.blocked_by:
                    state["blocked_by"] = list(stream.blocked_by)
                else:
                    change["$unset"] = {"blocked_by": ""}
                moved.append(UpdateOne({"_id": stream.id}, change))
            else:
                blocked = {"blocked_by": list(stream.blocked_by)} if stream.blocked_by else {}
                fresh.append({"_id": stream.id} | state | blocked)
        if fresh:
            await self._database.inbox_streams.insert_many(fresh, ordered=False, session=session)
        if moved:
            await self._database.inbox_streams.bulk_write(moved, ordered=False, session=session)
        if decided.released:
            await self._database.inbox_held.delete_many({"_id": {"$in": decided.released}}, session=session)
        if decided.hold:
            held = [
                {"_id": a.event.id, "stream": a.stream, "since": now} | document_of(a.record)
                for a in decided.hold
                if a.event
            ]
            await self._database.inbox_held.insert_many(held, session=session)
        if decided.park:
            await self._database.inbox_parked.insert_many(
                [_parked_document(parking, self._group, now) for parking in decided.park], session=session
            )

    # An operator's decision on a parked record ------------------------------------------------------------------------

    async def replay(self, parked_id: str, by: str) -> str:
        """Try a parked record again. Returns `replayed`, or `parked` when it failed again, with the new reason."""
        refused: dict[str, Unreadable] = {}

        async def work(session: mongo.Session) -> Applied:
            document = await self._decide(parked_id, "replayed", by, session)
            arrival = read(received_of(document))
            await self._unblock(arrival.stream, parked_id, session)
            if arrival.event is None and arrival.fault:
                raise _StillUnreadable(arrival.fault)
            if arrival.event and arrival.event.id in refused:
                raise _StillUnreadable(refused[arrival.event.id])
            return await self._settle([arrival], refused, session)

        return await self._conclude(work, refused)

    async def discard(self, parked_id: str, by: str, why: str) -> None:
        """Give a parked record up, recorded with the reason; what waited behind it goes on."""
        refused: dict[str, Unreadable] = {}

        async def work(session: mongo.Session) -> Applied:
            document = await self._decide(parked_id, "discarded", by, session, why)
            arrival = read(received_of(document))
            await self._unblock(arrival.stream, parked_id, session)
            if arrival.stream is None:
                return Applied(Plan(), ())
            waiting = await self._held([arrival.stream], session)
            if arrival.sequence not in {a.sequence for a in waiting[arrival.stream]}:
                await self._database.inbox_streams.update_one(
                    {"_id": arrival.stream, "next": arrival.sequence}, {"$inc": {"next": 1}}, session=session
                )
            return await self._settle(waiting[arrival.stream], refused, session) if waiting else Applied(Plan(), ())

        await self._conclude(work, refused)

    async def _conclude(
        self, work: Callable[[mongo.Session], Coroutine[Any, Any, Applied]], refused: dict[str, Unreadable]
    ) -> str:
        for _ in range(100):
            try:
                applied = await mongo.transact(self._client, work)
            except Unappliable as error:
                refused[error.event.id] = Unreadable(error.reason, error.detail)
            except _StillUnreadable as error:
                return f"parked: {error.fault}"
            else:
                self._offer(applied.unsent)
                return "replayed"
        raise RuntimeError("more than 100 events of one stream cannot be applied")

    async def _decide(
        self, parked_id: str, state: str, by: str, session: mongo.Session, why: str | None = None
    ) -> mongo.Document:
        decision = {"state": state, "decided_at": datetime.now(UTC), "decided_by": by, "decided_why": why}
        document = await self._database.inbox_parked.find_one_and_update(
            {"_id": parked_id, "state": "parked"}, {"$set": decision}, session=session
        )
        if document is None:
            raise LookupError(parked_id)
        return document

    async def _unblock(self, stream: str | None, parked_id: str, session: mongo.Session) -> None:
        if stream is not None:
            await self._database.inbox_streams.update_one(
                {"_id": stream}, {"$pull": {"blocked_by": parked_id}}, session=session
            )

    # Watching --------------------------------------------------------------------------------------------------------

    async def _watch(self) -> None:
        """Tell the lag; end the process when there is lag and nothing has moved for too long."""
        while True:
            await asyncio.sleep(2)
            try:
                async with asyncio.timeout(5):
                    ends = await self._reader.ends()
            except KafkaUnavailable:
                continue
            lags = {place: max(0, end - self._next.get(place, end)) for place, end in ends.items()}
            telemetry.LAG.clear()
            for place, lag in lags.items():
                telemetry.LAG.labels(self._group, place.topic, place.partition).set(lag)
            if not any(lags.values()):
                self._moved = time.monotonic()
            elif time.monotonic() - self._moved > self._stalled_after:
                raise Stalled(f"{self._group} has a lag of {sum(lags.values())} and does not move")

    async def _measure(self) -> None:
        while True:
            try:
                telemetry.PARKED.set(await self._database.inbox_parked.count_documents({"state": "parked"}))
                telemetry.HELD.set(await self._database.inbox_held.estimated_document_count())
                first = await self._database.inbox_held.find_one({}, {"since": 1}, sort=[("since", 1)])
                telemetry.HELD_AGE.set((datetime.now(UTC) - first["since"]).total_seconds() if first else 0)
            except Exception as error:
                if not mongo.is_outage(error):
                    raise
            await asyncio.sleep(2)


class _StillUnreadable(Exception):
    def __init__(self, fault: Unreadable) -> None:
        super().__init__(str(fault))
        self.fault = fault


def _spans(records: Sequence[Received]) -> dict[Place, tuple[int, int]]:
    """For each partition, the first offset of the batch and the one after its last."""
    spans: dict[Place, tuple[int, int]] = {}
    for record in records:
        first, _ = spans.get(record.place, (record.offset, 0))
        spans[record.place] = (first, record.offset + 1)
    return spans


def _ends(records: Sequence[Received]) -> dict[Place, int]:
    return {place: after for place, (_, after) in _spans(records).items()}


def document_of(record: Received) -> mongo.Document:
    """A record as it is kept, byte for byte."""
    return {
        "topic": record.place.topic,
        "partition": record.place.partition,
        "offset": record.offset,
        "key": None if record.key is None else Binary(record.key),
        "value": None if record.value is None else Binary(record.value),
        "headers": [[name, Binary(value or b"")] for name, value in record.headers],
    }


def received_of(document: mongo.Document) -> Received:
    """The record that was kept."""
    return Received(
        Place(document["topic"], document["partition"]),
        document["offset"],
        document["key"],
        document["value"],
        tuple((name, bytes(value)) for name, value in document["headers"]),
    )


def _parked_document(parking: Parking, group: str, now: datetime) -> mongo.Document:
    return {
        "_id": parking.arrival.parked_id,
        "state": "parked",
        "group": group,
        "stream": parking.arrival.stream,
        "reason": parking.reason,
        "detail": parking.detail,
        "parked_at": now,
    } | document_of(parking.arrival.record)
