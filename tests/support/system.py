"""The services as processes of their own, on the session's servers: to be killed, stopped and started again."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2

from intake import main as intake
from intake.settings import IntakeSettings
from linli.messaging.kafka import TopicSpec, apply_topics
from linli_cli.connection.settings import SERVICES
from linli_cli.stack.embedded import leash
from neighbourhood import main as neighbourhood
from neighbourhood.settings import NeighbourhoodSettings
from notify import main as notify
from notify.settings import NotifySettings
from tests.support.builders import community
from tests.support.nursery import PROGRAMS, Forked, nursery
from tests.support.patience import Patient
from tests.support.servers import Servers, free_ports
from tests.support.services import PATIENCE, until
from tests.support.topics import topics_of
from workflow import main as workflow
from workflow.settings import WorkflowSettings

PORTAL = "portal"
"""Launched by the tests that need it."""
NO_LIMITS = dict.fromkeys(("rate_submissions", "rate_residents", "rate_guesses", "rate_principals"), "")
"""Tests ask from one address, and quicker than anybody may; those of the limits set their own."""


class Api:
    """The services' addresses, and what residents and operators ask of them."""

    def __init__(self, urls: Mapping[str, str], operator_key: str) -> None:
        self.urls = urls
        by_key = {"Authorization": f"Bearer {operator_key}"}
        self.operator = httpx2.AsyncClient(transport=Patient(), headers=by_key, timeout=PATIENCE)
        self.resident = httpx2.AsyncClient(transport=Patient(), timeout=PATIENCE)

    async def load(self, **changes: Any) -> None:
        """Put the small community in force and wait until intake has heard of it."""
        data = community(**changes).model_dump(mode="json")
        answer = await self.operator.put(f"{self.urls['workflow']}/v1/communities/{data['id']}", json=data)
        assert answer.status_code == 200, answer.text

        async def heard() -> bool:
            probe = await self.submit(kind="report", title="probe", neighbourhood="nowhere")
            return probe.status_code == 422

        await until(heard)

    async def submit(
        self, key: str | None = None, extensions: Mapping[str, Any] | None = None, **body: Any
    ) -> httpx2.Response:
        """What a resident sends, with a key as a good client has it."""
        headers, url = {"Idempotency-Key": key or uuid4().hex}, f"{self.urls['intake']}/v1/submissions"
        return await self.resident.post(url, json=body, headers=headers, extensions=dict(extensions or {}))

    async def get(self, service: str, path: str, **params: Any) -> Any:
        """What an operator reads."""
        answer = await self.operator.get(f"{self.urls[service]}{path}", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def case(self, id: str) -> dict[str, Any] | None:
        answer = await self.operator.get(f"{self.urls['workflow']}/v1/cases/{id}")
        return answer.json() if answer.status_code == 200 else None

    async def act(self, id: str, action: str, **body: Any) -> dict[str, Any]:
        """An action on the version that there is; on the next one, where the case has moved on meanwhile by itself."""
        url = f"{self.urls['workflow']}/v1/cases/{id}:{action}"
        for _ in range(5):
            case = await self.case(id)
            assert case
            answer = await self.operator.post(url, json=body, headers={"If-Match": f'"{case["version"]}"'})
            if answer.status_code != httpx2.codes.PRECONDITION_FAILED:
                break
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def log(self, name: str | None = None) -> str:
        """All that a service, or each of them, has logged: a test that says what is *not* there must see the whole."""
        raise NotImplementedError  # each kind of system keeps its logs elsewhere

    def end_of_log(self, name: str | None = None) -> str:
        """The last of it, for who reads why a test failed."""
        return "\n".join(self.log(each)[-3000:] for each in ([name] if name else SERVICES))

    async def close(self) -> None:
        await self.operator.aclose()
        await self.resident.aclose()


class System(Api):
    """Their processes on the session's servers."""

    def __init__(self, servers: Servers, logs: Path, prefix: str | None = None, **environment: str) -> None:
        """`prefix` names databases and topics, where others are to be found than those of a new system."""
        self.servers, self._logs = servers, logs
        self.prefix = prefix or f"s{uuid4().hex[:10]}"
        self.ports = dict(zip((*SERVICES, PORTAL), free_ports(len(SERVICES) + 1), strict=True))
        key = (servers.secrets_dir / "operator.key").read_text().strip()
        super().__init__({name: f"http://127.0.0.1:{port}" for name, port in self.ports.items()}, key)
        self._processes: dict[str, subprocess.Popen[bytes] | Forked] = {}
        self._environment = {
            **os.environ,
            "LINLI_KAFKA_BOOTSTRAP": servers.bootstrap,
            "LINLI_MONGO_URI": servers.mongo_uri,
            "LINLI_MONGO_USERNAME": servers.mongo_username,
            "LINLI_MONGO_PASSWORD_FILE": str(servers.mongo_password_file),
            "LINLI_SECRETS_DIR": str(servers.secrets_dir),
            "LINLI_PORTAL_KEY_FILE": str(servers.secrets_dir / "portal.key"),
            "LINLI_DATABASE_PREFIX": self.prefix,
            "LINLI_TOPIC_PREFIX": self.prefix,
            "LINLI_PARTNER_BOOTSTRAP": servers.partner_bootstrap,
            "LINLI_SWEEP_AFTER": "1",
            **{f"LINLI_{name.upper()}": limit for name, limit in NO_LIMITS.items()},
            **{f"LINLI_{name.upper()}_PORT": str(port) for name, port in self.ports.items()},
            **{f"LINLI_{name.upper()}_URL": self.urls[name] for name in SERVICES},
            **environment,
        }

    @property
    def environment(self) -> dict[str, str]:
        """What the processes are started with."""
        return dict(self._environment)

    @property
    def topics(self) -> list[TopicSpec]:
        """The topics as they should be."""
        return topics_of(self.prefix, partitions=4)

    async def start(self) -> None:
        """Topics, migrations, processes; waits until all are ready and the small community has reached intake."""
        await apply_topics(self.servers.kafka, self.topics)
        given = {n.removeprefix("LINLI_").lower(): v for n, v in self._environment.items() if n.startswith("LINLI_")}
        # Here and not by a process each: a suite starts dozens of systems.
        await asyncio.gather(
            intake.migrate(IntakeSettings(**given)),
            workflow.migrate(WorkflowSettings(**given)),
            notify.migrate(NotifySettings(**given)),
            neighbourhood.migrate(NeighbourhoodSettings(**given)),
        )
        for name in SERVICES:
            self.launch(name)
        for name in SERVICES:
            await self.ready(name)

    def launch(self, name: str, *command: str, **environment: str) -> None:
        """Start a service under its name, or in its place another module with its arguments."""
        self._processes[name] = self._spawn(name, *(command or (name,)), **environment)

    def launch_stuck_workflow(self, there: Path) -> None:
        """A workflow that makes the file when all of its first batch is written and nothing committed."""
        self.launch("workflow", "tests.support.stuck_workflow", str(there))

    def kill(self, name: str) -> None:
        """SIGKILL: nothing is drained."""
        self._processes[name].kill()
        self._processes[name].wait(10)

    def signal(self, name: str, number: signal.Signals) -> None:
        self._processes[name].send_signal(number)

    def children(self, name: str) -> list[int]:
        """The processes that a service has begun and not waited for."""
        process = self._processes[name].pid
        with contextlib.suppress(FileNotFoundError):
            return [int(id) for id in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
        return []

    def ended(self, name: str) -> bool:
        return self._processes[name].poll() is not None

    def wait_ended(self, name: str, seconds: float) -> None:
        """Raises subprocess.TimeoutExpired when it goes on."""
        self._processes[name].wait(seconds)

    def forget(self, name: str) -> None:
        """A replica that has ended and does not come back."""
        del self._processes[name], self.urls[name]

    async def ready(self, name: str) -> None:
        async def answers() -> bool:
            assert self._processes[name].poll() is None, f"{name} has ended:\n{self.end_of_log(name)}"
            try:
                return (await self.resident.get(f"{self.urls[name]}/readyz")).status_code == 200
            except httpx2.TransportError:
                return False

        try:
            await until(answers)
        except AssertionError as late:
            raise AssertionError(f"{name} is not ready:\n{self.end_of_log(name)}") from late

    def log(self, name: str | None = None) -> str:
        names = [name] if name else SERVICES
        return "\n".join(path.read_text() for path in (self._log(each) for each in names) if path.exists())

    async def stop(self) -> None:
        for process in self._processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.terminate()
        for process in self._processes.values():
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        await self.close()

    def _log(self, name: str) -> Path:
        return self._logs / f"{self.prefix}-{name}.log"

    def _spawn(self, name: str, *command: str, **environment: str) -> subprocess.Popen[bytes] | Forked:
        given = self._environment | environment
        with self._log(name).open("ab", buffering=0) as log:
            if len(command) == 1 and command[0] in PROGRAMS:
                return nursery().become(command, given, log, log)
            return subprocess.Popen(
                # The kernel ends it when the tests' own process ends, however that comes.
                [sys.executable, "-I", "-S", leash.__file__, str(os.getpid()), sys.executable, "-m", *command],
                env=given,
                stdout=log,
                stderr=subprocess.STDOUT,
            )


@asynccontextmanager
async def system_on(
    servers: Servers, logs: Path, prefix: str | None = None, **environment: str
) -> AsyncIterator[System]:
    """A running system with the small community loaded. What it has stored goes with it, unless `prefix` names that."""
    system = System(servers, logs, prefix, **environment)
    try:
        await system.start()
        yield system
    finally:
        await system.stop()
        if prefix is None:
            await servers.forget(system.prefix)
