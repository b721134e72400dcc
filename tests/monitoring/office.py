"""A whole office: the services and the portal as processes, with a Prometheus that watches them."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2

from tests.monitoring.prometheus import Prometheus
from tests.support.builders import community
from tests.support.databases import databases_of
from tests.support.servers import Servers, free_ports
from tests.support.services import until
from tests.support.system import PORTAL, SERVICES, System, system_on

ENDS_WITHIN = 40.0
ODD_SERVICE = "tests.monitoring.odd_service"
"""In the place of a service: one that is too large, or whose clock is behind."""


class Office:
    """Processes that come and go, as an operator would have it."""

    def __init__(self, system: System, prometheus: Prometheus, folder: Path) -> None:
        self.system, self.prometheus, self.folder = system, prometheus, folder
        self.open = asyncio.Event()
        """Set when a community is in force and residents can report."""

    async def stop(self, name: str) -> None:
        """Ask a process to end, and wait until it has."""
        self.system.signal(name, signal.SIGTERM)
        await asyncio.to_thread(self.system.wait_ended, name, ENDS_WITHIN)

    async def start(self, name: str, *command: str, **environment: str) -> None:
        """Start it, or in its place another module; return when it is ready."""
        self.system.launch(name, *command, **environment)
        await self.system.ready(name)

    async def restart(self, name: str, *command: str, **environment: str) -> None:
        await self.stop(name)
        await self.start(name, *command, **environment)

    def second(self, service: str, name: str) -> dict[str, str]:
        """The variables of a further replica, which `system` will know by its name."""
        (port,) = free_ports(1)
        self.system.urls[name] = f"http://127.0.0.1:{port}"
        return {f"LINLI_{service.upper()}_PORT": str(port), "LINLI_INSTANCE": name}

    def address(self, name: str) -> str:
        """As Prometheus has it."""
        return urlsplit(self.system.urls[name]).netloc

    async def load(self, **changes: Any) -> None:
        """Put the small community in force; residents can report when this returns."""
        await self.system.load(**changes)
        self.open.set()

    async def put_in_force(self, **changes: Any) -> None:
        """Another community, of which nobody is to report anything."""
        data = community(**changes).model_dump(mode="json")
        url = f"{self.system.urls['workflow']}/v1/communities/{data['id']}"
        answer = await self.system.operator.put(url, json=data)
        assert answer.status_code == 200, answer.text

    async def has(self, service: str, collection: str, query: dict[str, Any]) -> None:
        """Wait until a service's database has such a thing."""
        async with databases_of(self.system) as database:

            async def there() -> bool:
                return await database(service)[collection].find_one(query) is not None

            await until(there)

    async def date_back(self, service: str, collection: str, query: dict[str, Any], **ages: timedelta) -> None:
        """As if it had been so for so long: a service goes by the database's clock, which no test moves."""
        now = datetime.now(UTC)
        past = {name: now - age for name, age in ages.items()}
        async with databases_of(self.system) as database:
            done = await database(service)[collection].update_many(query, {"$set": past})
        assert done.matched_count, f"nothing to date back in {collection}"

    async def report(self, title: str = "停水了", **fields: Any) -> str:
        """What a resident reports; its id."""
        said = {"kind": "report", "title": title, "neighbourhood": "east", "community": "test"} | fields
        answer = await self.system.submit(**said)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])


@asynccontextmanager
async def office_on(
    servers: Servers, folder: Path, prefix: str | None = None, **environment: str
) -> AsyncIterator[Office]:
    """An office that has no community yet."""
    (folder / "logs").mkdir(parents=True, exist_ok=True)
    async with system_on(servers, folder / "logs", prefix, **environment) as system:
        system.launch(PORTAL)
        await system.ready(PORTAL)
        prometheus = Prometheus(folder / "prometheus")
        office = Office(system, prometheus, folder)
        for name in (*SERVICES, PORTAL):
            prometheus.watch(name, office.address(name))
        prometheus.start()
        try:
            yield office
        finally:
            await prometheus.stop()


@asynccontextmanager
async def again_and_again(work: Callable[[], Awaitable[object]], pause: float = 0.2) -> AsyncIterator[None]:
    """For the block, beside it. An answer that does not come is not waited for: who asks is no part of the test."""

    async def go_on() -> None:
        while True:
            with contextlib.suppress(httpx2.TransportError):
                await work()
            await asyncio.sleep(pause)

    task = asyncio.create_task(go_on())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
