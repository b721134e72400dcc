"""The loop that every background task lives in."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import pytest
from pymongo.errors import AutoReconnect
from structlog.testing import capture_logs

from linli.application.worker import repeatedly, until_done

Step = bool | None | Exception


def doing(*steps: Step) -> tuple[Callable[[], Awaitable[bool | None]], list[Step]]:
    """Work that comes to one of the steps after another, and is then cancelled."""
    left: Iterator[Step] = iter(steps)
    done: list[Step] = []

    async def work() -> bool | None:
        step = next(left, None) if len(done) < len(steps) else asyncio.CancelledError()
        if isinstance(step, asyncio.CancelledError):
            raise step
        done.append(step)
        if isinstance(step, Exception):
            raise step
        return step

    return work, done


async def run(*steps: Step, every: float = 0.0) -> tuple[list[Step], int, list[str]]:
    work, done = doing(*steps)
    times = 0

    def away() -> None:
        nonlocal times
        times += 1

    with capture_logs() as logs, pytest.raises(asyncio.CancelledError):
        await repeatedly("sweep", work, every, away)
    return done, times, [entry["event"] for entry in logs]


async def test_an_outage_is_told_once_and_each_time_to_what_is_unknown_then() -> None:
    away = AutoReconnect("away")
    done, times, logs = await run(None, away, away, None, away)
    assert (len(done), times, logs) == (5, 3, ["sweep_waits", "sweep_waits"])


async def test_what_has_more_to_do_does_not_wait() -> None:
    async with asyncio.timeout(5):
        done, _, _ = await run(*[True] * 50, every=3_600)
    assert len(done) == 50
    work, done = doing(True, False, None)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await repeatedly("sweep", work, 3_600)
    assert done == [True, False]


async def test_any_other_fault_ends_the_task() -> None:
    work, _ = doing(ValueError("a bug"))
    with pytest.raises(ValueError, match="a bug"):
        await repeatedly("sweep", work, 0)


async def test_what_must_be_done_once_is_tried_until_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linli.application.worker.PAUSE", 0)
    work, done = doing(AutoReconnect("away"), AutoReconnect("away"), True)
    assert await until_done("positions", work) is True
    assert len(done) == 3
