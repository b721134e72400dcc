"""The inbox: each event from Kafka takes effect once.

For a batch, one transaction: move the stored offset of every partition on from the value expected (a process that lost
its partitions fails here), apply what is due, hold what is early, park what cannot be applied, keep the streams'
positions. Kafka's own offsets are advisory.
"""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeAlias

import structlog

from linli.application import telemetry
from linli.application.telemetry import MEASURED_EVERY
from linli.application.worker import repeatedly, until_done
from linli.contracts.base import Event, Scope
from linli.contracts.envelope import Envelope, StreamKey, Unreadable
from linli.contracts.erasure import Forgetting, forgetting
from linli.messaging.connection import Cluster
from linli.messaging.inbox_store import Fenced, InboxStore, parked_unknown
from linli.messaging.kafka import GroupReader, KafkaUnavailable, Place, Received, lane_of
from linli.messaging.outbox import Unsent
from linli.messaging.seals import Seals
from linli.messaging.story import Arrival, Plan, plan
from linli.messaging.transactions import Transactions, Work
from linli.storage import mongo
from linli.storage.clock import Now
from linli.tracing.under import UNDER, work_for

log = structlog.get_logger()

Handler: TypeAlias = Callable[[Sequence[Envelope[Event]], mongo.Session], Awaitable[Sequence[Unsent]]]
"""Applies events within a transaction and returns what it wrote to the outbox. It may run again from the start.

Raises `Unappliable` for an event that cannot be applied; the batch is then tried without it.
"""

Prepare: TypeAlias = Callable[[Sequence[Envelope[Event]]], Awaitable[Handler]]
"""Asks elsewhere for what a batch will need, before its transaction, and gives the handler that has it.

It is told of all that can be read and may be new, early events too; what was held back until now, or is replayed
from being parked, is applied as well, unannounced."""


Eraser: TypeAlias = Callable[[Mapping[str, Forgetting], mongo.Session], Awaitable[Sequence[Unsent]]]
"""Forgets so much of the stories of these subjects, in the transaction; a second time it finds nothing to do."""

LANES = 2
"""Batches under way at once, of partitions of their own: one is decided on while MongoDB writes the other."""
NEW_PARTITIONS_EVERY = 5.0
"""Seconds between two looks for partitions that no member of the group has."""
STREAMS_REMEMBERED = 20_000
"""Of which a repetition is recognised before its transaction: when much is sent again, nobody is asked again for it."""
LONE_TRIES = 3
"""How often a record alone is tried before it, and not what surrounds it, is taken to be at fault."""


STILL = 30.0
"""Seconds of lag without progress after which a consumer is not called ready."""


def unprepared(handler: Handler) -> Prepare:
    """For a handler that needs nothing from elsewhere."""

    async def prepare(_: Sequence[Envelope[Event]]) -> Handler:
        return handler

    return prepare


class Unappliable(Exception):
    """An event that can be read but not applied."""

    def __init__(self, event: Envelope[Event], reason: str, detail: str) -> None:
        super().__init__(f"{event.unique_id}: {reason}: {detail}")
        self.event, self.reason, self.detail = event, reason, detail


class Stalled(Exception):
    """There is lag and nothing moves; the process should end and be started anew."""


class Inbox:
    """One service's consumer. `run` it as a background task."""

    def __init__(
        self,
        *,
        client: mongo.Client,
        database: mongo.Database,
        kafka: Cluster,
        group: str,
        member: str,
        topics: Mapping[str, str],
        prepare: Prepare,
        erase: Eraser,
        offer: Callable[[Sequence[Unsent]], None],
        seals: Seals,
        batch_size: int,
        stalled_after: float,
        lanes: int = LANES,
        now: Now | None = None,
    ) -> None:
        """`topics` says for each topic which source writes to it; `now` tells when a story was read."""
        self._topics = topics
        self._client, self._database, self._group, self._seals = client, database, group, seals
        self._store = InboxStore(client, database, group, now)
        self._prepare, self._erase = prepare, erase
        self._transactions, self._stalled_after = Transactions(client, offer), stalled_after
        self._reader = GroupReader(kafka, group, member, list(topics), self._positions, batch_size, self._died, lanes)
        self._lanes = lanes
        self._next: dict[Place, int] = {}
        self._reached: dict[StreamKey, int] = {}
        """The next sequence of streams that were read lately; MongoDB has those of all."""
        self._of_nobody: set[Place] = set()
        """Partitions that no member had when that was last looked at."""
        self._sessions: list[mongo.Session] = []
        """One for each lane."""
        self._moved = time.monotonic()
        self._lag = 0

    @property
    def group(self) -> str:
        """The consumer group."""
        return self._group

    def rename(self, member: str) -> None:
        """Be another member of the group: somebody else has this one's name."""
        self._reader.rename(member)

    def _died(self, _: str) -> None:
        telemetry.CLIENT_DEATHS.labels(self._group).inc()

    async def run(self) -> None:
        """Consume until cancelled. Raises `Stalled` when the consumer must be started anew."""
        async with contextlib.AsyncExitStack() as stack:
            sessions = [await self._client.start_session() for _ in range(self._lanes)]
            self._sessions = [await stack.enter_async_context(session) for session in sessions]
            await self._run()

    async def _run(self) -> None:
        await self._seals.load(self._database)
        while True:
            try:
                await self._reader.start()
                break
            except KafkaUnavailable as error:
                log.warning("kafka_away", error=repr(error))
                await asyncio.sleep(1)
        try:
            async with asyncio.TaskGroup() as tasks:
                for lane in range(self._lanes):
                    tasks.create_task(self._consume(lane))
                tasks.create_task(self._watch())
                tasks.create_task(self._measure())
                tasks.create_task(repeatedly("new_partitions", self._look_for_new_partitions, NEW_PARTITIONS_EVERY))
        finally:
            await self._reader.stop()

    # Consuming -------------------------------------------------------------------------------------------------------

    async def _consume(self, lane: int) -> None:
        """A lane's batches, one after another; while MongoDB writes one's, another's are read and decided on."""
        while True:
            async with self._reader.batch(lane) as records:
                if not records:
                    continue
                try:
                    await self._take(records, self._sessions[lane])
                except Fenced as error:
                    log.info("fenced", group=self._group, error=str(error))
                    await self._rewind(lane)

    async def _rewind(self, lane: int) -> None:
        while True:
            try:
                await self._reader.rewind(lane)
                return
            except KafkaUnavailable as error:
                log.warning("kafka_away", error=repr(error))
                await asyncio.sleep(1)

    async def _take(self, records: Sequence[Received], session: mongo.Session) -> None:
        """Apply the records, however long MongoDB is away; whatever else fails is narrowed down to one record."""
        refused: dict[str, Unreadable] = {}
        pause = 0.1
        tries = 0
        while True:
            try:
                started = time.monotonic()
                arrivals = [self._read(record) for record in records]
                if UNDER.get() is not None:
                    work_for(arrival.event.traceparent for arrival in arrivals if arrival.event)
                handler = await self._prepare(self._perhaps_new(arrivals))
                done = await self._apply(arrivals, handler, refused, _spans(records), session)
            except Fenced:
                raise
            except Unappliable as error:
                refused[error.event.unique_id] = Unreadable(error.reason, error.detail)
            except Exception as error:
                at_fault = not mongo.is_outage(error) or await mongo.is_too_much(self._client, error)
                # The driver has repeated for two minutes what the server ended: the batch may be too much for one go.
                if len(records) > 1 and (at_fault or mongo.was_aborted(error)):
                    log.exception("batch_failed", group=self._group, records=len(records))
                    half = len(records) // 2
                    await self._take(records[:half], session)
                    await self._take(records[half:], session)
                    return
                if not at_fault:
                    log.warning("mongodb_away", group=self._group, error=repr(error))
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, 2.0)
                elif (tries := tries + 1) < LONE_TRIES:
                    log.exception("record_failed", group=self._group, tries=tries)
                    await asyncio.sleep(pause)
                else:
                    arrival = self._read(records[0])
                    name = arrival.event.unique_id if arrival.event else arrival.parked_id
                    if name in refused:
                        raise  # even parking it fails: this is no fault of the record
                    refused[name] = Unreadable("handler_failed", type(error).__name__)
            else:
                self._committed(records, done, time.monotonic() - started)
                await self._reader.advise(_ends(records))
                return

    def _perhaps_new(self, arrivals: Sequence[Arrival]) -> list[Envelope[Event]]:
        """Without what is surely repeated: a stream only goes on, so what was past once is past."""
        events = [arrival.event for arrival in arrivals if arrival.event]
        return [event for event in events if event.sequence >= self._reached.get(event.stream, 0)]

    def _read(self, record: Received) -> Arrival:
        return self._seals.read(record, self._topics[record.place.topic])

    async def _apply(
        self,
        arrivals: Sequence[Arrival],
        handler: Handler,
        refused: Mapping[str, Unreadable],
        spans: Mapping[Place, tuple[int, int]],
        session: mongo.Session,
    ) -> Plan:
        """One transaction; the driver may run it more than once."""

        async def work(session: mongo.Session) -> tuple[Plan, Sequence[Unsent]]:
            await self._store.fence(self._next, spans, session)
            return await self._settle(arrivals, handler, refused, session)

        return await self._transactions.run_patiently(work, session)

    async def _settle(
        self, arrivals: Sequence[Arrival], handler: Handler, refused: Mapping[str, Unreadable], session: mongo.Session
    ) -> tuple[Plan, Sequence[Unsent]]:
        """Load the streams, plan, apply, and store what the plan says."""
        keys = sorted({key for arrival in arrivals if (key := arrival.stream) is not None})
        streams = await self._store.streams(keys, session)
        held = await self._store.held([key for key in keys if key in streams], session)
        again = await self._store.parked_before(arrivals, session)
        decided = plan([a for a in arrivals if a.event or a.parked_id not in again], streams, held, refused)
        unsent = await handler(decided.apply, session) if decided.apply else ()
        await self._store.store(decided, streams, session)
        if stories := _to_forget(decided):
            await self._store.forget(stories, session)
            subjects = _by_subject(stories)
            erased = await self._erase(subjects, session)
            # What was just written in a story of which something is forgotten the sweeper sends, as it stands now.
            rewritten = subjects.keys() | {each.message.key for each in erased}
            unsent = [*(each for each in unsent if each.message.key not in rewritten), *erased]
        return decided, unsent

    def _committed(self, records: Sequence[Received], done: Plan, seconds: float) -> None:
        self._next |= _ends(records)
        if len(self._reached) > STREAMS_REMEMBERED:
            self._reached.clear()
        self._reached |= {stream.key: stream.next for stream in done.streams.values()}
        self._moved = time.monotonic()
        telemetry.BATCH_SIZE.labels(self._group).observe(len(records))
        telemetry.BATCH_SECONDS.labels(self._group).observe(seconds)
        telemetry.REPEATED.labels(self._group).inc(done.repeated)
        self._record(done, seconds)
        for type, count in Counter(event.type for event in done.apply).items():
            telemetry.APPLIED.labels(self._group, type).inc(count)
        for parking in done.park:
            telemetry.PARKED_TOTAL.labels(self._group, parking.reason).inc()
            event, stream = parking.arrival.event, parking.arrival.stream
            log.error(
                "parked",
                correlationid=event.correlationid if event else stream.subject if stream else None,
                id=parking.arrival.parked_id,
                reason=parking.reason,
                detail=parking.detail,
            )

    def _record(self, done: Plan, seconds: float) -> None:
        if (under := UNDER.get()) is not None:
            under.recorder.processed(done.apply, self._group, seconds)

    async def _positions(self, ranges: Mapping[Place, tuple[int, int]]) -> Mapping[Place, int]:
        """Where to read on, for partitions that begin and end as given; MongoDB decides."""

        async def stored() -> dict[Place, int]:
            return {
                place: await self._store.position(place, *span, self._session_of(place))
                for place, span in ranges.items()
            }

        found = await until_done("positions", stored)
        self._next |= found
        return found

    def _session_of(self, place: Place) -> mongo.Session:
        return self._sessions[lane_of(place.partition, self._lanes)]

    # An operator's decision on a parked record ------------------------------------------------------------------------

    async def replay(self, parked_id: str, by: str) -> str:
        """Try a parked record again. Returns `replayed`, or `parked` when it failed again, with the new reason."""
        refused: dict[str, Unreadable] = {}
        handler = await self._prepare(())

        async def work(session: mongo.Session) -> tuple[Plan, Sequence[Unsent]]:
            arrival = await self._store.decide(parked_id, "replayed", by, session)
            if not arrival.authentic:
                arrival = self._seals.read(arrival.record, arrival.writer)
            await self._store.unblock(arrival.stream, parked_id, session)
            if arrival.event is None and arrival.fault:
                raise _StillUnreadable(arrival.fault)
            if arrival.event and arrival.event.unique_id in refused:
                raise _StillUnreadable(refused[arrival.event.unique_id])
            return await self._settle([arrival], handler, refused, session)

        return await self._conclude(work, refused)

    async def discard(self, parked_id: str, by: str, why: str) -> None:
        """Give a parked record up, recorded with the reason; what waited behind it goes on."""
        refused: dict[str, Unreadable] = {}
        handler = await self._prepare(())

        async def work(session: mongo.Session) -> tuple[Plan, Sequence[Unsent]]:
            arrival = await self._store.decide(parked_id, "discarded", by, session, why)
            await self._store.unblock(arrival.stream, parked_id, session)
            if arrival.stream is None:
                return Plan(), ()
            waiting = await self._store.held([arrival.stream], session)
            if arrival.sequence not in {a.sequence for a in waiting[arrival.stream]}:
                await self._store.pass_over(arrival.stream, arrival.sequence, session)
            if not waiting:
                return Plan(), ()
            return await self._settle(waiting[arrival.stream], handler, refused, session)

        await self._conclude(work, refused)

    async def _conclude(self, work: Work[Plan], refused: dict[str, Unreadable]) -> str:
        for _ in range(100):
            started = time.monotonic()
            try:
                done = await self._transactions.run(work)
            except Unappliable as error:
                refused[error.event.unique_id] = Unreadable(error.reason, error.detail)
            except _StillUnreadable as error:
                return f"parked: {error.fault}"
            else:
                self._record(done, time.monotonic() - started)
                return "replayed"
        raise RuntimeError("more than 100 events of one stream cannot be applied")

    # Watching --------------------------------------------------------------------------------------------------------

    async def standing_still(self) -> str | None:
        """Why this consumer cannot be called ready, or None: there is lag, and it has not moved for half a minute."""
        still = time.monotonic() - self._moved
        return f"a lag of {self._lag} has not moved for {still:.0f} s" if self._lag and still > STILL else None

    async def _watch(self) -> None:
        """Tell the lag; end the process when there is lag and nothing has moved for too long."""
        while True:
            await asyncio.sleep(2)
            try:
                async with asyncio.timeout(5):
                    ends = await self._reader.ends()
            except KafkaUnavailable:
                telemetry.LAG.clear()  # unknown: an old figure would pass for how it is now
                telemetry.POSITION.clear()
                continue
            lags = {place: max(0, end - self._next.get(place, end)) for place, end in ends.items()}
            telemetry.LAG.clear()
            telemetry.POSITION.clear()  # a partition may be another member's by now
            for place, lag in lags.items():
                telemetry.LAG.labels(self._group, place.topic, place.partition).set(lag)
                telemetry.POSITION.labels(self._group, place.topic, place.partition).set(
                    self._next.get(place, ends[place])
                )
            self._lag = sum(lags.values())
            if not self._lag:
                self._moved = time.monotonic()
            elif time.monotonic() - self._moved > self._stalled_after:
                raise Stalled(f"{self._group} has a lag of {self._lag} and does not move")

    async def _look_for_new_partitions(self) -> None:
        """Kafka's client tells of partitions that were added only where it takes itself for the group's leader: after a
        member was started anew that may be nobody, and what comes in there would be read by nobody.

        What is missing once may be about to be given out, as at every first start.
        """
        before, self._of_nobody = self._of_nobody, await self._store.without_position(self._reader.partitions())
        if missing := before & self._of_nobody:
            log.warning("partitions_of_nobody", group=self._group, partitions=len(missing))
            self._reader.join_again()

    async def _measure(self) -> None:
        def away() -> None:
            parked_unknown()
            telemetry.forget(telemetry.HELD, telemetry.HELD_AGE)

        await repeatedly("measuring", self._store.measure, MEASURED_EVERY, away)


class _StillUnreadable(Exception):
    def __init__(self, fault: Unreadable) -> None:
        super().__init__(str(fault))
        self.fault = fault


def _to_forget(decided: Plan) -> dict[StreamKey, Forgetting]:
    """How much of whose story is to be forgotten.

    That does not wait for its turn, since a parked record may be in the way for months. It takes effect once more when
    its turn has come, for what has been applied between; but not when it is a repetition.
    """
    events = [*decided.apply, *(arrival.event for arrival in decided.hold)]
    stories: dict[StreamKey, Forgetting] = {}
    for event in events:
        if event and (forgotten := forgetting(event)):
            known = stories.get(event.stream)
            if known is None or known.scope is not Scope.PERSON:
                stories[event.stream] = forgotten
    return stories


def _by_subject(stories: Mapping[StreamKey, Forgetting]) -> dict[str, Forgetting]:
    """The most that any source says is to be forgotten of a subject."""
    most_last = sorted(stories.items(), key=lambda story: story[1].scope is Scope.PERSON)
    return {key.subject: forgotten for key, forgotten in most_last}


def _spans(records: Sequence[Received]) -> dict[Place, tuple[int, int]]:
    """For each partition, the first offset of the batch and the one after its last."""
    spans: dict[Place, tuple[int, int]] = {}
    for record in records:
        first, _ = spans.get(record.place, (record.offset, 0))
        spans[record.place] = (first, record.offset + 1)
    return spans


def _ends(records: Sequence[Received]) -> dict[Place, int]:
    return {place: after for place, (_, after) in _spans(records).items()}
