"""A real Kafka and a real mongod for tests, on free ports; each may be stopped, killed and started again."""

import os
import signal
import socket
from pathlib import Path

from linli_cli.embedded.alone import kafka_in, mongo_in, start_kafka, start_mongo
from linli_cli.embedded.mongo import USERNAME
from linli_cli.embedded.server import Server


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on now: held together while they are chosen, so that they differ."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


class Servers:
    """Both start at once with `start`. A stopped or killed one comes back on the same port with the same data."""

    def __init__(self, directory: Path) -> None:
        kafka_port, controller_port, mongo_port = free_ports(3)
        self._kafka = kafka_in(directory, kafka_port, controller_port)
        self._mongo = mongo_in(directory, mongo_port)
        self._broker = Server(self._kafka)
        self._mongod = Server(self._mongo)
        self.secrets_dir = directory / "secrets"
        """Holds operator.key and service.key too."""

    @property
    def bootstrap(self) -> str:
        return self._kafka.address

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
        self._broker.stop()
        self._mongod.stop()

    def start_kafka(self) -> None:
        if not self._broker.alive():
            start_kafka(self._broker, self._kafka)

    def stop_kafka(self) -> None:
        self._broker.stop()

    def kill_kafka(self) -> None:
        self._broker.kill()

    def start_mongo(self) -> None:
        if not self._mongod.alive():
            start_mongo(self._mongod, self._mongo)

    def stop_mongo(self) -> None:
        self._mongod.stop()

    def kill_mongo(self) -> None:
        self._mongod.kill()

    def signal_kafka(self, number: signal.Signals) -> None:
        assert self._broker.pid
        os.kill(self._broker.pid, number)

    def signal_mongo(self, number: signal.Signals) -> None:
        assert self._mongod.pid
        os.kill(self._mongod.pid, number)
