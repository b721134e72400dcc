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
from typing import Any, TypeVar

import httpx2
import psutil

from bench import material
from bench.goals import PROGRAMS
from bench.run import Memory, Run
from intake import main as intake
from intake.settings import IntakeSettings
from linli.application.settings import Settings
from linli.messaging.event_store import EventStore
from linli.messaging.kafka import Outgoing, Publisher, TopicSpec, apply_topics
from linli.messaging.outbox import message_of
from linli.messaging.seals import Seals
from linli.storage import mongo
from linli_cli.operations.topics import topics_here
from notify import main as notify
from notify.settings import NotifySettings
from tests.support.clocks import process_time
from tests.support.servers import free_ports
from workflow import main as workflow
from workflow.community.store import CommunityStore
from workflow.settings import WorkflowSettings

PORTS = ("intake_port", "workflow_port", "notify_port", "neighbourhood_port")
AT_ONCE = 2_000
S = TypeVar("S", bound=Settings)


@dataclass
class Stage:
    """One part's own topics, databases and processes."""

    run: Run
    prefix: str = field(default_factory=lambda: f"b{secrets.token_hex(5)}")
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    services: dict[int, str] = field(default_factory=dict)
    """Process id → the service that it is."""

    def __post_init__(self) -> None:
        self.ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
        self.given = {
            "kafka_bootstrap": self.run.servers.bootstrap,
            "mongo_uri": self.run.servers.mongo_uri,
            "mongo_username": self.run.servers.mongo_username,
            "mongo_password_file": str(self.run.servers.mongo_password_file),
            "secrets_dir": str(self.run.servers.secrets_dir),
            "database_prefix": self.prefix,
            "topic_prefix": self.prefix,
            "intake_url": f"http://127.0.0.1:{self.ports['intake_port']}",
            "workflow_url": f"http://127.0.0.1:{self.ports['workflow_port']}",
            "neighbourhood_url": f"http://127.0.0.1:{self.ports['neighbourhood_port']}",
            "webhook_allowed_networks": "127.0.0.0/8",
            "letters_a_minute": "0",  # each letter by itself: they are what is measured
            # All ask from one address, as quickly as they can; with a limit that none reaches the check is paid for.
            **dict.fromkeys(("rate_submissions", "rate_residents", "rate_principals"), "1000000/second"),
            "connections_per_address": "1000",
        } | {name: str(port) for name, port in self.ports.items()}
        self.client = mongo.connect(self.settings(Settings))
        self.publisher = Publisher(self.run.servers.kafka, "bench")

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
        declared = topics_here()
        specs = [TopicSpec(self.topic(s.name.partition(".")[2]), s.partitions, s.config) for s in declared]
        await apply_topics(self.run.servers.kafka, specs)
        database = self.database("workflow")
        communities = CommunityStore(database, EventStore(database, self.topic), process_time)
        community = self._community

        async def work(session: mongo.Session) -> None:
            await communities.publish(community, datetime.now(UTC), session)

        await mongo.transact(self.client, work)
        version = (await communities.heads())[0]["version"]
        document = await database.events.find_one_and_update(
            {"_id": f"{community.id}:{version}"}, {"$unset": {"unsent_since": ""}}
        )
        assert document is not None
        await self.publish([replace(message_of(document), topic=self.topic("community"))])

    async def tell_parties(self, **channels: str | None) -> None:
        """From now on by these channels, in new topics."""
        self._community = material.community(**channels)
        await self.empty_topics()

    async def all_sent(self, service: str, collection: str) -> bool:
        """Whether Kafka has acknowledged all events of an outbox."""
        return await self.unsent(service, collection, at_most=1) == 0

    async def unsent(self, service: str, collection: str, at_most: int = 0) -> int:
        """How many documents of an outbox wait for Kafka; it counts so many at most, 0: all."""
        options: dict[str, Any] = {"limit": at_most} if at_most else {}
        return await self.database(service)[collection].count_documents({"unsent_since": {"$exists": True}}, **options)

    async def publish(self, messages: Sequence[Outgoing]) -> None:
        """As the services write: readers take nothing without their seal."""
        seals = Seals.from_settings(self.settings(Settings))
        for start in range(0, len(messages), AT_ONCE):
            batch = [seals.sealed(message) for message in messages[start : start + AT_ONCE]]
            assert all(await self.publisher.publish(batch)), "Kafka took not all"

    def spawn(self, module: str, *arguments: str, **settings: str) -> subprocess.Popen[bytes]:
        """A process with the stage's settings; its log is kept until the run is over."""
        environment = {f"LINLI_{name.upper()}": value for name, value in (self.given | settings).items()}
        with (self.run.logs / f"{self.prefix}-{module}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                env={**os.environ, **environment},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.processes.append(process)
        if module in PROGRAMS:
            self.services[process.pid] = module
        return process

    async def seconds_of(self, module: str, *arguments: str) -> float:
        """What a peer says that its work took, which it ends with. Fails when it does."""
        environment = {f"LINLI_{name.upper()}": value for name, value in self.given.items()}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module, *arguments), env={**os.environ, **environment}, stdout=subprocess.PIPE
        )
        try:
            output, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
        assert process.returncode == 0, f"{module} ended with {process.returncode}"
        return float(output)

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
            assert not ended, f"ended: {ended}; see {self.run.logs}"
            assert time.monotonic() < deadline, f"not within {seconds} s; see {self.run.logs}"
            await asyncio.sleep(pause)
        return time.monotonic()

    async def end(self, *processes: subprocess.Popen[bytes]) -> None:
        """End processes, and note what the services among them took of memory."""
        for process in processes:
            if process.pid in self.services and process.poll() is None:
                noted = Memory(self.services.pop(process.pid), megabytes(process), most_megabytes(process))
                self.run.memory[self.run.part].append(noted)
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in processes:
            await asyncio.to_thread(process.wait, 30)
            self.processes.remove(process)

    async def close(self) -> None:
        """End what runs and drop the databases, so that one part does not slow the next."""
        await self.end(*self.processes)
        await self.publisher.close()
        for service in PROGRAMS:
            await self.client.drop_database(f"{self.prefix}_{service}")
        self.client.close()


@asynccontextmanager
async def stage_on(run: Run, **channels: str | None) -> AsyncIterator[Stage]:
    """A prepared stage; all of it is gone afterwards."""
    stage = Stage(run)
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


def cpu_seconds(process: subprocess.Popen[bytes]) -> float:
    """What a process has used of processors so far."""
    used = psutil.Process(process.pid).cpu_times()
    return float(used.user + used.system)


def megabytes(process: subprocess.Popen[bytes]) -> float:
    """Resident memory."""
    return float(psutil.Process(process.pid).memory_info().rss / 1e6)


def most_megabytes(process: subprocess.Popen[bytes]) -> float:
    """The most resident memory that it ever had, as Linux counts it; elsewhere what it has now."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
    except OSError:
        return megabytes(process)
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6
