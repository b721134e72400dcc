"""Kafka or mongod alone, without a supervisor: for tests, and for trying things."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from linli_cli.connection.settings import LOOPBACK
from linli_cli.stack.certificates import BROKER, ensure_authority, ensure_broker, hosts_of
from linli_cli.stack.embedded.kafka import Kafka, PartnerDoor
from linli_cli.stack.embedded.mongo import Mongo
from linli_cli.stack.embedded.secret_files import MONGO_KEYFILE, MONGO_PASSWORD, ensure_secrets
from linli_cli.stack.embedded.server import Server

READY_WITHIN = 180.0
"""Seconds: a broker starts in three, and in a minute where ten others have the processors."""


def kafka_in(directory: Path, port: int, controller_port: int, partner_port: int | None = None) -> Kafka:
    """A broker whose data, configuration and log are in the directory; fetched and formatted, not started.

    With a port for partners it has their door on loopback, and the certificate for it among the directory's secrets.
    """
    partners = None
    if partner_port:
        keys = directory / "secrets"
        ensure_authority(keys)
        ensure_broker(keys, hosts_of(LOOPBACK))
        partners = PartnerDoor(LOOPBACK, partner_port, keys / BROKER)
    kafka = Kafka(directory / "kafka", port, controller_port, directory / "logs" / "kafka.log", partners)
    kafka.fetch()
    kafka.format()
    return kafka


def mongo_in(directory: Path, port: int) -> Mongo:
    """A mongod whose data, keys and log are in the directory; not started."""
    keys = directory / "secrets"
    ensure_secrets(keys)
    secret_files = (keys / MONGO_PASSWORD, keys / MONGO_KEYFILE)
    mongo = Mongo(directory / "mongo", port, secret_files, directory / "logs" / "mongod.log")
    mongo.prepare()
    return mongo


def start_kafka(server: Server, kafka: Kafka) -> None:
    """Returns when the broker answers. Raises CliError with the end of its log when it does not come up."""
    server.start()
    server.wait_until(kafka.is_ready, READY_WITHIN)


def start_mongo(server: Server, mongo: Mongo) -> None:
    """Returns when mongod is primary and lets its user in. Raises CliError when it does not come up."""
    server.start()
    server.wait_until(mongo.is_listening, READY_WITHIN)
    mongo.initialise()
    server.wait_until(mongo.is_ready, READY_WITHIN)


@contextmanager
def kafka_server(directory: Path, port: int, controller_port: int) -> Iterator[Server]:
    kafka = kafka_in(directory, port, controller_port)
    server = Server(kafka)
    try:
        start_kafka(server, kafka)
        yield server
    finally:
        server.stop()


@contextmanager
def mongo_server(directory: Path, port: int) -> Iterator[Server]:
    mongo = mongo_in(directory, port)
    server = Server(mongo)
    try:
        start_mongo(server, mongo)
        yield server
    finally:
        server.stop()
