"""A cluster of two real brokers, one of which is killed: who looks sees that, and does not wait for what is away."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from linli.messaging.connection import Cluster
from linli.messaging.kafka import KafkaUnavailable, Survey, TopicSpec, apply_topics, look_at, survey
from linli_cli.connection.settings import LOOPBACK
from linli_cli.operations.replica_checks import brokers
from linli_cli.stack.embedded import kafka as embedded_kafka
from linli_cli.stack.embedded.alone import READY_WITHIN, kafka_in, start_kafka
from linli_cli.stack.embedded.kafka import Kafka
from linli_cli.stack.embedded.server import Server
from tests.support.servers import free_ports
from tests.support.services import until

COPIED, ALONE = TopicSpec("copied", 6, {}), TopicSpec("alone", 6, {})


class Second(Kafka):
    """A broker that the first one is the controller of."""

    def _configuration(self) -> str:
        own = f"node.id=2\nprocess.roles=broker\nlisteners=PLAINTEXT://{LOOPBACK}:{self.port}\n"
        return super()._configuration() + own  # of two lines about one thing the later counts


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Server]]:
    """The address of the first broker, and the second."""
    monkeypatch.setattr(embedded_kafka, "cluster_id", lambda _: "one-cluster-for-both-A")
    first_port, second_port, controller_port = free_ports(3)
    first = kafka_in(tmp_path / "first", first_port, controller_port)
    second = Second(tmp_path / "second", second_port, controller_port, tmp_path / "second.log")
    second.fetch()
    second.format()
    servers = [Server(first), Server(second)]
    try:
        start_kafka(servers[0], first)
        servers[1].start()
        servers[1].wait_until(second.is_ready, READY_WITHIN)
        yield first.address, servers[1]
    finally:
        for server in reversed(servers):
            server.stop()


async def test_a_broker_that_is_killed_is_seen_with_what_it_takes_away_and_so_is_its_return(
    two: tuple[str, Server],
) -> None:
    address, second = two
    kafka = Cluster(address)
    seen: list[Survey] = []

    async def see() -> Survey:
        seen.append(await survey(kafka, [COPIED.name, ALONE.name]))
        return seen[-1]

    async def both_are_there() -> bool:
        return (await see()).brokers == (1, 2)

    await until(both_are_there)
    await apply_topics(kafka, [COPIED], replication=2)
    await apply_topics(kafka, [ALONE], replication=1)

    async def all_is_well() -> bool:
        found = await see()
        return len(found.topics) == 2 and not found.away and found.behind == found.leaderless == 0

    await until(all_is_well)
    assert seen[-1].expected == 2

    second.kill()

    async def one_is_away() -> bool:
        return (await see()).away == (2,) and seen[-1].topics[COPIED.name].behind == COPIED.partitions

    await until(one_is_away)
    lost = seen[-1].topics[ALONE.name].leaderless
    assert (seen[-1].brokers, seen[-1].expected) == ((1,), 2)
    assert 0 < lost < ALONE.partitions
    assert seen[-1].topics[COPIED.name].leaderless == 0
    assert [each.said for each in brokers(seen[-1])][:2] == [
        "1 broker that should hold copies is away: 2.",
        "Partitions that no broker leads, so that nothing is written or read: alone.",
    ]
    with pytest.raises(KafkaUnavailable, match="no broker leads some of alone"):
        await look_at(kafka, [ALONE.name])
    assert (await look_at(kafka, [COPIED.name])).topics[COPIED.name].ends == (0,) * COPIED.partitions

    second.start()
    await until(all_is_well)
