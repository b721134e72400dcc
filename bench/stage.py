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
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import httpx2
import psutil

from bench import material
from intake import main as intake
from intake.settings import IntakeSettings
from linli.application.settings import Settings
from linli.messaging.kafka import Outgoing, Publisher, TopicSpec, apply_topics
from linli.messaging.outbox import message_of
from linli.messaging.seals import Seals
from linli.storage import mongo
from linli_cli.operations.topics import load_topics, topics_file
from notify import main as notify
from notify.settings import NotifySettings
from tests.support.servers import Servers, free_ports
from workflow import main as workflow
from workflow.community.store import CommunityStore
from workflow.settings import WorkflowSettings

SERVICES = ("intake", "workflow", "notify")
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
    steady_seconds: float = 15.0
    cases: Sequence[int] = (100_000,)
    deadlines: int = 100_000
    """Open while the timer is watched."""
    remembered: int = 10_000
    """Submissions while the memory is watched."""


SMOKE = Sizes(
    rounds=1,
    seconds=0.5,
    events=500,
    notices=100,
    connections=(8,),
    workers=(),
    rates=(20,),
    steady_seconds=2,
    cases=(500,),
    deadlines=500,
    remembered=500,
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
            "letters_a_minute": "0",  # each letter by itself: they are what is measured
            # All ask from one address, as quickly as they can; with a limit that none reaches the check is paid for.
            **dict.fromkeys(("rate_submissions", "rate_residents", "rate_principals"), "1000000/second"),
        } | {name: str(port) for name, port in self.ports.items()}
        self.client = mongo.connect(self.settings(Settings))
        self.publisher = Publisher(self.servers.bootstrap, "bench")

    def settings(self, kind: type[S]) -> S:
        """The stage's own settings, as a service would read them."""
        return kind.model_validate(self.given)

    def database(self, service: str) -> mongo.Database:
        return self.client[f"{self.prefix}_{service}"]

    def topic(self, name: str) -> str:
        return f"{self.given['topic_prefix']}.{name}"

    async def prepare(self, **channels: str | None) -> None:
        """Migrated databases, topics as declared, the sample community in force (`material.community`)."""
        await intake.migrate(self.settings(IntakeSettings))
        await workflow.migrate(self.settings(WorkflowSettings))
        await notify.migrate(self.settings(NotifySettings))
        self._community = material.community(**channels)
        await self.empty_topics()

    async def empty_topics(self) -> None:
        """New topics for the same databases: nothing is left over that a consumer would find first."""
        self.given["topic_prefix"] = f"b{secrets.token_hex(5)}"
        declared = load_topics(topics_file())
        specs = [TopicSpec(self.topic(s.name.partition(".")[2]), s.partitions, s.config) for s in declared]
        await apply_topics(self.servers.bootstrap, specs)
        database = self.database("workflow")
        communities = CommunityStore(database, self.topic)
        community = self._community

        async def work(session: mongo.Session) -> None:
            await communities.publish(community, datetime.now(UTC), session)

        await mongo.transact(self.client, work)
        told = await database.events.find_one_and_update({"_id": f"{community.id}:1"}, {"$unset": {"unsent_since": ""}})
        assert told is not None
        await self.publish([replace(message_of(told), topic=self.topic("community"))])

    async def publish(self, messages: Sequence[Outgoing]) -> None:
        """As the services write: readers take nothing without their seal."""
        seals = Seals.from_settings(self.settings(Settings))
        for start in range(0, len(messages), AT_ONCE):
            batch = [seals.sealed(message) for message in messages[start : start + AT_ONCE]]
            assert all(await self.publisher.publish(batch)), "Kafka took not all"

    def spawn(self, module: str, *arguments: str, **settings: str) -> subprocess.Popen[bytes]:
        """A process with the stage's settings; its log is kept until the run is over."""
        environment = {f"LINLI_{name.upper()}": value for name, value in (self.given | settings).items()}
        with (self.logs / f"{self.prefix}-{module}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                env={**os.environ, **environment},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.processes.append(process)
        return process

    async def serve(
        self, module: str, port: int, path: str = "/readyz", *arguments: str, **settings: str
    ) -> subprocess.Popen[bytes]:
        """A process that answers on its port when this returns."""
        process = self.spawn(module, *arguments, **settings)
        async with httpx2.AsyncClient(trust_env=False) as client:

            async def answers() -> bool:
                try:
                    return (await client.get(f"http://127.0.0.1:{port}{path}")).status_code == 200
                except httpx2.TransportError:
                    return False

            await self.until(answers)
        return process

    async def serve_all(self) -> dict[str, subprocess.Popen[bytes]]:
        """The three services, ready, by name."""
        others = {name: await self.serve(name, self.ports[f"{name}_port"]) for name in ("workflow", "notify")}
        return {"intake": await self.serve_intake()} | others

    async def serve_intake(self) -> subprocess.Popen[bytes]:
        """Intake, once it has heard of the community: it takes a submission."""
        process = await self.serve("intake", self.ports["intake_port"])
        async with httpx2.AsyncClient(trust_env=False) as client:

            async def takes() -> bool:
                url = f"{self.given['intake_url']}/v1/submissions"
                return (await client.post(url, json=material.bodies()[0])).status_code == 201

            await self.until(takes)
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
        for service in SERVICES:
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
