"""A live page: it is told when to look again, of what it listens for, and of nothing else."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import httpx2
import pytest

from linli.contracts.workflow.signalled import SIGNALLED
from linli.web.signals import JUST_NOW, digest_of
from tests.support.desk import reported
from tests.support.portal import Visitor
from tests.support.proxy import Mood, Proxy
from tests.support.servers import free_ports
from tests.support.services import until
from tests.support.system import PORTAL, System


class Told:
    """What a page was told."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    @property
    def events(self) -> Sequence[str]:
        told = [each.removeprefix("event: ") for each in self.lines if each.startswith("event: ")]
        return [each for each in told if each != "alive"]


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

    await until(there)


@pytest.fixture
async def loaded(system: System) -> System:
    await system.load()
    return system


async def test_a_page_hears_of_the_case_that_it_shows_and_of_no_other(loaded: System, anybody: Visitor) -> None:
    mine, other = await reported(loaded), await reported(loaded)
    async with listening(anybody, "case") as all_cases, listening(anybody, f"case:{mine}") as one:
        await heard(all_cases, lambda: "case" in all_cases.events)  # what was before: anything may have changed
        await heard(one, lambda: "case" in one.events)
        before, of_one = len(all_cases.events), len(one.events)
        await loaded.act(other, "accept")
        await heard(all_cases, lambda: len(all_cases.events) > before)
        assert len(one.events) == of_one
        await loaded.act(mine, "note", message="内部")
        await loaded.act(mine, "accept")
        await heard(one, lambda: len(one.events) > of_one)
        assert mine not in "".join(all_cases.lines + one.lines)


async def test_a_browser_that_comes_back_is_told_to_look_again(anybody: Visitor) -> None:
    async with listening(anybody, "outage,case", **{"Last-Event-ID": "1"}) as told:
        await heard(told, lambda: set(told.events) == {"outage", "case"})


@pytest.mark.parametrize("topics", ["", "case,", "Case", "case:", "case:<b>", ",".join(["case"] * 21), "case,partner"])
async def test_what_is_no_topic_is_refused(anybody: Visitor, topics: str) -> None:
    answer: httpx2.Response = await anybody.http.get(
        "/live", params={"topics": topics}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 422


async def test_nobody_without_a_key_hears_of_names_or_of_what_is_among_staff(loaded: System) -> None:
    noted = await reported(loaded)
    said: list[str] = []

    async def listen() -> None:
        changes = f"{loaded.urls['workflow']}/v1/changes"
        async with loaded.resident.stream("GET", changes, params={"seconds": 60}) as answer:
            async for each in answer.aiter_lines():
                said.append(each)

    def times(id: str) -> int:
        return said.count(f"data: {digest_of(id)}")

    async def up_to_now() -> None:
        """What comes in order has come when something later has."""
        later = await reported(loaded)

        async def there() -> bool:
            return times(later) > 0

        await until(there)

    async def begun() -> bool:
        return bool(said)

    task = asyncio.create_task(listen())
    try:
        await until(begun)
        await up_to_now()
        before = times(noted)
        await loaded.act(noted, "note", message="内部")
        added = {"community": "test", "party": "water-co", "ways": ["pull"]}
        answer = await loaded.operator.post(f"{loaded.urls['workflow']}/v1/partners", json=added)
        assert answer.status_code in {200, 201}, answer.text
        await up_to_now()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert times(noted) == before
    assert {each for each in said if each.startswith("event: ")} <= {
        f"event: {kind}" for kind in ("everything", *SIGNALLED)
    }


async def test_nothing_is_missed_while_the_portal_s_stream_was_away_and_others_kept_the_watch_alive(
    loaded: System, anybody: Visitor
) -> None:
    case = await reported(loaded)
    workflow = urlsplit(loaded.urls["workflow"])
    assert workflow.port
    way = Proxy(free_ports(1)[0], workflow.port)
    way.start()
    loaded.kill(PORTAL)
    loaded.launch(PORTAL, LINLI_WORKFLOW_URL=f"http://127.0.0.1:{way.port}")
    await loaded.ready(PORTAL)
    try:
        changes = f"{loaded.urls['workflow']}/v1/changes"
        async with (
            loaded.resident.stream("GET", changes, params={"seconds": 300}) as another,
            listening(anybody, "case") as told,
        ):
            assert another.status_code == 200
            await heard(told, lambda: "case" in told.events)
            way.be(Mood.CUT)
            way.reset()
            await loaded.act(case, "accept")
            await asyncio.sleep(JUST_NOW + 1)  # until workflow does not tell of it any more
            before = len(told.events)
            way.be(Mood.CLEAR)
            await heard(told, lambda: len(told.events) > before)
    finally:
        loaded.kill(PORTAL)
        loaded.launch(PORTAL)
        await loaded.ready(PORTAL)
        way.stop()


async def test_pages_hear_again_after_workflow_was_away(loaded: System, anybody: Visitor) -> None:
    case = await reported(loaded)
    async with listening(anybody, "case") as told:
        await heard(told, lambda: "case" in told.events)
        loaded.kill("workflow")
        loaded.launch("workflow")
        await loaded.ready("workflow")
        before = len(told.events)
        await loaded.act(case, "accept")
        await heard(told, lambda: len(told.events) > before)
