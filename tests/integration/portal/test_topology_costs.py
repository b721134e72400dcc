"""What it costs to look: a broker that has hundreds of topics of others is asked no more than for ours."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from linli.application.settings import Settings
from linli.messaging.kafka import Observer, TopicSpec, apply_topics
from linli.storage import mongo
from portal.topology.domain.joining import join
from portal.topology.domain.sample import Sample
from portal.topology.migrations import MIGRATIONS
from portal.topology.reading import Reader
from portal.topology.sampler import Sampler
from portal.topology.store import TopologyStore
from tests.support.kafka_meter import METADATA, Exchange, KafkaMeter
from tests.support.servers import ProxiedServers
from tests.support.services import until
from tests.support.topics import topics_of
from tests.support.topology import CONTRACTS, sample

OBSERVER = "linli-portal-topology"
"""What the sampler's client calls itself."""
FOREIGN = [f"elsewhere.{number:03}" for number in range(300)]
LOOKS = 4
"""Of which the first is also the one that a minute has: it goes over all names."""
A_NAME_IN_THE_LIST = 120
"""Bytes that a topic of one partition takes in the list of all, at most."""


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProxiedServers]:
    """Their own: other tests' topics come and go on the session's."""
    made = ProxiedServers(tmp_path_factory.mktemp("servers"), KafkaMeter)
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture
async def database(servers: ProxiedServers) -> AsyncIterator[mongo.Database]:
    settings = Settings(
        mongo_uri=servers.mongo_uri,
        mongo_username=servers.mongo_username,
        mongo_password_file=servers.mongo_password_file,
    )
    client = mongo.connect(settings)
    yield client["costs"]
    client.close()


def now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def sampler_on(servers: ProxiedServers, database: mongo.Database) -> AsyncIterator[Sampler]:
    """One that has just begun, and asks no process."""
    observer, reader = Observer(servers.kafka), Reader({})
    store = TopologyStore(database)
    try:
        yield Sampler(
            database, store, CONTRACTS, observer, reader, "a test", lambda: datetime.now(UTC), kafka_within=60
        )
    finally:
        await observer.close()
        await reader.close()


async def test_three_hundred_topics_of_others_cost_one_longer_list_a_minute(
    servers: ProxiedServers, database: mongo.Database
) -> None:
    meter = servers.kafka_proxy
    assert isinstance(meter, KafkaMeter)
    await apply_topics(servers.kafka, topics_of("linli", partitions=4))
    await mongo.migrate(database, MIGRATIONS)
    await TopologyStore(database).append(sample(0), None, whole=True)  # by which the readers' groups are known

    async def looked() -> tuple[Sequence[Exchange], Sample]:
        async with sampler_on(servers, database) as sampler:
            meter.forget()
            samples = [await sampler.take() for _ in range(LOOKS)]
        assert samples[-1] is not None
        return meter.of(OBSERVER), samples[-1]

    async def groups_are_told() -> bool:
        """A broker that has just begun has no coordinator yet."""
        async with sampler_on(servers, database) as sampler:
            seen = await sampler.take()
        return seen is not None and seen.kafka and seen.groups.keys() == {"linli.workflow", "linli.notify"}

    await until(groups_are_told)
    alone, seen_alone = await looked()
    for start in range(0, len(FOREIGN), 50):
        await apply_topics(servers.kafka, [TopicSpec(name, 1, {}) for name in FOREIGN[start : start + 50]])
    among, seen_among = await looked()

    assert [(each.api, each.asked) for each in among] == [(each.api, each.asked) for each in alone]
    assert [each.api for each in alone].count(METADATA) > LOOKS
    more = {
        number: after.answered - before.answered
        for number, (before, after) in enumerate(zip(alone, among, strict=True))
        if after.answered != before.answered
    }
    ((which, bytes_more),) = more.items()
    assert alone[which].api == METADATA
    assert 0 < bytes_more < len(FOREIGN) * A_NAME_IN_THE_LIST
    assert seen_among.topics.keys() == seen_alone.topics.keys() == CONTRACTS.topics.keys()
    assert seen_among.strangers == ()
    nodes = join(CONTRACTS, [seen_among], seen_among.at).nodes
    assert nodes.keys() == join(CONTRACTS, [seen_alone], seen_alone.at).nodes.keys()
    assert not [id for id in nodes if "elsewhere" in id]
