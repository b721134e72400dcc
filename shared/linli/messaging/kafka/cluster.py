"""Looking at a cluster, for the commands of operators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka import TopicPartition as _TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import LeaderNotAvailableError

from linli.messaging.connection import Cluster
from linli.messaging.kafka.clients import START_WITHIN, call, put_away
from linli.messaging.kafka.records import Place
from linli.messaging.kafka.topics import administer

LOOK_WITHIN = 20.0
DELETE_WITHIN = 60.0


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


async def look_at(kafka: Cluster, names: Sequence[str]) -> ClusterState:
    """The cluster as it is; topics that do not exist are left out. Raises KafkaError, OSError or TimeoutError.

    A topic that nobody leads is one that cannot be looked at; `survey` can.
    """
    consumer = AIOKafkaConsumer(**kafka.client(), enable_auto_commit=False)

    async def look(admin: AIOKafkaAdminClient) -> ClusterState:
        cluster = await admin.describe_cluster()
        found = [topic for topic in await admin.describe_topics(list(names)) if topic["partitions"]]
        topics = {topic["topic"]: await _topic_state(admin, consumer, topic) for topic in found}
        return ClusterState(str(cluster["cluster_id"]), len(cluster["brokers"]), topics)

    try:
        await call(consumer, consumer.start(), LOOK_WITHIN)
        return await call(consumer, administer(kafka, LOOK_WITHIN, look), START_WITHIN)
    finally:
        await put_away(consumer)


async def _topic_state(admin: AIOKafkaAdminClient, consumer: AIOKafkaConsumer, topic: dict[str, Any]) -> TopicState:
    if any(partition["leader"] < 0 for partition in topic["partitions"]):  # whoever asks it would wait for ever
        raise LeaderNotAvailableError(f"no broker leads some of {topic['topic']}")
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


async def committed(kafka: Cluster, topics: Sequence[str]) -> dict[str, dict[Place, int]]:
    """How far each consumer group of the cluster says that it has read these topics, for groups that have said so."""

    async def look(admin: AIOKafkaAdminClient) -> dict[str, dict[Place, int]]:
        found: dict[str, dict[Place, int]] = {}
        for group, *_ in await admin.list_consumer_groups():
            offsets = await admin.list_consumer_group_offsets(group)
            read = {Place(tp.topic, tp.partition): at.offset for tp, at in offsets.items() if tp.topic in topics}
            if read:
                found[group] = read
        return found

    return await administer(kafka, LOOK_WITHIN, look)


async def delete_records(kafka: Cluster, before: Mapping[Place, int]) -> None:
    """Remove from each partition what lies before an offset, for every reader and for good."""

    async def delete(admin: AIOKafkaAdminClient) -> None:
        marks = {_TopicPartition(at.topic, at.partition): RecordsToDelete(offset) for at, offset in before.items()}
        await admin.delete_records(marks, timeout_ms=30_000)

    await administer(kafka, DELETE_WITHIN, delete)
