"""What a deployment in containers needs before its services start, one step for each one-shot container.

`python -m linli_cli.first_start secrets|keyfile DIR|replica-set|prepare`. Each does nothing when it is done already.
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

from linli.kafka import KafkaUnavailable, apply_topics
from linli.settings import Settings
from linli_cli import replica_set
from linli_cli.embedded.secret_files import ensure_keyfile, ensure_secrets
from linli_cli.errors import CliError, errors_shown
from linli_cli.settings import SERVICES
from linli_cli.topics import load_topics, topics_file

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


@app.command()
def secrets() -> None:
    """Make the keys that are missing, in LINLI_SECRETS_DIR."""
    with errors_shown():
        ensure_secrets(Deployment().secrets_dir)


@app.command()
def keyfile(directory: Annotated[Path, typer.Argument()]) -> None:
    """Make the key that the members of the replica set know one another by, for mongod's own user."""
    with errors_shown():
        ensure_keyfile(directory)


@app.command("replica-set")
def make_replica_set() -> None:
    """Make MongoDB's replica set and the services' user; runs in the first member's own network."""
    settings = Deployment()
    members = settings.mongo_members.split(",")
    loopback = f"127.0.0.1:{members[0].rpartition(':')[2]}"
    deadline = time.monotonic() + WITHIN
    with errors_shown():
        while True:
            try:
                replica_set.initialise(members, settings.secrets_dir / "mongo.key", loopback)
                return
            except CliError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)


@app.command()
def prepare() -> None:
    """Apply the topics and run each service's migrations."""
    settings = Deployment()
    with errors_shown():
        try:
            applied = apply_topics(settings.kafka_bootstrap, load_topics(topics_file()), settings.kafka_replication)
            for topic, done in asyncio.run(asyncio.wait_for(applied, WITHIN)).items():
                print(f"{topic}: {done}")
        except KafkaUnavailable as error:
            raise CliError(f"Kafka did not take the topics: {error!r}", "Its log says more.") from error
        for service in SERVICES:
            if subprocess.run([sys.executable, "-m", service, "migrate"], check=False).returncode:
                raise CliError(f"{service}'s migrations failed; the lines above say why.")


if __name__ == "__main__":
    app()
