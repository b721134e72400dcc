"""A live page: it is told when to look again, of what it listens for, and of nothing else."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import httpx2
import pytest

from tests.support.portal import Visitor
from tests.support.services import until
from tests.support.system import System


class Told:
    """What a page was told."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    @property
    def events(self) -> Sequence[str]:
        return [each.removeprefix("event: ") for each in self.lines if each.startswith("event: ")]


@asynccontextmanager
async def listening(person: Visitor, topics: str, **headers: str) -> AsyncIterator[Told]:
    told = Told()

    async def listen() -> None:
        async with person.http.stream("GET", "/live", params={"topics": topics}, headers=headers) as answer:
            assert answer.headers["Content-Type"].startswith("text/event-stream")
            async for each in answer.aiter_lines():
                told.lines.append(each)

    task = asyncio.create_task(listen())
    try:
        await heard(told, lambda: bool(told.lines))
        yield told
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def heard(told: Told, wanted: object) -> None:
    async def there() -> bool:
        assert callable(wanted)
        return bool(wanted())

    await until(there, 20)


async def case_of(system: System) -> str:
    answer = await system.submit(kind="report", title="灯坏了", neighbourhood="east")
    assert answer.status_code == 201, answer.text
    id: str = answer.json()["id"]

    async def there() -> bool:
        return await system.case(id) is not None

    await until(there)
    return id


@pytest.fixture
async def loaded(system: System) -> System:
    await system.load()
    return system


async def test_a_page_hears_of_the_case_that_it_shows_and_of_no_other(loaded: System, anybody: Visitor) -> None:
    mine, other = await case_of(loaded), await case_of(loaded)
    async with listening(anybody, "case") as all_cases, listening(anybody, f"case:{mine}") as one:
        await heard(all_cases, lambda: "case" in all_cases.events)  # what was before: anything may have changed
        await heard(one, lambda: "case" in one.events)
        before, of_one = len(all_cases.events), len(one.events)
        await loaded.act(other, "note", message="内部")
        await heard(all_cases, lambda: len(all_cases.events) > before)
        assert len(one.events) == of_one
        await loaded.act(mine, "note", message="内部")
        await heard(one, lambda: len(one.events) > of_one)
        assert mine not in "".join(all_cases.lines + one.lines)


async def test_a_browser_that_comes_back_is_told_to_look_again(anybody: Visitor) -> None:
    async with listening(anybody, "outage,partner", **{"Last-Event-ID": "1"}) as told:
        await heard(told, lambda: set(told.events) == {"outage", "partner"})


@pytest.mark.parametrize("topics", ["", "case,", "Case", "case:", "case:<b>", ",".join(["case"] * 21)])
async def test_what_is_no_topic_is_refused(anybody: Visitor, topics: str) -> None:
    answer: httpx2.Response = await anybody.http.get(
        "/live", params={"topics": topics}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 422


async def test_pages_hear_again_after_workflow_was_away(loaded: System, anybody: Visitor) -> None:
    case = await case_of(loaded)
    async with listening(anybody, "case") as told:
        await heard(told, lambda: "case" in told.events)
        loaded.kill("workflow")
        loaded.launch("workflow")
        await loaded.ready("workflow")
        before = len(told.events)
        await loaded.act(case, "note", message="内部")
        await heard(told, lambda: len(told.events) > before)
