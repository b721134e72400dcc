"""What is seen of real servers: brokers, copies, members of groups and of the replica set, and that nothing is seen."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from prometheus_client import REGISTRY

from linli.application.settings import Settings
from linli.messaging.connection import Cluster
from linli.messaging.kafka import POSITIONS, Copies, GroupState, describe_groups, survey
from linli.messaging.watch import Watch, unknown
from linli.storage import mongo
from tests.integration.linli.messaging.test_kafka_clients import Reading
from tests.support.servers import free_ports
from tests.support.services import until


@pytest.fixture
async def settings(settings_for: Callable[..., Awaitable[Settings]]) -> Settings:
    made: Settings = await settings_for(Settings)
    return made


@asynccontextmanager
async def member(settings: Settings, name: str) -> AsyncIterator[str]:
    """One who reads; the group's name."""
    made = Reading(settings.kafka, settings.topic("intake"), name)
    task = asyncio.create_task(made.run())
    try:
        yield made.reader.group
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def in_group(settings: Settings, group: str, *names: str) -> None:
    async def settled() -> bool:
        found = await describe_groups(settings.kafka, [group, "nobody-ever"])
        return found == {group: GroupState("Stable", names), "nobody-ever": GroupState("Dead", ())}

    await until(settled)


async def test_a_group_is_described_by_kafka_with_all_its_members_as_they_come_and_go(settings: Settings) -> None:
    async with member(settings, "host-one:8102") as group:
        await in_group(settings, group, "host-one-8102")
        async with member(settings, "host-two:8102"):
            await in_group(settings, group, "host-one-8102", "host-two-8102")
        await in_group(settings, group, "host-one-8102")
    assert await describe_groups(settings.kafka, [group]) == {group: GroupState("Empty", ())}


async def test_a_survey_tells_of_brokers_and_copies_and_leaves_out_topics_that_are_not_there(
    settings: Settings,
) -> None:
    found = await survey(settings.kafka, [settings.topic("cases"), settings.topic("nonsense")])
    assert found.topics == {settings.topic("cases"): Copies(partitions=3, replication=1)}
    assert (len(found.brokers), found.expected, found.away) == (1, 1, ())
    also = Cluster(f"{settings.kafka_bootstrap},127.0.0.1:{free_ports(1)[0]}")
    assert (await survey(also, [settings.topic("cases")])).expected == 2


async def test_the_replica_set_tells_its_members(settings: Settings) -> None:
    client = mongo.connect(settings)
    found = await mongo.replica_set(client)
    client.close()
    assert (found.expected, found.there, found.away) == (1, 1, [])
    assert found.primary in found.states


def told(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


async def test_who_watches_tells_who_is_there_and_nothing_at_all_of_what_is_away(settings: Settings) -> None:
    client = mongo.connect(settings)
    topic = settings.topic("intake")
    async with member(settings, "one") as group:
        await in_group(settings, group, "one")
        watching = asyncio.create_task(Watch(client, settings.kafka, [topic], group, every=0.2).run())

        async def seen() -> bool:
            return told("linli_group_members", group=group) == told("linli_servers", server="mongodb") == 1

        await until(seen)
        assert told("linli_servers", server="kafka") == told("linli_servers_expected", server="kafka") == 1
        assert told("linli_servers_expected", server="mongodb") == 1
        assert told("linli_kafka_partitions_behind", topic=topic) == 0
        assert told("linli_kafka_partitions_leaderless", topic=POSITIONS) == 0
        assert told("linli_servers_seen_timestamp_seconds", server="kafka")
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    nowhere = Cluster(f"127.0.0.1:{free_ports(1)[0]}")
    watching = asyncio.create_task(Watch(client, nowhere, [topic], group, every=0.2).run())

    async def not_seen() -> bool:
        return told("linli_servers", server="kafka") is told("linli_group_members", group=group) is None

    await until(not_seen)
    assert told("linli_servers_expected", server="kafka") is None
    assert told("linli_kafka_partitions_behind", topic=topic) is None
    assert told("linli_servers", server="mongodb") == 1
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    client.close()
    unknown("mongodb")
