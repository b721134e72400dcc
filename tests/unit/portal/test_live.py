"""The stream from workflow for all viewers of a process: what comes in a break is not missed."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from typing import Any

import pytest

from linli.web.problems import Problem
from linli.web.signals import Pace, Signal, line
from portal.pages.live import ALIVE, Live


class Workflow:
    """Its stream breaks off, or ends, some times, and is there then. Nobody says that anything may have changed: its
    watch is kept alive by others who listen."""

    def __init__(self, breaks: int, *, ends: bool = False, empty: bool = False) -> None:
        self.breaks, self.ends, self.empty = breaks, ends, empty
        self.opened = 0
        self.says: asyncio.Queue[Signal] = asyncio.Queue()

    async def signals(self, _: int) -> AsyncGenerator[Signal | None, None]:
        self.opened += 1
        if self.opened <= self.breaks:
            if not self.empty:
                yield None
            if self.ends:
                return
            raise Problem("unavailable", 503, "It broke off.")
        yield None
        while True:
            yield await self.says.get()


async def listening_to(workflow: Workflow, wait: float) -> tuple[Live, asyncio.Task[None]]:
    services: Any = workflow
    live = Live(services, Pace(), wait)
    return live, asyncio.create_task(live.run())


async def ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


@pytest.mark.parametrize(("ends", "empty"), [(False, False), (False, True), (True, False), (True, True)])
async def test_after_a_break_viewers_are_told_to_look_again(ends: bool, empty: bool) -> None:
    workflow = Workflow(2, ends=ends, empty=empty)
    live, task = await listening_to(workflow, 0.001)
    viewer = live.join("10.0.0.1", "case,outage:o1", again=False)
    await until(lambda: line("case") in viewer.waiting)
    assert set(viewer.waiting) - {ALIVE} == {line("case"), line("outage")}
    await ended(task)


async def test_without_a_break_nobody_is_told_more_than_what_happens() -> None:
    workflow = Workflow(0)
    live, task = await listening_to(workflow, 0.001)
    viewer = live.join("10.0.0.1", "case,outage", again=False)
    workflow.says.put_nowait(Signal("case", "c1"))
    await until(lambda: line("case") in viewer.waiting)
    assert set(viewer.waiting) - {ALIVE} == {line("case")}
    await ended(task)


@pytest.mark.parametrize("away", [False, True])
async def test_viewers_are_told_of_life_while_workflow_is_heard_and_not_while_it_is_away(away: bool) -> None:
    workflow = Workflow(1_000 if away else 0, empty=True)
    live, task = await listening_to(workflow, 0.001)
    viewer = live.join("10.0.0.1", "case", again=False)
    if away:
        await until(lambda: workflow.opened > 5)
        assert ALIVE not in viewer.waiting
    else:
        await until(lambda: ALIVE in viewer.waiting)
    await ended(task)


async def until(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not so():  # noqa: ASYNC110 - what is told is a set
            await asyncio.sleep(0.001)


async def test_a_stream_that_ends_at_once_is_not_opened_again_without_a_pause() -> None:
    workflow = Workflow(1_000_000, ends=True)
    live, task = await listening_to(workflow, 60)
    live.join("10.0.0.1", "case", again=False)
    for _ in range(100):
        await asyncio.sleep(0)
    assert workflow.opened == 1
    await ended(task)


@pytest.mark.parametrize("topics", ["partner", "partner:test/water-co", "community:test", "order", "case,order"])
def test_a_kind_that_is_never_told_of_is_refused(topics: str) -> None:
    services: Any = Workflow(0)
    with pytest.raises(Problem) as refused:
        Live(services, Pace()).join("10.0.0.1", topics, again=False)
    assert refused.value.status == 422
