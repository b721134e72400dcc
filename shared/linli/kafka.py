"""Kafka, and the only file that imports its client. The settings are the answers to docs/adr/0006."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener
from aiokafka import TopicPartition as _TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic, RecordsToDelete
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

log = structlog.get_logger()

KafkaUnavailable: tuple[type[Exception], ...] = (KafkaError, OSError)
"""What is raised while Kafka is away."""

PUBLISH_TIMEOUT = 15.0
"""Seconds that a batch may wait for its acknowledgements; what is not there by then counts as unsent."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to publish, as it is stored while unsent."""

    topic: str
    key: str
    value: bytes
    headers: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Place:
    """One partition of a topic."""

    topic: str
    partition: int


@dataclass(frozen=True, slots=True)
class Received:
    """A record as it came from Kafka."""

    place: Place
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    fault: str | None = None
    """Why the client cannot read it at all; then nothing else is known of it but its place."""


def _received(record: Any) -> Received:
    place = Place(record.topic, record.partition)
    return Received(place, record.offset, record.key, record.value, tuple(record.headers))


async def _begin(producer: AIOKafkaProducer, message: Outgoing) -> "asyncio.Future[Any]":
    """Hand a message to the producer; its acknowledgement. One that is too large fails alone."""
    try:
        ack: asyncio.Future[Any] = await producer.send(
            message.topic, message.value, key=message.key.encode(), headers=list(message.headers.items())
        )
    except MessageSizeTooLargeError as error:
        log.error("message_too_large", topic=message.topic, key=message.key, bytes=len(message.value))
        ack = asyncio.get_running_loop().create_future()
        ack.set_exception(error)
    return ack


class Publisher:
    """An idempotent producer that is built when it is first needed, and built anew after a failure.

    A rejected or expired batch leaves a gap in a producer's sequence numbers that it cannot get over, so a producer
    that has failed once is thrown away.
    """

    def __init__(self, bootstrap: str, client_id: str) -> None:
        self._bootstrap, self._client_id = bootstrap, client_id
        self._producer: AIOKafkaProducer | None = None
        self._building = asyncio.Lock()

    async def publish(self, messages: Sequence[Outgoing]) -> list[bool]:
        """Which of the messages Kafka has acknowledged, in their order. Never raises for Kafka's sake."""
        try:
            async with asyncio.timeout(PUBLISH_TIMEOUT):
                producer = await self._ready()
                acks = [await _begin(producer, message) for message in messages]
                outcomes = await asyncio.gather(*acks, return_exceptions=True)
        except (KafkaError, TimeoutError, OSError) as error:
            log.warning("publish_failed", messages=len(messages), error=repr(error))
            await self._discard()
            return [False] * len(messages)
        failures = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        if any(not isinstance(failure, MessageSizeTooLargeError) for failure in failures):
            log.warning("publish_failed", messages=len(failures), error=repr(failures[0]))
            await self._discard()
        return [not isinstance(outcome, BaseException) for outcome in outcomes]

    async def unreachable(self) -> str | None:
        """Why Kafka cannot be reached, or None."""
        try:
            async with asyncio.timeout(3):
                producer = await self._ready()
                await producer.client.fetch_all_metadata()
        except (KafkaError, TimeoutError, OSError) as error:
            return f"Kafka at {self._bootstrap} does not answer: {type(error).__name__}"
        return None

    async def close(self) -> None:
        await self._discard()

    async def _ready(self) -> AIOKafkaProducer:
        async with self._building:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    bootstrap_servers=self._bootstrap,
                    client_id=self._client_id,
                    acks="all",
                    enable_idempotence=True,
                    linger_ms=5,
                    max_batch_size=262_144,
                    max_request_size=8_000_000,
                    compression_type="lz4",
                    request_timeout_ms=10_000,
                    retry_backoff_ms=200,
                )
                try:
                    await producer.start()
                except BaseException:
                    await _stop(producer)
                    raise
                self._producer = producer
            return self._producer

    async def _discard(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await _stop(producer)


async def _stop(client: Any) -> None:
    """Stop a client, which may hang while Kafka is away; what it still holds is unsent and stays on disk."""
    with contextlib.suppress(KafkaError, TimeoutError, OSError):
        async with asyncio.timeout(5):
            await client.stop()


@dataclass(slots=True)
class GroupReader:
    """A member of a consumer group that keeps its offsets elsewhere and only advises Kafka of them.

    `positions` is asked for the next offset of newly assigned partitions, given where the topic begins and ends.
    """

    bootstrap: str
    group: str
    member: str
    """Names this member, the same after a restart, so that a successor gets its partitions without a rebalance."""
    topics: Sequence[str]
    positions: Callable[[Mapping[Place, tuple[int, int]]], Awaitable[Mapping[Place, int]]]
    max_records: int
    _consumer: AIOKafkaConsumer = field(init=False)
    _idle: asyncio.Event = field(init=False, default_factory=asyncio.Event)

    async def start(self) -> None:
        """Join the group. Raises KafkaError or OSError when Kafka is away."""
        self._idle.set()
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=self.bootstrap,
            group_id=self.group,
            group_instance_id=f"{self.group}-{re.sub(r'[^a-zA-Z0-9._-]', '-', self.member)}",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=15_000,
            heartbeat_interval_ms=3_000,
            rebalance_timeout_ms=60_000,
            max_poll_interval_ms=300_000,
            fetch_max_wait_ms=200,
            metadata_max_age_ms=5_000,  # a topic that was made anew is found within so long
        )
        try:
            await self._consumer.start()
            self._consumer.subscribe(list(self.topics), listener=_Assignments(self))
        except BaseException:
            await _stop(self._consumer)
            raise

    async def stop(self) -> None:
        self._idle.set()
        await _stop(self._consumer)

    @contextlib.asynccontextmanager
    async def batch(self) -> AsyncIterator[list[Received]]:
        """The next records, none after a second of silence. A rebalance waits until the block is left."""
        found = await self._consumer.getmany(timeout_ms=1_000, max_records=self.max_records)
        self._idle.clear()
        try:
            yield [_received(r) for records in found.values() for r in records]
        finally:
            self._idle.set()

    async def advise(self, next_offsets: Mapping[Place, int]) -> None:
        """Commit to Kafka, for those who watch the group's lag; a failure matters to nobody."""
        with contextlib.suppress(KafkaError):
            await self._consumer.commit({_TopicPartition(p.topic, p.partition): o for p, o in next_offsets.items()})

    async def rewind(self) -> None:
        """Go back to the stored positions of all partitions assigned now."""
        await self._seek(self._consumer.assignment())

    async def ends(self) -> dict[Place, int]:
        """Where each partition assigned now ends. Raises KafkaError when Kafka is away."""
        partitions = self._consumer.assignment()
        ends = await self._consumer.end_offsets(partitions) if partitions else {}
        return {Place(tp.topic, tp.partition): end for tp, end in ends.items()}

    async def _seek(self, partitions: Sequence[Any]) -> None:
        if not partitions:
            return
        begins = await self._consumer.beginning_offsets(partitions)
        ends = await self._consumer.end_offsets(partitions)
        ranges = {Place(tp.topic, tp.partition): (begins[tp], ends[tp]) for tp in partitions}
        for place, offset in (await self.positions(ranges)).items():
            self._consumer.seek(_TopicPartition(place.topic, place.partition), offset)


class _Assignments(ConsumerRebalanceListener):  # type: ignore[misc]  # the client ships no types
    """Lets the batch in flight end before partitions go, and starts new ones where MongoDB says."""

    def __init__(self, reader: GroupReader) -> None:
        self._reader = reader

    async def on_partitions_revoked(self, revoked: Any) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(20):
                await self._reader._idle.wait()

    async def on_partitions_assigned(self, assigned: Any) -> None:
        await self._reader._seek(assigned)


async def follow(bootstrap: str, topic: str) -> AsyncIterator[Received]:
    """Every record of a topic from its beginning, then what comes, for ever; for small topics.

    All partitions, however many there are or will be: a key that is revoked on the second one is revoked. Where one is
    added everything is read again. Only within a partition there is an order.
    """
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=bootstrap,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=500,
        metadata_max_age_ms=5_000,  # a partition that is added, or a topic made anew, is found within so long
    )
    try:
        await consumer.start()
        async for r in consumer:
            yield _received(r)
    finally:
        await _stop(consumer)


async def read_all(bootstrap: str, topic: str) -> AsyncIterator[Received]:
    """Every record that a topic holds now, partition by partition."""
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=bootstrap,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=100,
    )
    try:
        await consumer.start()
        partitions = sorted(consumer.assignment())
        ends = await consumer.end_offsets(partitions)
        for partition in partitions:
            while await consumer.position(partition) < ends[partition]:
                for r in (await consumer.getmany(partition, timeout_ms=500)).get(partition, ()):
                    yield _received(r)
    finally:
        await _stop(consumer)


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic as it should be."""

    name: str
    partitions: int
    config: dict[str, str]


COPIES = 3
"""Of a topic's data, on a cluster: one broker may be lost, and one more be away."""


async def apply_topics(bootstrap: str, specs: Sequence[TopicSpec], replication: int | None = None) -> dict[str, str]:
    """Create what is missing, add partitions, set what differs. Returns topic → what was done.

    `replication` is how many copies a new topic has: three where there are as many brokers, unless said. Partitions are
    never taken away. Raises KafkaError when the broker refuses.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        if replication is None:
            brokers = len((await admin.describe_cluster())["brokers"])
            replication = COPIES if brokers >= COPIES else 1
        known = {topic["topic"]: topic for topic in await admin.describe_topics([s.name for s in specs])}
        done: dict[str, str] = {}
        for spec in specs:
            found = known.get(spec.name, {})
            if not found.get("partitions"):
                await _create(admin, spec, replication)
                done[spec.name] = f"created with {spec.partitions} partitions"
                continue
            changes = await _raise_partitions(admin, spec, len(found["partitions"]))
            changes += await _set_config(admin, spec)
            done[spec.name] = "; ".join(changes) or "unchanged"
        await _wait_for_leaders(admin, specs)
        return done
    finally:
        await admin.close()


async def _create(admin: AIOKafkaAdminClient, spec: TopicSpec, replication: int) -> None:
    response = await admin.create_topics(
        [NewTopic(spec.name, spec.partitions, replication, topic_configs=spec.config)], timeout_ms=10_000
    )
    for name, code, *message in response.topic_errors:
        if code not in (0, 36):  # 36: somebody else has just created it
            raise KafkaError(f"topic {name} was not created: error {code} {message}")


async def _raise_partitions(admin: AIOKafkaAdminClient, spec: TopicSpec, partitions: int) -> list[str]:
    if partitions >= spec.partitions:
        return []
    await admin.create_partitions({spec.name: NewPartitions(spec.partitions)})
    return [f"partitions {partitions} → {spec.partitions}"]


async def _set_config(admin: AIOKafkaAdminClient, spec: TopicSpec) -> list[str]:
    resource = ConfigResource(ConfigResourceType.TOPIC, spec.name)
    (response,) = await admin.describe_configs([resource])
    present = {entry[0]: entry[1] for entry in response.resources[0][4]}
    differing = {name: value for name, value in spec.config.items() if present.get(name) != value}
    if differing:
        wanted = ConfigResource(ConfigResourceType.TOPIC, spec.name, configs=spec.config)
        await admin.alter_configs([wanted])
    return [f"{name} {present.get(name)} → {value}" for name, value in differing.items()]


async def _wait_for_leaders(admin: AIOKafkaAdminClient, specs: Sequence[TopicSpec]) -> None:
    """A new topic answers NotLeaderForPartition for a moment: wait until every partition has a leader."""
    async with asyncio.timeout(20):
        while True:
            topics = await admin.describe_topics([spec.name for spec in specs])
            if all(t["partitions"] and all(p["leader"] >= 0 for p in t["partitions"]) for t in topics):
                return
            await asyncio.sleep(0.1)


# Looking at a cluster, for the commands of operators ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TopicState:
    """A topic as it is. `begins` and `ends` hold an offset for each partition, from 0."""

    partitions: int
    replication: int
    config: dict[str, str]
    """Only what was set for this topic."""
    begins: tuple[int, ...]
    ends: tuple[int, ...]

    @property
    def records(self) -> int:
        return sum(self.ends) - sum(self.begins)


@dataclass(frozen=True, slots=True)
class ClusterState:
    """A cluster, and those of its topics that were asked for."""

    id: str
    brokers: int
    topics: dict[str, TopicState]


async def look_at(bootstrap: str, names: Sequence[str]) -> ClusterState:
    """The cluster as it is; topics that do not exist are left out. Raises KafkaError, OSError or TimeoutError."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    try:
        async with asyncio.timeout(20):
            await admin.start()
            await consumer.start()
            cluster = await admin.describe_cluster()
            found = [topic for topic in await admin.describe_topics(list(names)) if topic["partitions"]]
            topics = {topic["topic"]: await _topic_state(admin, consumer, topic) for topic in found}
            return ClusterState(str(cluster["cluster_id"]), len(cluster["brokers"]), topics)
    finally:
        await _stop(consumer)
        await admin.close()


async def _topic_state(admin: AIOKafkaAdminClient, consumer: AIOKafkaConsumer, topic: dict[str, Any]) -> TopicState:
    places = [_TopicPartition(topic["topic"], number) for number in range(len(topic["partitions"]))]
    begins, ends = await consumer.beginning_offsets(places), await consumer.end_offsets(places)
    (response,) = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic["topic"])])
    return TopicState(
        partitions=len(places),
        replication=len(topic["partitions"][0]["replicas"]),
        config={entry[0]: entry[1] for entry in response.resources[0][4] if _is_set_here(entry)},
        begins=tuple(begins[place] for place in places),
        ends=tuple(ends[place] for place in places),
    )


_SET_FOR_THE_TOPIC = 1
"""Kafka protocol guide, DescribeConfigs: DYNAMIC_TOPIC_CONFIG as a source; version 0 tells only whether by default."""


def _is_set_here(entry: Sequence[Any]) -> bool:
    source = entry[3]
    return not source if isinstance(source, bool) else bool(source == _SET_FOR_THE_TOPIC)


async def delete_topics(bootstrap: str, names: Sequence[str]) -> None:
    """Remove topics with all that they hold; returns when they are gone."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        async with asyncio.timeout(60):
            await admin.delete_topics(list(names))
            while any(topic["partitions"] for topic in await admin.describe_topics(list(names))):  # noqa: ASYNC110
                await asyncio.sleep(0.2)
    finally:
        await admin.close()


async def committed(bootstrap: str, topics: Sequence[str]) -> dict[str, dict[Place, int]]:
    """How far each consumer group of the cluster says that it has read these topics, for groups that have said so."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        found: dict[str, dict[Place, int]] = {}
        for group, *_ in await admin.list_consumer_groups():
            offsets = await admin.list_consumer_group_offsets(group)
            read = {Place(tp.topic, tp.partition): said.offset for tp, said in offsets.items() if tp.topic in topics}
            if read:
                found[group] = read
        return found
    finally:
        await admin.close()


async def delete_records(bootstrap: str, before: Mapping[Place, int]) -> None:
    """Remove from each partition what lies before an offset, for every reader and for good."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        marks = {_TopicPartition(at.topic, at.partition): RecordsToDelete(offset) for at, offset in before.items()}
        await admin.delete_records(marks, timeout_ms=30_000)
    finally:
        await admin.close()
