"""Two brokers and two mongods, of which each second one comes and goes; then Kafka as a whole does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from unittest.mock import patch

import httpx2
from pymongo.errors import PyMongoError

from linli.messaging.kafka import KafkaUnavailable, apply_topics, describe_groups, survey
from linli_cli.stack import replica_set
from linli_cli.stack.embedded import kafka as embedded_kafka
from linli_cli.stack.embedded.mongo import Mongo
from linli_cli.stack.embedded.secret_files import MONGO_KEYFILE
from linli_cli.stack.embedded.server import Server
from tests.integration.linli.messaging.test_two_brokers import Second
from tests.monitoring.causes import Cause, alert
from tests.monitoring.office import Office
from tests.support.servers import Servers, free_ports
from tests.support.services import until
from tests.support.topics import topics_of

READY_WITHIN = 180.0
ON_ONE_BROKER = "notices"
"""A topic of which some partitions only the second broker has; nobody in the office waits for what is on it."""


class TwoOfEach(Servers):
    """The second broker has copies of our topics, and of one topic some partitions alone. The second mongod has no
    vote, so that the first one goes on without it.
    """

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        kafka_port, mongo_port = free_ports(2)
        identity = (self.data["kafka"] / "meta.properties").read_text()
        (cluster,) = [line.partition("=")[2] for line in identity.splitlines() if line.startswith("cluster.id=")]
        self._second_kafka = Second(
            directory / "kafka-2", kafka_port, self._kafka._controller_port, directory / "logs" / "kafka-2.log"
        )
        self._second_kafka.fetch()
        with patch.object(embedded_kafka, "cluster_id", lambda _: cluster):
            self._second_kafka.format()
        keys = (self.mongo_password_file, self.secrets_dir / MONGO_KEYFILE)
        self._second_mongo = Mongo(directory / "mongo-2", mongo_port, keys, directory / "logs" / "mongod-2.log")
        self._second_mongo.prepare()
        self.second_broker, self.second_mongod = Server(self._second_kafka), Server(self._second_mongo)

    async def start_both(self, prefix: str) -> None:
        """With the topics that a system of this prefix will find."""
        super().start()
        await until(self._group_positions_are_on_the_first)
        await self.start_second_broker()
        specs = topics_of(prefix, partitions=4)
        own = f"{prefix}.{ON_ONE_BROKER}"

        async def both_are_there() -> bool:
            return (await survey(self.kafka, [])).brokers == (1, 2)

        await until(both_are_there)
        await apply_topics(self.kafka, [each for each in specs if each.name != own], replication=2)
        await apply_topics(self.kafka, [each for each in specs if each.name == own], replication=1)
        await self.start_second_mongod()
        with self._client() as client:
            config = client.admin.command("replSetGetConfig")["config"]
            config["version"] += 1
            config["members"].append({"_id": 1, "host": self._second_mongo.address, "votes": 0, "priority": 0})
            client.admin.command("replSetReconfig", config)

        async def follows() -> bool:
            try:
                password = self.mongo_password_file.read_text().strip()
                with replica_set.client(self._second_mongo.address, password) as client:
                    return bool(client.admin.command("hello")["secondary"])
            except PyMongoError:
                return False

        await until(follows, READY_WITHIN)

    async def _group_positions_are_on_the_first(self) -> bool:
        """Kafka makes the topic for them when somebody asks for a group: before there is a second broker."""
        try:
            return (await describe_groups(self.kafka, ["nobody"]))["nobody"].members == ()
        except KafkaUnavailable:
            return False

    async def start_second_broker(self) -> None:
        self.second_broker.start()
        await asyncio.to_thread(self.second_broker.wait_until, self._second_kafka.is_ready, READY_WITHIN)

    async def start_second_mongod(self) -> None:
        self.second_mongod.start()
        await asyncio.to_thread(self.second_mongod.wait_until, self._second_mongo.is_listening, READY_WITHIN)

    def stop(self) -> None:
        self.second_broker.kill()
        self.second_mongod.kill()
        super().stop()


class Hall(Office):
    """An office on two of each."""

    servers: TwoOfEach


@asynccontextmanager
async def second_broker_killed(hall: Hall) -> AsyncIterator[None]:
    hall.servers.second_broker.kill()
    yield
    await hall.servers.start_second_broker()


@asynccontextmanager
async def second_mongod_killed(hall: Hall) -> AsyncIterator[None]:
    hall.servers.second_mongod.kill()
    yield
    await hall.servers.start_second_mongod()


@asynccontextmanager
async def kafka_killed(hall: Hall) -> AsyncIterator[None]:
    """While residents go on to report."""
    hall.servers.second_broker.kill()
    hall.servers.kill_kafka()

    async def reported() -> bool:
        try:
            answer = await hall.system.submit(kind="report", title="停水了", neighbourhood="east", community="test")
        except httpx2.TransportError:
            return False
        return answer.status_code == 201

    await until(reported)
    yield
    hall.servers.start_kafka()
    await hall.servers.start_second_broker()


BROKER_AWAY = Cause(
    second_broker_killed,
    (
        alert("LinliBrokerAway"),
        alert("LinliCopiesBehind"),
        alert("LinliPartitionLeaderless"),
    ),
)
MEMBER_AWAY = Cause(second_mongod_killed, (alert("LinliMongoMemberAway"),))
KAFKA_AWAY = Cause(
    kafka_killed,
    (
        alert("LinliPublishFailing", job="intake"),
        alert("LinliOutboxAgeing", job="intake"),
        alert("LinliServerNotSeen", server="kafka"),
    ),
)
