"""What everybody is shown is asked for once, however many look, and never oftener than the portal's share."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from linli.web.localized import Localized
from linli.web.problems import Problem
from portal.residents.public import ANEW, AT_MOST, KEPT, LAST, Public

MANY = 300
"""Neighbourhoods of the community `large`."""
PLACES = {"test": ("east", "west"), "large": tuple(f"n{number}" for number in range(MANY))}


class Workflow:
    """Answers slowly, and counts."""

    def __init__(self) -> None:
        self.asked = 0
        self.paths: Counter[str] = Counter()
        self.fault: int | None = None
        self.gone: set[str] = set()

    async def read(self, path: str, _: Any, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        self.asked += 1
        self.paths[path] += 1
        await asyncio.sleep(0)
        if self.fault is not None or path in self.gone:
            raise Problem("a_slug", self.fault or 404, Localized("away", "不在"))
        if path == "/v1/services":
            return {"items": [{"id": each} for each in PLACES]}
        if path == "/v1/outages":
            off = [{"neighbourhoods": ["east"]}, {"neighbourhoods": ["west", "n1"]}]
            return {"items": off, "of": dict(params or {})}
        if (community := path.rpartition("/")[2]) in PLACES:
            return {"items": [{"id": each} for each in PLACES[community]], "number": self.asked}
        return {"items": [path], "number": self.asked}


class Time:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Here:
    """The portal's answers for everybody, before a workflow and a clock."""

    def __init__(self) -> None:
        self.workflow, self.time = Workflow(), Time()
        self.public = Public(self.workflow, self.time)  # type: ignore[arg-type]  # all that it asks of the services

    async def page(self, community: str, neighbourhood: str) -> None:
        """All that a neighbourhood's page asks for."""
        await self.public.neighbourhood(community, neighbourhood)
        await self.public.outages(community, neighbourhood)
        await self.public.requests(community, neighbourhood, 20)


@pytest.fixture
def here() -> Here:
    return Here()


async def test_a_crowd_asks_once_and_what_was_said_is_kept_for_a_while(here: Here) -> None:
    many = await asyncio.gather(*(here.public.communities() for _ in range(500)))
    assert many == [[{"id": "test"}, {"id": "large"}]] * 500
    assert await here.public.communities() == many[0]
    assert here.workflow.asked == 1
    await asyncio.gather(*(here.page("test", "east") for _ in range(100)))
    assert here.workflow.asked == 5
    await here.page("test", "west")
    assert here.workflow.asked == 7, "of another place it is another question, but for the community's own"
    here.time.now += KEPT
    await here.page("test", "east")
    assert here.workflow.asked == 12


async def test_outages_are_those_of_the_neighbourhood_though_they_are_asked_for_at_once(here: Here) -> None:
    assert [each["neighbourhoods"] for each in await here.public.outages("test", "east")] == [["east"]]
    assert [each["neighbourhoods"] for each in await here.public.outages("test", "west")] == [["west", "n1"]]
    assert here.workflow.paths["/v1/outages"] == 1


async def test_a_place_that_there_is_not_costs_no_call(here: Here) -> None:
    await here.page("test", "east")
    before = here.workflow.asked
    for number in range(1_000):
        for asked in (here.page("test", f"x{number}"), here.public.places(f"x{number}"), here.page("..", "cases")):
            with pytest.raises(Problem) as told:
                await asked
            assert told.value.status == 404
        with pytest.raises(Problem):
            await here.public.categories(f"x{number}")
    assert here.workflow.asked == before


async def test_that_there_is_nothing_is_kept_too(here: Here) -> None:
    here.workflow.gone.add("/v1/neighbourhoods/test/east")
    for _ in range(10):
        with pytest.raises(Problem) as told:
            await here.public.neighbourhood("test", "east")
        assert told.value.status == 404
    assert here.workflow.paths["/v1/neighbourhoods/test/east"] == 1
    here.workflow.gone.clear()
    here.time.now += KEPT
    assert await here.public.neighbourhood("test", "east")


async def test_a_fault_is_told_to_all_who_wait_and_not_kept(here: Here) -> None:
    here.workflow.fault = 503
    found = await asyncio.gather(*(here.public.communities() for _ in range(3)), return_exceptions=True)
    assert all(isinstance(each, Problem) for each in found)
    here.workflow.fault = None
    assert len(await here.public.communities()) == 2
    with pytest.raises(Problem):
        here.workflow.fault = 503
        await here.public.places("test")


@pytest.mark.parametrize("fault", [429, 503])
async def test_while_workflow_says_nothing_new_the_last_that_it_said_is_told_for_a_while(
    here: Here, fault: int
) -> None:
    said = await here.public.neighbourhood("test", "east")
    here.workflow.fault = fault
    here.time.now += KEPT
    asked = here.workflow.asked
    assert await here.public.neighbourhood("test", "east") == said
    assert await here.public.neighbourhood("test", "east") == said
    assert here.workflow.asked == asked + 3, "nobody waits for it again at once"
    here.time.now += LAST
    with pytest.raises(Problem) as told:
        await here.public.neighbourhood("test", "east")
    assert told.value.status == fault


async def test_however_many_places_are_looked_at_workflow_is_asked_within_the_share(here: Here) -> None:
    told: Counter[int] = Counter()
    for minute in range(8):
        before = here.workflow.asked
        for _ in range(6):
            for neighbourhood in PLACES["large"]:
                try:
                    await here.page("large", neighbourhood)
                except Problem as problem:
                    told[problem.status] += 1
                    assert minute < 5, "all are known by now"
            here.time.now += KEPT
        assert here.workflow.asked - before <= (AT_MOST if minute < 5 else ANEW)
    assert set(told) == {503}


async def test_a_page_that_is_known_is_shown_while_others_use_the_share_up(here: Here) -> None:
    await here.page("test", "east")
    for _ in range(20):
        here.time.now += 6
        for neighbourhood in PLACES["large"]:
            await asyncio.gather(here.page("large", neighbourhood), return_exceptions=True)
        await here.page("test", "east")


async def test_a_service_that_was_away_is_asked_as_soon_as_it_is_back(here: Here) -> None:
    here.workflow.fault = 503
    for _ in range(AT_MOST * 2):
        with pytest.raises(Problem):
            await here.public.communities()
    here.workflow.fault = None
    assert len(await here.public.communities()) == 2
