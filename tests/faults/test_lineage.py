"""A service that is away while a demand goes its way: the others go on, and afterwards no step is missing."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.faults.sinks import Sinks
from tests.support.affairs import Affairs
from tests.support.databases import databases_of
from tests.support.plans import Drawing, item
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.site import SITE, Site, built_by, with_a_site
from tests.support.system import System, system_on

WAY = ["case", "item", "package", "acceptance", "end"]
RESOLVED, ENDED = "linli.case.resolved.v1", "linli.demand.ended.v1"


class Story:
    """One demand, an item of the final plan for it, and a site that builds that item."""

    def __init__(self, affairs: Affairs, demand: str, site: Site) -> None:
        self.affairs, self.system, self.demand, self.site = affairs, affairs.system, demand, site

    async def signed(self) -> None:
        """Built, and signed by all."""
        await self.site.convened()
        await self.site.signed()

    async def accepted(self) -> None:
        """Nothing more is to come of it. An operator writes it down: workflow has to confirm a member's key."""
        await self.affairs.post(f"/v1/works/{self.site.id}:pass_acceptance", {"for_party": SITE["client"]})

    async def lineage(self) -> dict[str, Any]:
        return dict(await self.affairs.get(f"/v1/lineage/{self.demand}"))

    async def is_complete(self) -> None:
        """Wait for the end; every stage of the way is there, and nothing twice."""

        async def has_ended() -> bool:
            return (await self.lineage())["end"] == "accepted" and (await self.lineage())["steps"][0][
                "state"
            ] == "resolved"

        await until(has_ended)
        steps = (await self.lineage())["steps"]
        assert [each["stage"] for each in steps] == WAY, steps
        assert steps[3]["state"] == "passed"

    async def is_resolved_once(self) -> int:
        """Wait for it; the number of that event in the case's story."""

        async def resolved() -> bool:
            return (await self.system.case(self.demand) or {}).get("state") == "resolved"

        await until(resolved)
        async with databases_of(self.system) as databases:
            ended = await databases("neighbourhood").events.find({"type": ENDED}).to_list(None)
            told = Counter(doc["outgoing"]["value"].count(f'"{self.demand}"') > 0 for doc in ended)
            assert told[True] == 1, "the demand has ended once"
            history = await databases("workflow").events.find({"subject": self.demand}).to_list(None)
        [once] = [doc["sequence"] for doc in history if doc["type"] == RESOLVED]
        return int(once)

    async def letters_about(self, sequence: int) -> list[str]:
        """States of the letters to the demander about one event of the case."""
        async with databases_of(self.system) as databases:
            found = await databases("notify").deliveries.find({"event_id": f"{self.demand}:{sequence}"}).to_list(None)
        return [doc["state"] for doc in found if doc["recipient"].startswith("resident:")]


@asynccontextmanager
async def without(system: System, name: str) -> AsyncIterator[None]:
    """Killed for the block, and there again after it."""
    system.kill(name)
    try:
        yield
    finally:
        system.launch(name)
        await system.ready(name)


@pytest.fixture(scope="module")
async def stories(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[list[Story]]:
    """Three, each at the beginning of its works."""
    sinks = Sinks()
    sinks.start()
    try:
        async with system_on(
            stack, tmp_path_factory.mktemp("logs"), LINLI_PLAY_TIME="true", LINLI_SMTP_PORT=str(sinks.smtp_port)
        ) as system:
            await system.load(parties=with_a_site())
            affairs = Affairs(system)
            await affairs.hears_of_the_community()
            demands = [await demanded(affairs, f"电动车棚 {at}") for at in range(3)]
            drawing = await Drawing.begun(affairs, *demands)
            for at, demand in enumerate(demands):
                await drawing.does("write_item", item=item(f"i-{at}", demand, title="电动车棚"))
            digest = (await drawing.final())["versions"][-1]["digest"]
            built_by(affairs, {"plan_id": drawing.id, "plan_hash": digest})
            first = await Site(affairs).begin(items=["i-0"], demands=demands[:1])
            sites = [first]
            for at in (1, 2):
                site = Site(affairs)
                site.keys = first.keys
                sites.append(await site.another(items=[f"i-{at}"], demands=[demands[at]]))
            yield [Story(affairs, *each) for each in zip(demands, sites, strict=True)]
    finally:
        sinks.stop()


async def demanded(affairs: Affairs, title: str) -> str:
    """A demand whose case is known to the lineage."""
    reporter = {"email": "wang@linli.example"}
    answer = await affairs.system.submit(kind="demand", title=title, neighbourhood="east", reporter=reporter)
    assert answer.status_code == 201, answer.text
    id = str(answer.json()["id"])

    async def known() -> bool:
        found = await affairs.system.operator.get(f"{affairs.url}/v1/lineage/{id}")
        return bool(found.status_code == 200 and found.json()["steps"])

    await until(known)
    return id


async def goes_on(affairs: Affairs) -> None:
    """Residents are heard whoever else is away."""
    answer = await affairs.system.submit(kind="demand", title="路灯不亮", neighbourhood="east")
    assert answer.status_code == 201, answer.text


async def test_workflow_is_away_while_works_are_accepted_and_resolves_the_case_once_when_it_is_back(
    stories: list[Story],
) -> None:
    story = stories[0]
    await story.signed()
    async with without(story.system, "workflow"):
        await goes_on(story.affairs)
        await story.accepted()

        async def is_known_here() -> bool:
            return (await story.lineage())["end"] == "accepted"

        await until(is_known_here)
        assert (await story.lineage())["steps"][0]["state"] != "resolved"
    await story.is_complete()
    once = await story.is_resolved_once()

    async def is_told() -> bool:
        return await story.letters_about(once) == ["sent"]

    await until(is_told)


async def test_notify_is_away_while_works_are_accepted_and_tells_the_demander_once_when_it_is_back(
    stories: list[Story],
) -> None:
    story = stories[1]
    await story.signed()
    async with without(story.system, "notify"):
        await goes_on(story.affairs)
        await story.accepted()
        await story.is_complete()
        once = await story.is_resolved_once()
        assert await story.letters_about(once) == []

    async def is_told() -> bool:
        return await story.letters_about(once) == ["sent"]

    await until(is_told)


async def test_neighbourhood_is_away_while_cases_go_on_and_its_lineage_is_complete_when_it_is_back(
    stories: list[Story],
) -> None:
    story, affairs, system = stories[2], stories[2].affairs, stories[2].system
    by_hand = await demanded(affairs, "坡道")
    await story.signed()
    await story.accepted()
    async with without(system, "neighbourhood"):  # what it has just acknowledged may not have left it yet
        await goes_on(affairs)
        await system.act(by_hand, "accept")
        await system.act(by_hand, "resolve", message="已铺好坡道")
        later = str((await system.submit(kind="demand", title="长椅", neighbourhood="east")).json()["id"])

        async def has_a_case() -> bool:
            return await system.case(later) is not None

        await until(has_a_case)
    await story.is_complete()
    await story.is_resolved_once()

    async def all_is_known() -> bool:
        found = await asyncio.gather(
            *(system.operator.get(f"{affairs.url}/v1/lineage/{id}") for id in (by_hand, later))
        )
        return [each.status_code for each in found] == [200, 200] and found[0].json()["end"] == "resolved"

    await until(all_is_known)
