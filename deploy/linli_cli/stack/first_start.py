"""What a deployment in containers needs before its services start, one step for each one-shot container.

`python -m linli_cli.stack.first_start secrets DIR DIR|keyfile DIR|replica-set|rights DIR|kafka-users|prepare`.
Each does nothing when it is done already.
"""

import asyncio
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from pydantic import Field
from pydantic_settings import SettingsConfigDict

from linli.application.settings import Settings
from linli.messaging.connection import PLAIN, Cluster, Login
from linli.messaging.kafka import KafkaUnavailable, apply_topics
from linli_cli.connection.settings import LOOPBACK, SERVICES
from linli_cli.operations.database_users import allow_making_users, make_users
from linli_cli.operations.kafka_access import administrator
from linli_cli.operations.kafka_users import allow
from linli_cli.operations.kafka_users import make_users as make_kafka_users
from linli_cli.operations.topics import topics_here
from linli_cli.stack import replica_set
from linli_cli.stack.broker_files import BROKER, give_broker
from linli_cli.stack.certificates import hosts_of
from linli_cli.stack.embedded.secret_files import (
    KAFKA_BROKER,
    MONGO_KEYFILE,
    MONGO_PASSWORD,
    ensure_keyfile,
    ensure_secrets,
    read_secret,
)
from linli_cli.stack.handed_out import hand_out
from linli_cli.terminal.errors import CliError, errors_shown

LOCAL = f"{LOOPBACK}:9094"
"""The broker's listener that nobody beyond its own container reaches: `LOCAL` in docker-compose.yml."""
WITHIN = 60.0
"""Seconds that a server is waited for."""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=__doc__)


class Deployment(Settings):
    """`LINLI_…`, beside what every service reads."""

    model_config = SettingsConfigDict(env_prefix="LINLI_", extra="ignore")

    mongo_members: str = "mongo:27017"
    """host:port of each member of the replica set, parted by commas; the first one makes the set."""
    kafka_replication: int = Field(default=1, ge=1)
    """Copies of each new topic's data."""
    partner_host: str = LOOPBACK
    """The name or address by which partners reach the broker."""

    @property
    def members(self) -> list[str]:
        return self.mongo_members.split(",")


@app.command()
def secrets(volumes: Annotated[Path, typer.Argument()], broker: Annotated[Path, typer.Argument()]) -> None:
    """Make the keys that are missing, in LINLI_SECRETS_DIR; give each service its own, in VOLUMES/<service>, and the
    broker what it lets its clients in by, in BROKER."""
    with errors_shown():
        settings = Deployment()
        ensure_secrets(settings.secrets_dir)
        hand_out(settings.secrets_dir, volumes)
        give_broker(settings.secrets_dir, broker, hosts_of(settings.partner_host))


@app.command()
def keyfile(directory: Annotated[Path, typer.Argument()]) -> None:
    """Make the key that the members of the replica set know one another by, for mongod's own user."""
    with errors_shown():
        ensure_keyfile(directory)


@app.command("replica-set")
def make_replica_set() -> None:
    """Make MongoDB's replica set and its first user; runs in the first member's own network."""
    settings = Deployment()
    members = settings.members
    loopback = f"127.0.0.1:{members[0].rpartition(':')[2]}"
    deadline = time.monotonic() + WITHIN
    with errors_shown():
        while True:
            try:
                replica_set.initialise(members, settings.secrets_dir / MONGO_PASSWORD, loopback)
                return
            except CliError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)


@app.command()
def rights(directory: Annotated[Path, typer.Argument()]) -> None:
    """Let the first user of an earlier version make the services' users; for mongod's own user, who has the key file.

    What goes wrong here ends nothing: whether the right is missing shows when it is used.
    """
    try:
        if allow_making_users(Deployment().members, directory / MONGO_KEYFILE):
            print(f"{replica_set.USERNAME}: may make users from now on")
    except CliError as error:
        print(f"{error.message} {error.hint}", file=sys.stderr)


@app.command("kafka-users")
def kafka_users() -> None:
    """Make each service's user of Kafka, and the tools'; runs in a broker's own network, where the broker's password
    is all that it takes (docs/adr/0031)."""
    with errors_shown():
        settings = Deployment()
        login = Login(BROKER, read_secret(settings.secrets_dir / KAFKA_BROKER), mechanism=PLAIN)
        for user, done in make_kafka_users(administrator(Cluster(LOCAL, login)), settings).items():
            print(f"{user}: {done}")


@app.command()
def prepare() -> None:
    """Make each service's user of MongoDB, apply the topics and the services' rights on them, and run each service's
    migrations."""
    settings = Deployment()
    with errors_shown():
        for user, done in make_users(settings.members, settings).items():
            print(f"{user}: {done}")
        try:
            applied = apply_topics(settings.kafka, topics_here(), settings.kafka_replication)
            for topic, done in asyncio.run(asyncio.wait_for(applied, WITHIN)).items():
                print(f"{topic}: {done}")
        except KafkaUnavailable as error:
            raise CliError(f"Kafka did not take the topics: {error!r}", "Its log says more.") from error
        if settings.kafka.login:
            for user, changed in allow(administrator(settings.kafka), settings.topic_prefix).items():
                print(f"{user}: {changed.added} rights given, {changed.removed} taken away")
        for service in SERVICES:
            if subprocess.run([sys.executable, "-m", service, "migrate"], check=False).returncode:
                raise CliError(f"{service}'s migrations failed; the lines above say why.")


if __name__ == "__main__":
    app()
