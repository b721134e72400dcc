"""Bringing topics in line with their declarations, for operators."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError

from linli.messaging.connection import Cluster
from linli.messaging.kafka.clients import START_WITHIN, call, put_away

T = TypeVar("T")

APPLY_WITHIN = 60.0


async def administer(kafka: Cluster, seconds: float, work: Callable[[AIOKafkaAdminClient], Awaitable[T]]) -> T:
    """Run an operation on a cluster, with a time limit in seconds. Raises KafkaError, OSError or TimeoutError."""
    admin = AIOKafkaAdminClient(**kafka.client())
    try:
        await call(admin, admin.start(), START_WITHIN)
        return await call(admin, work(admin), seconds)
    finally:
        await put_away(admin)


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic as it should be."""

    name: str
    partitions: int
    config: dict[str, str]


COPIES = 3
"""Of a topic's data, on a cluster: one broker may be lost, and one more be away."""


async def apply_topics(kafka: Cluster, specs: Sequence[TopicSpec], replication: int | None = None) -> dict[str, str]:
    """Create what is missing, add partitions, set what differs. Returns topic → what was done.

    `replication` is how many copies a new topic has: three where there are as many brokers, unless said. Partitions are
    never taken away. Raises KafkaError when the broker refuses.
    """

    async def apply(admin: AIOKafkaAdminClient) -> dict[str, str]:
        copies = replication
        if copies is None:
            copies = COPIES if len((await admin.describe_cluster())["brokers"]) >= COPIES else 1
        known = {topic["topic"]: topic for topic in await admin.describe_topics([s.name for s in specs])}
        missing = [spec for spec in specs if not known.get(spec.name, {}).get("partitions")]
        await _create(admin, missing, copies)
        done = {spec.name: f"created with {spec.partitions} partitions" for spec in missing}
        for spec in specs:
            if spec.name in done:
                continue
            changes = await _raise_partitions(admin, spec, len(known[spec.name]["partitions"]))
            changes += await _set_config(admin, spec)
            done[spec.name] = "; ".join(changes) or "unchanged"
        await _wait_for_leaders(admin, specs)
        return {spec.name: done[spec.name] for spec in specs}

    return await administer(kafka, APPLY_WITHIN, apply)


async def delete_topics(kafka: Cluster, names: Sequence[str]) -> None:
    """Remove topics with all that they hold; returns when they are gone."""

    async def delete(admin: AIOKafkaAdminClient) -> None:
        await admin.delete_topics(list(names))
        while any(topic["partitions"] for topic in await admin.describe_topics(list(names))):  # noqa: ASYNC110
            await asyncio.sleep(0.2)

    await administer(kafka, APPLY_WITHIN, delete)


async def _create(admin: AIOKafkaAdminClient, specs: Sequence[TopicSpec], replication: int) -> None:
    if not specs:
        return
    response = await admin.create_topics(
        [NewTopic(spec.name, spec.partitions, replication, topic_configs=spec.config) for spec in specs],
        timeout_ms=10_000,
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
