"""Runs a service: background tasks beside the web server. When one fails, the process ends and is restarted."""

import asyncio
import contextlib
import ctypes
import gc
import resource
import socket
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
import uvicorn
import uvloop
from fastapi import FastAPI

from linli.application.settings import SettingsError
from linli.application.telemetry import configure_logs
from linli.storage.mongo import NewerDatabase
from linli.tracing.under import UNDER, Under
from linli.web.connections import Places
from linli.web.http_protocol import BoundedProtocol

if TYPE_CHECKING:
    from linli.tracing.recorder import Recorder

log = structlog.get_logger()


@dataclass(slots=True)
class Service:
    """A service that is wired and not yet running."""

    name: str
    app: FastAPI
    host: str
    port: int
    background: Mapping[str, Callable[[], Coroutine[Any, Any, None]]]
    """Tasks that run for ever, by name."""
    close: Callable[[], Awaitable[None]]
    """Called last: send what is left, close the clients."""
    stopping: Callable[[], None] = lambda: None
    """Called first, before open connections are waited for: end what would stay open for ever."""
    places: Places = field(default_factory=Places)
    """For connections."""
    recorder: "Recorder | None" = None
    """Of spans, where they are wanted."""
    _server: uvicorn.Server | None = field(default=None, init=False)

    async def run(self) -> bool:
        """Serve until SIGTERM or SIGINT, or until a background task fails. Whether it ended as it was asked to.

        On the way out: no new requests, the running ones end, the tasks stop, what is left is sent.
        """
        server = _Server(
            self.stopping,
            uvicorn.Config(
                self.app,
                host=self.host,
                port=self.port,
                ws="none",  # nobody speaks it here, whatever is installed beside us
                http=partial(BoundedProtocol, places=self.places),  # type: ignore[arg-type]  # what makes one is enough
                access_log=False,
                log_config=None,
                timeout_graceful_shutdown=10,
                server_header=False,
                proxy_headers=False,  # whose X-Forwarded-For is believed is `linli.web.origin`'s to say
            ),
        )
        self._server = server
        if self.recorder is not None:
            UNDER.set(Under(self.recorder))
        failed = False
        tasks = [asyncio.create_task(work(), name=name) for name, work in self.background.items()]
        serving = asyncio.create_task(server.serve(), name="http")
        log.info("starting", port=self.port)
        done, _ = await asyncio.wait([serving, *tasks], return_when=asyncio.FIRST_COMPLETED)
        for task in done - {serving}:
            failed = True
            log.critical("task_failed", task=task.get_name(), exc_info=task.exception())
        server.should_exit = True
        with contextlib.suppress(SystemExit):
            await serving
        failed = failed or not server.started
        for task in tasks:
            task.cancel()
        for task, outcome in zip(tasks, await asyncio.gather(*tasks, return_exceptions=True), strict=True):
            if isinstance(outcome, Exception) and task not in done:
                log.error("task_failed_at_the_end", task=task.get_name(), exc_info=outcome)
        await self.close()
        if self.recorder is not None:
            await self.recorder.close()
        log.info("stopped", failed=failed)
        return not failed

    def stop(self) -> None:
        """Ask it to end, for tests; a signal does the same."""
        if self._server is not None:
            self._server.should_exit = True


class _Server(uvicorn.Server):
    """Says that it is about to stop; a live stream would otherwise hold it up until the time is over."""

    def __init__(self, stopping: Callable[[], None], config: uvicorn.Config) -> None:
        super().__init__(config)
        self._stopping = stopping

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._stopping()
        await super().shutdown(sockets)


def main(
    name: str,
    level: str,
    build: Callable[[], Service],
    migrate: Callable[[], Coroutine[Any, Any, list[str]]] | None = None,
) -> None:
    """The command line of a service: `python -m <service>` serves, `python -m <service> migrate` migrates.

    One without a database has nothing to migrate.
    """
    configure_logs(name, level)
    _give_back_memory()
    try:
        if migrate is not None and sys.argv[1:] == ["migrate"]:
            gc.enable()
            log.info("migrated", ran=asyncio.run(migrate()))
        elif sys.argv[1:]:
            sys.exit(f"usage: python -m {name}" + (" [migrate]" if migrate else ""))
        else:
            sys.exit(0 if _run(build) else 1)
    except (SettingsError, NewerDatabase) as error:
        sys.exit(f"{name}: {error}")


def _run(build: Callable[[], Service]) -> bool:
    _allow_files()

    async def serve() -> bool:
        service = build()
        _collect_seldom()
        return await service.run()

    return uvloop.run(serve())


def _collect_seldom() -> None:
    """Look for cycles a tenth as often, and never among what was there at the start: an event leaves none behind."""
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(10_000, 10, 10)


def _give_back_memory() -> None:
    """Have glibc keep two heaps, where it would have eight for each core, and give large blocks back to the system.

    MongoDB's client works in threads; with a heap for each, and with photos kept in them, a service held a fifth more.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # other C libraries have no such habits
        mallopt(_M_ARENA_MAX, 2)
        mallopt(_M_MMAP_THRESHOLD, 256 * 1024)


_M_ARENA_MAX, _M_MMAP_THRESHOLD = -8, -3
"""Of glibc's malloc.h."""


def _allow_files(most: int = 65_536) -> None:
    """Each connection is an open file; many shells allow a thousand, and let a process ask for more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(ValueError, OSError):  # macOS has a lower limit of its own
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
