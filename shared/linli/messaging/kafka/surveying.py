"""A cluster's brokers and replicas, and a consumer group's members, as Kafka itself reports them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupIdNotFound, for_code

from linli.messaging.connection import Cluster
from linli.messaging.kafka.clients import KafkaUnavailable
from linli.messaging.kafka.topics import administer

T = TypeVar("T")

SURVEY_WITHIN = 10.0
TRIES = 20
"""A request goes to one broker by chance, and one that has just died is not struck off for some seconds: of two, one
question in a million meets it each time."""
PAUSE = 0.1


@dataclass(frozen=True, slots=True)
class Copies:
    """How a topic's copies are."""

    partitions: int
    replication: int
    behind: int = 0
    """Partitions of which a copy is not in sync."""
    leaderless: int = 0
    """Partitions that no broker leads: nothing is written to them or read."""


@dataclass(frozen=True, slots=True)
class Survey:
    """The brokers of a cluster, and those of its topics that were asked for."""

    brokers: tuple[int, ...]
    """Those that are there, by their ids."""
    expected: int
    """How many there are when all are: as many as hold copies, or as many as the address names."""
    topics: dict[str, Copies]
    away: tuple[int, ...] = ()
    """Brokers that should hold copies of these topics and are not there."""

    @property
    def behind(self) -> int:
        return sum(topic.behind for topic in self.topics.values())

    @property
    def leaderless(self) -> int:
        return sum(topic.leaderless for topic in self.topics.values())


@dataclass(frozen=True, slots=True)
class GroupState:
    """A consumer group as its coordinator sees it."""

    state: str
    """Kafka's word: Stable, Empty, Dead, PreparingRebalance, CompletingRebalance."""
    members: tuple[str, ...]
    """As they call themselves: `GroupReader.member`."""


async def survey(kafka: Cluster, names: Sequence[str]) -> Survey:
    """The cluster as it is; topics that do not exist are left out. Raises KafkaError, OSError or TimeoutError."""

    async def look(admin: AIOKafkaAdminClient) -> Survey:
        return _survey((await admin._get_cluster_metadata(list(names))).to_object(), len(kafka.bootstrap.split(",")))

    return await administer(kafka, SURVEY_WITHIN, lambda admin: _tried(lambda: look(admin)))


def _survey(answer: dict[str, Any], named: int) -> Survey:
    found = {topic["topic"]: topic["partitions"] for topic in answer["topics"] if topic["partitions"]}
    there = {broker["node_id"] for broker in answer["brokers"]}
    holders = {id for partitions in found.values() for each in partitions for id in each["replicas"]}
    topics = {
        name: Copies(
            partitions=len(partitions),
            replication=len(partitions[0]["replicas"]),
            behind=sum(len(each["isr"]) < len(each["replicas"]) for each in partitions),
            leaderless=sum(each["leader"] < 0 for each in partitions),
        )
        for name, partitions in found.items()
    }
    return Survey(tuple(sorted(there)), max(named, len(there | holders)), topics, tuple(sorted(holders - there)))


async def describe_groups(kafka: Cluster, groups: Sequence[str]) -> dict[str, GroupState]:
    """Each group with its members; one that nobody ever joined has none. Raises KafkaError, OSError or TimeoutError."""

    async def look(admin: AIOKafkaAdminClient) -> dict[str, GroupState]:
        # One at a time: the client (0.14) reads the answer as an older request's, and stumbles over a second group.
        return {group: _group_state((await admin.describe_consumer_groups([group]))[0].groups[0]) for group in groups}

    return await administer(kafka, SURVEY_WITHIN, lambda admin: _tried(lambda: look(admin)))


def _group_state(answer: Sequence[Any]) -> GroupState:
    code, group, state, _, _, members, *_ = answer
    if code and code != GroupIdNotFound.errno:
        raise for_code(code)(f"{group} could not be described")
    return GroupState(state, tuple(sorted(member_name(group, each[0]) for each in members)))


async def _tried(look: Callable[[], Awaitable[T]]) -> T:
    for _ in range(TRIES - 1):
        try:
            return await look()
        except KafkaUnavailable:
            await asyncio.sleep(PAUSE)
    return await look()


_UUID_LENGTH = 36


def member_name(group: str, id: str) -> str:
    """From the id that the coordinator gives a static member: group, name, and a UUID, with dashes between."""
    return id[: -_UUID_LENGTH - 1].removeprefix(f"{group}-")
