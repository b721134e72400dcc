"""Watches the client's own tasks.

aiokafka fetches, joins, commits and looks for brokers in tasks of its own. When one of them dies, a call that waits
for it waits for ever (docs/adr/0006). So every call here goes through `call`, which ends it as soon as such a task is
dead and raises only KafkaError and OSError; a dead client is discarded, and its owner builds another one.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Coroutine, Iterator
from typing import Any, TypeVar

import structlog
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

log = structlog.get_logger()

T = TypeVar("T")

KafkaUnavailable: tuple[type[Exception], ...] = (KafkaError, OSError)
"""What is raised while Kafka is away."""

LOOK_EVERY = 0.25
"""Seconds between two looks at tasks that were not there yet when a call began."""
STOP_WITHIN = 5.0
START_WITHIN = 30.0


class ClientDied(KafkaError):  # type: ignore[misc]  # the client ships no types
    """One of the client's tasks has ended, or it raised an undocumented error: it is unusable."""


def _parts(client: Any) -> tuple[Any, Any, Any, Any]:
    """The connections, the fetcher, the coordinator, the sender; None for what a client has not, or not yet."""
    inner = getattr(client, "_client", None) or getattr(client, "client", None)
    fetcher, coordinator, sender = (getattr(client, name, None) for name in ("_fetcher", "_coordinator", "_sender"))
    return inner, fetcher, coordinator, sender


def _endless(client: Any) -> Iterator[tuple[str, "asyncio.Task[Any]"]]:
    """The tasks that run as long as the client does, by what they do."""
    inner, fetcher, coordinator, sender = _parts(client)
    for part, attribute, name in (
        (inner, "_sync_task", "metadata"),
        (fetcher, "_fetch_task", "fetching"),
        (coordinator, "_coordination_task", "coordination"),
        (coordinator, "_reset_committed_task", "positions"),
        (sender, "_sender_task", "sending"),
    ):
        task = getattr(part, attribute, None)
        if task is not None:
            yield name, task


def _passing(client: Any) -> Iterator[tuple[str, "asyncio.Task[Any]"]]:
    """The tasks that end and are made anew; none of them may fail."""
    _, _, coordinator, _ = _parts(client)
    for attribute, name in (("_heartbeat_task", "heartbeat"), ("_commit_refresh_task", "committed positions")):
        task = getattr(coordinator, attribute, None)
        if task is not None:
            yield name, task


def cause_of_death(client: Any) -> str | None:
    """Which of the client's tasks has ended, and of what; None while it lives."""
    for name, task in _endless(client):
        if task.done():
            return f"{name}: {_end_of(task) or 'ended'}"
    for name, task in _passing(client):
        if task.done() and (end := _end_of(task)):
            return f"{name}: {end}"
    return None


def _end_of(task: "asyncio.Task[Any]") -> str | None:
    if task.cancelled() or (error := task.exception()) is None:
        return None
    origin = error.__cause__ or error
    return f"{type(origin).__name__}: {origin}"


async def call(client: Any, work: Coroutine[Any, Any, T] | Awaitable[T], seconds: float | None) -> T:
    """The result of a client's call. Raises only KafkaError or OSError (including TimeoutError)."""
    task = asyncio.ensure_future(work)
    try:
        async with asyncio.timeout(seconds):
            while not task.done():
                if cause := cause_of_death(client):
                    raise ClientDied(cause)
                watched = {task, *(each for _, each in _endless(client))}
                await asyncio.wait(watched, timeout=LOOK_EVERY, return_when=asyncio.FIRST_COMPLETED)
        return task.result()
    except KafkaUnavailable:
        raise
    except Exception as error:
        raise ClientDied(f"{type(error).__name__}: {error}") from error
    finally:
        await _end({task})


async def put_away(client: Any) -> None:
    """Stop a client. One that has died, or that hangs since Kafka is away, is taken apart instead. Never raises.

    What a producer still holds is unsent and stays on disk.
    """
    if cause_of_death(client) is None:
        stop = client.close if isinstance(client, AIOKafkaAdminClient) else client.stop
        # In a task of its own: it may raise the CancelledError of a task that the client itself has cancelled, which
        # here would look as if we were to end.
        stopping = asyncio.ensure_future(stop())
        try:
            await asyncio.wait({stopping}, timeout=STOP_WITHIN)
        finally:
            await _end({stopping})
    await _take_apart(client)


async def _take_apart(client: Any) -> None:
    """End every task and close every connection: the client's own way to stop ends at the first task that has died."""
    inner, fetcher, _, _ = _parts(client)
    client._closed = True  # so that it does not complain when it is collected
    tasks = {task for _, task in (*_endless(client), *_passing(client))}
    await _end(tasks | set(getattr(fetcher, "_pending_tasks", ())))
    closing = []
    for connection in list(getattr(inner, "_conns", {}).values()):
        with contextlib.suppress(Exception):
            closing.append(connection.close())
    if closing:
        await asyncio.wait(closing, timeout=1)


async def _end(tasks: set["asyncio.Future[Any]"] | set["asyncio.Task[Any]"]) -> None:
    """Cancel tasks and take note of what they have raised, so that it is not logged as never asked for."""
    running = {task for task in tasks if not task.done()}
    for task in running:
        task.cancel()
    if running:
        await asyncio.wait(running, timeout=1)
    for task in tasks:
        if task.done() and not task.cancelled():
            task.exception()
