"""Looking at the same topics and groups again and again, by one client that stays connected.

A look asks only for what is named: a broker that has three hundred topics of others is asked no more for that. How
often it is asked does not depend on how many want to know.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, for_code
from aiokafka.protocol.offset import OffsetRequest

from linli.messaging.connection import Cluster
from linli.messaging.kafka.acls import Listed, list_acls
from linli.messaging.kafka.clients import START_WITHIN, call, put_away
from linli.messaging.kafka.cluster import _is_set_here
from linli.messaging.kafka.records import Place
from linli.messaging.kafka.surveying import GroupState, Survey, _group_state, _survey

T = TypeVar("T")

ANSWER_WITHIN = 10.0
LATEST, EARLIEST = -1, -2
"""Kafka protocol guide, ListOffsets: what stands in place of a timestamp."""


@dataclass(frozen=True, slots=True)
class Look:
    """What Kafka told."""

    survey: Survey
    begins: Mapping[Place, int]
    ends: Mapping[Place, int]
    groups: Mapping[str, GroupState]
    """Those whose coordinator tells of them."""
    committed: Mapping[str, Mapping[Place, int]] = field(default_factory=dict)
    """Up to where each of those groups says that it has read."""


class Observer:
    """`look` raises KafkaError or OSError, and connects anew the next time. Whoever makes it closes it."""

    def __init__(self, kafka: Cluster) -> None:
        self._kafka = kafka
        self._admin: AIOKafkaAdminClient | None = None

    async def look(self, topics: Sequence[str], groups: Sequence[str]) -> Look:
        """These topics as they are, without those that do not exist, and these groups."""
        return await self._ask(lambda admin: self._look(admin, topics, groups), topics)

    async def settings(self, topics: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
        """What was set for each of these topics, which exist."""
        return await self._ask(lambda admin: _settings(admin, topics), topics)

    async def named_like(self, *prefixes: str) -> tuple[Sequence[str], Sequence[str]]:
        """All topics and all groups whose names begin with one of these, as far as this user may see them.

        This alone goes over everything that there is, so it is asked seldom.
        """
        return await self._ask(lambda admin: _named_like(admin, prefixes), ())

    async def rights(self) -> Listed:
        """Who may do what, or why Kafka does not tell."""
        return await self._ask(list_acls, ())

    async def close(self) -> None:
        """Disconnect."""
        admin, self._admin = self._admin, None
        if admin is not None:
            await put_away(admin)

    async def _ask(self, work: Callable[[AIOKafkaAdminClient], Awaitable[T]], topics: Sequence[str]) -> T:
        try:
            if self._admin is None:
                self._admin = AIOKafkaAdminClient(**self._kafka.client(), client_id="linli-portal-topology")
                await call(self._admin, self._admin.start(), START_WITHIN)
            if topics:  # or the client would look after every topic that there is
                self._admin._client._topics = set(topics)
            return await call(self._admin, work(self._admin), ANSWER_WITHIN)
        except BaseException:
            await self.close()
            raise

    async def _look(self, admin: AIOKafkaAdminClient, topics: Sequence[str], groups: Sequence[str]) -> Look:
        answer = (await admin._get_cluster_metadata(list(topics))).to_object()
        leaders: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for topic in answer["topics"]:
            for partition in topic["partitions"]:
                if partition["leader"] >= 0:  # whoever asks nobody waits for ever
                    leaders[partition["leader"]][topic["topic"]].append(partition["partition"])
        begins, ends = await asyncio.gather(_offsets(admin, leaders, EARLIEST), _offsets(admin, leaders, LATEST))
        told = {group: each for group in groups if (each := await _group(admin, group))}
        survey = _survey(answer, len(self._kafka.bootstrap.split(",")))
        states = {group: state for group, (state, _) in told.items()}
        return Look(survey, begins, ends, states, {group: committed for group, (_, committed) in told.items()})


async def _group(admin: AIOKafkaAdminClient, group: str) -> tuple[GroupState, Mapping[Place, int]] | None:
    """None while its coordinator does not tell; topics are known all the same. One at a time: see `describe_groups`."""
    try:
        there = await admin.find_coordinator(group)
        state = _group_state((await admin.describe_consumer_groups([group], there))[0].groups[0])
        offsets = await admin.list_consumer_group_offsets(group, there)
    except KafkaError:
        return None
    committed = {Place(at.topic, at.partition): said.offset for at, said in offsets.items() if said.offset >= 0}
    return state, committed


async def _offsets(
    admin: AIOKafkaAdminClient, leaders: Mapping[int, Mapping[str, Sequence[int]]], which: int
) -> dict[Place, int]:
    """One question to each broker that leads something."""
    found = {}
    for node, topics in leaders.items():
        asked = [(topic, [(partition, which) for partition in those]) for topic, those in topics.items()]
        answer = await admin._send_request_to_node(node, OffsetRequest(-1, 0, asked))
        for topic, partitions in answer.topics:
            for partition, code, *said in partitions:
                if code:
                    raise for_code(code)(f"{topic}/{partition} does not tell where it ends")
                found[Place(topic, partition)] = said[-1]
    return found


async def _settings(admin: AIOKafkaAdminClient, topics: Sequence[str]) -> dict[str, dict[str, str]]:
    if not topics:
        return {}
    (answer,) = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name) for name in topics])
    return {
        name: {entry[0]: entry[1] for entry in entries if _is_set_here(entry)}
        for code, _, _, name, entries in answer.resources
        if not code
    }


async def _named_like(admin: AIOKafkaAdminClient, prefixes: tuple[str, ...]) -> tuple[Sequence[str], Sequence[str]]:
    everything = (await admin._get_cluster_metadata(None)).to_object()
    topics = sorted(each["topic"] for each in everything["topics"] if each["topic"].startswith(prefixes))
    groups = await admin.list_consumer_groups([broker["node_id"] for broker in everything["brokers"]])
    return topics, sorted(name for name, *_ in groups if name.startswith(prefixes))
