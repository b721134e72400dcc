"""Where a part is measured: topics and databases of its own on real servers, and processes beside them."""

import asyncio
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import httpx2
import psutil

from bench import material
from intake import main as intake
from intake.settings import IntakeSettings
from linli import mongo
from linli.kafka import Outgoing, Publisher, TopicSpec, apply_topics
from linli.settings import Settings
from linli_cli.topics import load_topics, topics_file
from notify import main as notify
from notify.settings import NotifySettings
from tests.support.servers import Servers, free_ports
from workflow import main as workflow
from workflow.settings import WorkflowSettings
from workflow.store import WorkflowStore

PORTS = ("intake_port", "workflow_port", "notify_port")
AT_ONCE = 2_000
S = TypeVar("S", bound=Settings)


@dataclass
class Sizes:
    """How much of everything; a smoke run needs little."""

    rounds: int = 3
    seconds: float = 5.0
    events: int = 20_000
    notices: int = 5_000
    connections: Sequence[int] = (1, 8, 64, 256)
    workers: Sequence[int] = (2, 4)
    rates: Sequence[int] = (100, 300)
    cases: Sequence[int] = (0, 100_000)


SMOKE = Sizes(
    rounds=1, seconds=0.5, events=500, notices=100, connections=(8,), workers=(), rates=(20,), cases=(0, 1_000)
)


@dataclass
class Stage:
    """One part's own topics, databases and processes."""

    servers: Servers
    logs: Path
    prefix: str = field(default_factory=lambda: f"b{secrets.token_hex(5)}")
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ports = dict(zip(PORTS, free_ports(3), strict=True))
        self.given = {
            "kafka_bootstrap": self.servers.bootstrap,
            "mongo_uri": self.servers.mongo_uri,
            "mongo_username": self.servers.mongo_username,
            "mongo_password_file": str(self.servers.mongo_password_file),
            "secrets_dir": str(self.servers.secrets_dir),
            "database_prefix": self.prefix,
            "topic_prefix": self.prefix,
            "intake_url": f"http://127.0.0.1:{self.ports['intake_port']}",
            "workflow_url": f"http://127.0.0.1:{self.ports['workflow_port']}",
            "webhook_allowed_networks": "127.0.0.0/8",
        } | {name: str(port) for name, port in self.ports.items()}
        self.client = mongo.connect(self.settings(Settings))
        self.publisher = Publisher(self.servers.bootstrap, "bench")

    def settings(self, kind: type[S]) -> S:
        """The stage's own settings, as a service would read them."""
        return kind.model_validate(self.given)

    def database(self, service: str) -> mongo.Database:
        return self.client[f"{self.prefix}_{service}"]

    def topic(self, name: str) -> str:
        return f"{self.prefix}.{name}"

    async def prepare(self, **channels: str | None) -> None:
        """Topics as declared, migrated databases, the sample community in force (`material.community`)."""
        declared = load_topics(topics_file())
        names = [TopicSpec(s.name.replace("linli", self.prefix, 1), s.partitions, s.config) for s in declared]
        await apply_topics(self.servers.bootstrap, names)
        await intake.migrate(self.settings(IntakeSettings))
        await workflow.migrate(self.settings(WorkflowSettings))
        await notify.migrate(self.settings(NotifySettings))
        database = self.database("workflow")
        store = WorkflowStore(database, self.topic("cases"), self.topic("community"))

        async def work(session: mongo.Session) -> Sequence[Outgoing]:
            _, unsent = await store.publish(material.community(**channels), datetime.now(UTC), session)
            return [each.message for each in unsent]

        await self.publish(await mongo.transact(self.client, work))
        await database.events.update_many({}, {"$unset": {"unsent_since": ""}})

    async def publish(self, messages: Sequence[Outgoing]) -> None:
        for start in range(0, len(messages), AT_ONCE):
            assert all(await self.publisher.publish(messages[start : start + AT_ONCE])), "Kafka took not all"

    def spawn(self, module: str, *arguments: str, **settings: str) -> subprocess.Popen[bytes]:
        """A process with the stage's settings; its log is kept until the run is over."""
        environment = {f"LINLI_{name.upper()}": value for name, value in (self.given | settings).items()}
        with (self.logs / f"{self.prefix}-{module}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                env={**os.environ, "LINLI_LOG_LEVEL": "WARNING", **environment},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.processes.append(process)
        return process

    async def serve(self, module: str, port: int, path: str = "/readyz", **settings: str) -> subprocess.Popen[bytes]:
        """A process that answers on its port when this returns."""
        process = self.spawn(module, **settings)
        async with httpx2.AsyncClient(trust_env=False) as client:

            async def answers() -> bool:
                try:
                    return (await client.get(f"http://127.0.0.1:{port}{path}")).status_code == 200
                except httpx2.TransportError:
                    return False

            await self.until(answers)
        return process

    async def until(self, ask: Callable[[], Awaitable[bool]], seconds: float = 90, pause: float = 0.02) -> float:
        """The moment (`time.monotonic`) at which `ask` was first true. Fails when a process of the stage has ended."""
        deadline = time.monotonic() + seconds
        while not await ask():
            ended = [process.args for process in self.processes if process.poll() not in (None, 0)]
            assert not ended, f"ended: {ended}; see {self.logs}"
            assert time.monotonic() < deadline, f"not within {seconds} s; see {self.logs}"
            await asyncio.sleep(pause)
        return time.monotonic()

    async def end(self, *processes: subprocess.Popen[bytes]) -> None:
        for process in processes:
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in processes:
            await asyncio.to_thread(process.wait, 30)
            self.processes.remove(process)

    async def close(self) -> None:
        """End what runs and drop the databases, so that one part does not slow the next."""
        await self.end(*self.processes)
        await self.publisher.close()
        for service in ("intake", "workflow", "notify"):
            await self.client.drop_database(f"{self.prefix}_{service}")
        self.client.close()


@asynccontextmanager
async def stage_on(servers: Servers, logs: Path, **channels: str | None) -> AsyncIterator[Stage]:
    """A prepared stage; all of it is gone afterwards."""
    stage = Stage(servers, logs)
    try:
        await stage.prepare(**channels)
        yield stage
    finally:
        await stage.close()


@asynccontextmanager
async def frozen(*processes: subprocess.Popen[bytes]) -> AsyncIterator[None]:
    """Holds consumers still while their work is laid out, so that laying it out takes nothing from them."""
    for process in processes:
        process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            process.send_signal(signal.SIGCONT)


def megabytes(process: subprocess.Popen[bytes]) -> float:
    """Resident memory."""
    return float(psutil.Process(process.pid).memory_info().rss / 1e6)
