"""A real Kafka and a real mongod for tests, on free ports; each may be stopped, killed and started again."""

import asyncio
import itertools
import os
import random
import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from linli.messaging.connection import Cluster
from linli.messaging.kafka.topics import administer
from linli_cli.stack import replica_set
from linli_cli.stack.embedded.alone import kafka_in, mongo_in, start_kafka, start_mongo
from linli_cli.stack.embedded.server import Server
from linli_cli.stack.replica_set import REPLICA_SET, USERNAME
from tests.support.proxy import Proxy


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on now: held together while they are chosen, so that they differ.

    Below those that the system gives to connections (`ip_local_port_range`): between the choice and the server's start
    one of those may become another's. Each process of a test run has a range of its own.
    """
    sockets: list[socket.socket] = []
    try:
        while len(sockets) < count:
            one = socket.socket()
            sockets.append(one)
            try:
                one.bind(("127.0.0.1", next(_PORTS)))
            except OSError:
                sockets.pop().close()
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def _ports() -> Iterator[int]:
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 8
    first, number = 12_000 + 2_500 * worker, 2_500
    begin = random.randrange(number)  # runs beside this one begin elsewhere
    return (first + (begin + step) % number for step in itertools.count())


_PORTS = _ports()


SERVICE_KEY = "the service key of all tests"
"""Known beforehand, so that a test can write to Kafka as a service does."""


class Servers:
    """Both start at once with `start`. A stopped or killed one comes back on the same port with the same data."""

    def __init__(self, directory: Path) -> None:
        kafka_port, controller_port, partner_port, mongo_port = free_ports(4)
        self._kafka = kafka_in(directory, kafka_port, controller_port, partner_port)
        self.partner_bootstrap = f"127.0.0.1:{partner_port}"
        self._mongo = mongo_in(directory, mongo_port)
        self.data = {"kafka": directory / "kafka" / "data", "mongo": directory / "mongo"}
        """Where each keeps its data."""
        self._broker = Server(self._kafka)
        self._mongod = Server(self._mongo)
        self.secrets_dir = directory / "secrets"
        """Holds operator.key and service.key too."""
        self.secrets_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self.secrets_dir / "service.key").write_text(SERVICE_KEY)
        (self.secrets_dir / "service.key").chmod(0o600)

    @property
    def bootstrap(self) -> str:
        return self._kafka.address

    @property
    def kafka(self) -> Cluster:
        """Where clients reach it."""
        return Cluster(self.bootstrap)

    @property
    def mongo_uri(self) -> str:
        return self._mongo.uri

    @property
    def mongo_username(self) -> str:
        return USERNAME

    @property
    def mongo_password_file(self) -> Path:
        return self._mongo.password_file

    def start(self) -> None:
        self._broker.start()
        self.start_mongo()
        self._broker.wait_until(self._kafka.is_ready, 60)

    def stop(self) -> None:
        self.stop_kafka()
        self.stop_mongo()

    def start_kafka(self) -> None:
        if not self._broker.alive():
            start_kafka(self._broker, self._kafka)

    def stop_kafka(self) -> None:
        self._broker.stop()

    def kill_kafka(self) -> None:
        self._broker.kill()

    def lose_kafka_data(self) -> None:
        """A broker that has been killed and has nothing any more, formatted anew."""
        shutil.rmtree(self.data["kafka"])
        self._kafka.format()

    def start_mongo(self) -> None:
        if not self._mongod.alive():
            start_mongo(self._mongod, self._mongo)

    def stop_mongo(self) -> None:
        self._mongod.stop()

    def kill_mongo(self) -> None:
        self._mongod.kill()

    @property
    def logs(self) -> list[Path]:
        """What the two have written to say how they are."""
        return [self._kafka.log, self._mongo.log]

    def log_operations(self, **settings: float) -> None:
        """Which operations mongod may write into its log: those of `slowms` and more, and of them `sampleRate`."""
        with self._client() as client:
            client.admin.command("profile", 0, **settings)

    async def forget(self, prefix: str) -> None:
        """Let go of the databases and topics of a system that has ended: who keeps those of fifty is slow for all. What
        cannot be let go of in time stays.
        """
        if self._mongod.alive():
            with suppress(PyMongoError), self._client() as client:
                names = [name for name in client.list_database_names() if name.startswith(f"{prefix}_")]
                await asyncio.gather(*(asyncio.to_thread(client.drop_database, name) for name in names))
        if self._broker.alive():
            with suppress(KafkaError, OSError, TimeoutError):
                await administer(self.kafka, 60, lambda admin: _delete_topics(admin, f"{prefix}."))

    def flush_mongo(self) -> None:
        """Make mongod write to its data files what is only in its memory and its journal, as it does every minute."""
        with suppress(PyMongoError), self._client() as client:
            client.admin.command("fsync")

    def _client(self) -> MongoClient[dict[str, Any]]:
        """Past any proxy."""
        return replica_set.client(self._mongo.address, self.mongo_password_file.read_text().strip())

    def signal_kafka(self, number: signal.Signals) -> None:
        assert self._broker.pid
        os.kill(self._broker.pid, number)

    def signal_mongo(self, number: signal.Signals) -> None:
        assert self._mongod.pid
        os.kill(self._mongod.pid, number)


async def _delete_topics(admin: AIOKafkaAdminClient, prefix: str) -> None:
    await admin.delete_topics([topic for topic in await admin.list_topics() if topic.startswith(prefix)])


class ProxiedServers(Servers):
    """Both advertise a proxy's address, so that every connection goes through the harness's hands."""

    def __init__(self, directory: Path, kafka_proxy: type[Proxy] = Proxy) -> None:
        super().__init__(directory)
        kafka_port, mongo_port = free_ports(2)
        self.kafka_proxy = kafka_proxy(kafka_port, self._kafka.port)
        self.mongo_proxy = Proxy(mongo_port, self._mongo.port)
        self._advertise()

    @property
    def bootstrap(self) -> str:
        return f"127.0.0.1:{self.kafka_proxy.port}"

    @property
    def mongo_uri(self) -> str:
        return f"mongodb://127.0.0.1:{self.mongo_proxy.port}/?replicaSet={REPLICA_SET}"

    def lose_kafka_data(self) -> None:
        super().lose_kafka_data()
        self._advertise()

    def _advertise(self) -> None:
        properties = self.data["kafka"].with_name("server.properties")
        ports = (self._kafka.port, self.kafka_proxy.port)
        before, after = (f"advertised.listeners=PLAINTEXT://127.0.0.1:{port}" for port in ports)
        assert before in properties.read_text()
        properties.write_text(properties.read_text().replace(before, after))

    def start(self) -> None:
        self.kafka_proxy.start()
        self.mongo_proxy.start()
        super().start()
        with self._client() as client:
            config = client.admin.command("replSetGetConfig")["config"]
            config["version"] += 1
            config["members"][0]["host"] = f"127.0.0.1:{self.mongo_proxy.port}"
            client.admin.command("replSetReconfig", config, force=True)

    def stop(self) -> None:
        super().stop()
        self.kafka_proxy.stop()
        self.mongo_proxy.stop()
