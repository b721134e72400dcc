"""Reading as a member of a consumer group."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener
from aiokafka import TopicPartition as _TopicPartition

from linli.messaging.connection import Cluster
from linli.messaging.kafka.clients import LOOK_EVERY, START_WITHIN, KafkaUnavailable, call, put_away
from linli.messaging.kafka.fetching import ANSWER_WITHIN, fetch
from linli.messaging.kafka.records import Place, Received

log = structlog.get_logger()

PAUSES = (0.1, 0.2, 0.5, 1.0)
"""Seconds between tries to build a client anew, the last again and again."""
ADVISE_WITHIN = 5.0
MOST_AHEAD = 256 * 1024
"""Bytes of each partition that are read ahead, compressed: some hundred events. A record may be larger all the same."""


def _set() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


def lane_of(partition: int, lanes: int) -> int:
    """Which lane a partition belongs to, of whatever topic: always the same."""
    return partition % lanes


@dataclass(slots=True)
class GroupReader:
    """A member of a consumer group that keeps its offsets elsewhere and only advises Kafka of them.

    `positions` is asked for the next offset of newly assigned partitions, given where the topic begins and ends. Where
    the client dies, it is built anew in place, under the same name, so that its partitions come back at once.

    Its partitions are parted among `lanes`, which may be read side by side.
    """

    kafka: Cluster
    group: str
    member: str
    """Names this member, the same after a restart, so that a successor gets its partitions without a rebalance."""
    topics: Sequence[str]
    positions: Callable[[Mapping[Place, tuple[int, int]]], Awaitable[Mapping[Place, int]]]
    max_records: int
    rebuilt: Callable[[str], None] = lambda _: None
    """Told each time that a client has died, with why."""
    lanes: int = 1
    _consumer: AIOKafkaConsumer = field(init=False)
    _under_way: int = field(init=False, default=0)
    """Batches."""
    _idle: asyncio.Event = field(init=False, default_factory=_set)
    _building: asyncio.Lock = field(init=False, default_factory=asyncio.Lock)
    _renamed: bool = field(init=False, default=False)

    async def start(self) -> None:
        """Join the group. Raises KafkaError or OSError when Kafka is away."""
        self._consumer = consumer = AIOKafkaConsumer(
            **self.kafka.client(),
            group_id=self.group,
            group_instance_id=f"{self.group}-{re.sub(r'[^a-zA-Z0-9._-]', '-', self.member)}",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=15_000,
            heartbeat_interval_ms=3_000,
            rebalance_timeout_ms=60_000,
            max_poll_interval_ms=300_000,
            fetch_max_wait_ms=200,
            max_partition_fetch_bytes=MOST_AHEAD,
            metadata_max_age_ms=5_000,  # a topic that was made anew is found within so long
        )
        try:
            await call(consumer, consumer.start(), START_WITHIN)
            consumer.subscribe(list(self.topics), listener=_Assignments(self, consumer))
        except BaseException:
            await put_away(consumer)
            raise

    async def stop(self) -> None:
        """Leave the group, so that others have the partitions at once."""
        self._idle.set()
        if (coordinator := self._consumer._coordinator) is not None:
            coordinator._group_instance_id = None  # with one, the client leaves in silence, and the others wait
        await put_away(self._consumer)

    def rename(self, member: str) -> None:
        """Be another member from the next batch on: somebody else has this one's name."""
        self.member, self._renamed = member, True

    @contextlib.asynccontextmanager
    async def batch(self, lane: int = 0) -> AsyncIterator[list[Received]]:
        """The next records of a lane, none after a second of silence. A rebalance waits until the block is left.

        The client hands out no more while one is about to begin, so all lanes come to rest.
        """
        records = await self._next_records(lane)
        self._under_way += 1
        self._idle.clear()
        try:
            yield records
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    async def advise(self, next_offsets: Mapping[Place, int]) -> None:
        """Commit to Kafka, for those who watch the group's lag; a failure matters to nobody."""
        offsets = {_TopicPartition(p.topic, p.partition): o for p, o in next_offsets.items()}
        with contextlib.suppress(*KafkaUnavailable):
            await call(self._consumer, self._consumer.commit(offsets), ADVISE_WITHIN)

    async def rewind(self, lane: int = 0) -> None:
        """Go back to the stored positions of a lane's partitions."""
        await call(self._consumer, self._seek(self._of_lane(lane)), None)

    def partitions(self) -> set[Place]:
        """All that its topics have now, whoever reads them, as far as the client has heard."""
        counted = {topic: self._consumer.partitions_for_topic(topic) or () for topic in self.topics}
        return {Place(topic, partition) for topic, partitions in counted.items() for partition in partitions}

    def join_again(self) -> None:
        """Have the group part its partitions anew; Kafka does so when the member that leads the group asks for it."""
        if (coordinator := self._consumer._coordinator) is not None:
            coordinator.request_rejoin()

    async def ends(self) -> dict[Place, int]:
        """Where each partition assigned now ends. Raises KafkaError or OSError when Kafka is away."""
        partitions = self._consumer.assignment()
        ends = await self._end_offsets(partitions) if partitions else {}
        return {Place(tp.topic, tp.partition): end for tp, end in ends.items()}

    async def _end_offsets(self, partitions: Any) -> dict[Any, int]:
        found: dict[Any, int] = await call(self._consumer, self._consumer.end_offsets(partitions), ANSWER_WITHIN)
        return found

    def _of_lane(self, lane: int) -> list[Any]:
        """Its partitions of those that are assigned now."""
        return [each for each in self._consumer.assignment() if lane_of(each.partition, self.lanes) == lane]

    async def _next_records(self, lane: int) -> list[Received]:
        """Fetch, building the client anew as often as it dies."""
        while True:
            consumer = self._consumer
            if self._renamed:
                self._renamed = False
                await self._rebuild(consumer)
                continue
            if self.lanes > 1 and not (mine := self._of_lane(lane)):
                await asyncio.sleep(LOOK_EVERY)  # asked for none, the client would hand out all
                return []
            try:
                only = mine if self.lanes > 1 else ()
                return await fetch(consumer, self.max_records, lambda: self._seek(self._of_lane(lane)), *only)
            except KafkaUnavailable as error:
                await self._rebuild(consumer, str(error))

    async def _rebuild(self, old: AIOKafkaConsumer, died_of: str | None = None) -> None:
        """A client in place of this one, unless another lane has seen to that."""
        async with self._building:
            if self._consumer is not old:
                return
            if died_of is not None:
                log.warning("kafka_client_died", group=self.group, error=died_of)
                self.rebuilt(died_of)
            await put_away(old)
            tries = 0
            while True:
                try:
                    await self.start()
                    return
                except KafkaUnavailable as error:
                    log.warning("kafka_away", group=self.group, error=repr(error))
                await asyncio.sleep(PAUSES[min(tries, len(PAUSES) - 1)])
                tries += 1

    async def _seek(self, partitions: Sequence[Any]) -> None:
        if not partitions:
            return
        consumer = self._consumer
        begins = await consumer.beginning_offsets(partitions)
        ends = await consumer.end_offsets(partitions)
        ranges = {Place(tp.topic, tp.partition): (begins[tp], ends[tp]) for tp in partitions}
        for place, offset in (await self.positions(ranges)).items():
            consumer.seek(_TopicPartition(place.topic, place.partition), offset)


class _Assignments(ConsumerRebalanceListener):  # type: ignore[misc]  # the client ships no types
    """Lets the batch in flight end before partitions go, and starts new ones where MongoDB says."""

    def __init__(self, reader: GroupReader, consumer: AIOKafkaConsumer) -> None:
        self._reader, self._consumer = reader, consumer

    async def on_partitions_revoked(self, revoked: Any) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(20):
                await self._reader._idle.wait()

    async def on_partitions_assigned(self, assigned: Any) -> None:
        if self._reader._consumer is self._consumer:  # and not one that was given up meanwhile
            await self._reader._seek(assigned)
