"""A Kafka and a replica set of three mongods on loopback, whose primary can be cut off until another one is elected."""

import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pymongo.errors import PyMongoError

from linli_cli.stack import replica_set
from linli_cli.stack.embedded.mongo import Mongo
from linli_cli.stack.embedded.secret_files import MONGO_KEYFILE
from linli_cli.stack.embedded.server import Server
from tests.support.servers import Servers, free_ports

ELECTION = {"electionTimeoutMillis": 3_000, "heartbeatIntervalMillis": 500}
"""A primary that sees no majority goes on for so long. By default 10 s, and nobody here has a slow network."""

PATIENCE = 30.0
"""Seconds."""


class ThreeMongods(Servers):
    """`start` returns when all three hold the same data."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        keys = (self.mongo_password_file, self.secrets_dir / MONGO_KEYFILE)
        logs = directory / "logs"
        others = [
            Mongo(directory / f"mongo-{number}", port, keys, logs / f"mongod-{number}.log")
            for number, port in enumerate(free_ports(2), start=2)
        ]
        for each in others:
            each.prepare()
        self._members = {each.address: Server(each) for each in others} | {self._mongo.address: self._mongod}
        self._data = {each.address: directory / f"mongo-{number}" for number, each in enumerate(others, start=2)}
        self._data[self._mongo.address] = self.data["mongo"]

    @property
    def mongo_uri(self) -> str:
        return f"mongodb://{','.join(self._members)}/?replicaSet={replica_set.REPLICA_SET}"

    def start(self) -> None:
        super().start()
        with self._client() as client:
            config = client.admin.command("replSetGetConfig")["config"]
            config["version"] += 1
            config["settings"] |= ELECTION
            client.admin.command("replSetReconfig", config)
        others = self._others(self._mongo.address)
        self._start(others)
        replica_set.initialise([self._mongo.address, *others], self.mongo_password_file)

    def stop(self) -> None:
        for server in self._members.values():
            server.kill()  # one that is asked to stop waits for the others, which are asked too
        super().stop()

    def primary(self) -> str:
        """Its address. Raises AssertionError when there is none within half a minute."""
        return self._first("isWritablePrimary", self._members)

    def leave_alone(self, primary: str) -> None:
        """Kill the others: what is written from now on the primary alone has."""
        for address in self._others(primary):
            self._members[address].kill()

    def replace(self, primary: str) -> None:
        """Freeze it, let the others elect another, thaw it. Returns when it has taken back what it alone had.

        Raises AssertionError when it takes nothing back within half a minute.
        """
        self._signal(primary, signal.SIGSTOP)
        self._start(self._others(primary))
        self._first("isWritablePrimary", self._others(primary))
        self._signal(primary, signal.SIGCONT)
        kept = self._data[primary] / "rollback"  # where a mongod puts the documents that it takes back
        deadline = time.monotonic() + PATIENCE
        while not list(kept.rglob("*.bson")):
            assert time.monotonic() < deadline, "nothing was rolled back"
            time.sleep(0.1)

    def _others(self, address: str) -> list[str]:
        return [each for each in self._members if each != address]

    def _start(self, addresses: Iterable[str]) -> None:
        for address in addresses:
            self._members[address].start()
        for address in addresses:
            program = self._members[address].program
            assert isinstance(program, Mongo)
            self._members[address].wait_until(program.is_listening, 30)

    def _signal(self, address: str, number: signal.Signals) -> None:
        pid = self._members[address].pid
        assert pid
        os.kill(pid, number)

    def _first(self, state: str, addresses: Iterable[str]) -> str:
        """The first one that says of itself that it is so."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for address in addresses:
                try:
                    with self._client_of(address) as client:
                        if client.admin.command("hello")[state]:
                            return address
                except PyMongoError:
                    continue
            time.sleep(0.1)
        raise AssertionError(f"none of {list(addresses)} became {state}")

    def _client_of(self, address: str) -> Any:
        return replica_set.client(address, self.mongo_password_file.read_text().strip())
