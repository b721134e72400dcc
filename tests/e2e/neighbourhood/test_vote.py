"""A vote of the owners from the register to the published result, over HTTP on real servers."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.affairs import SCAN, Affairs, units
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import system_on

MATTERS = [
    {"id": "a", "text": "在 3 号楼东侧空地建电动车棚", "legal_class": "common_parts"},
    {"id": "b", "text": "通过《管理规约》第二版", "legal_class": "covenant"},
]


@pytest.fixture
async def affairs(stack: Servers, tmp_path: Path) -> AsyncIterator[Affairs]:
    async with system_on(stack, tmp_path, LINLI_PLAY_TIME="true") as system:
        await system.load()
        affairs = Affairs(system)

        async def heard_of_the_community() -> bool:
            answer = await affairs.ask(
                "/v1/registers?check=true", {"community": "test", "neighbourhood": "east", "units": units()[:1]}
            )
            return bool(answer.status_code == 200)

        await until(heard_of_the_community, 40)
        yield affairs


async def test_the_demo_s_vote_comes_to_its_figures_and_a_recount_to_the_same(affairs: Affairs) -> None:
    register = await affairs.register()
    frozen = await affairs.frozen(register, "s-1")
    assert (frozen["units"], frozen["heads"], frozen["area"]) == (48, 46, 2_880_00)
    owners = {each["name"]: each for each in await affairs.get(f"/v1/registers/{register}/owners")}
    vote = await affairs.prepared("s-1", MATTERS)
    assert await affairs.refused(f"/v1/votes/{vote}:open", {"closes_at": "2030-01-01T00:00:00Z"}) == "state"
    await affairs.post(f"/v1/votes/{vote}:notice")
    assert await affairs.refused(f"/v1/votes/{vote}:open", {"closes_at": "2030-01-01T00:00:00Z"}) == "short-notice"
    now = await affairs.later(days=16)
    await affairs.post(f"/v1/votes/{vote}:open", {"closes_at": (now + timedelta(days=7)).isoformat()})

    papers = {each["owner"]: each for each in await affairs.post(f"/v1/votes/{vote}/ballots:deliver", {})}
    assert len(papers) == 46

    def code(number: int) -> str:
        return str(papers[owners[f"业主{number}"]["owner"]]["code"])

    async def by_code(number: int, **choices: str) -> Any:
        return await affairs.post(
            f"/v1/ballots/{code(number)}", {"choices": choices}, 201, client=affairs.system.resident
        )

    # 34 owners vote: the first with three units, so 36 units and 2,160 ㎡.
    for number in range(1, 35):
        choices = {"a": "approve" if number <= 26 else "oppose", "b": "approve" if number <= 20 else "oppose"}
        await by_code(number, **choices)
    again = await affairs.refused(
        f"/v1/ballots/{code(1)}", {"choices": {"a": "oppose"}}, client=affairs.system.resident
    )
    assert again == "has-voted"
    paper = {
        "owner": owners["业主2"]["owner"],
        "choices": {"a": "oppose"},
        "received_at": now.isoformat(),
        "scan": SCAN,
    }
    assert await affairs.refused(f"/v1/votes/{vote}/ballots", paper) == "has-voted"
    turnout = await affairs.get(f"/v1/votes/{vote}/turnout")
    assert turnout["turnout"] == {"area": 2_160_00, "heads": 34}
    assert await affairs.refused(f"/v1/votes/{vote}:close") == "still-open"
    await affairs.get(f"/v1/votes/{vote}/count", 409)

    await affairs.later(days=8)
    await affairs.post(f"/v1/votes/{vote}:close")
    count = await affairs.certified(vote)
    a, b = count["matters"]
    assert (a["approve"], a["passed"]) == ({"area": 1_680_00, "heads": 26}, True)
    assert (b["approve"], b["passed"]) == ({"area": 1_320_00, "heads": 20}, True)
    assert await affairs.get(f"/v1/votes/{vote}/count?anew=true") == count
    await affairs.post(f"/v1/votes/{vote}:declare")
    published = await affairs.post(f"/v1/votes/{vote}:publish")
    assert published["state"] == "published"
    lines = await affairs.get(f"/v1/votes/{vote}/list")
    assert sum(line["took_part"] for line in lines) == 36
    assert not [line for line in lines if "业主" in line["owner"]]


async def test_of_fifty_ballots_of_one_owner_at_once_one_counts(affairs: Affairs) -> None:
    await affairs.frozen(await affairs.register(), "s-2")
    vote = await affairs.prepared("s-2", MATTERS)
    await affairs.opened(vote)
    papers = await affairs.post(f"/v1/votes/{vote}/ballots:deliver", {})
    path = f"/v1/ballots/{papers[0]['code']}"
    choices = [{"choices": {"a": "approve" if at % 2 else "oppose"}} for at in range(50)]
    answers = await asyncio.gather(*(affairs.ask(path, each, affairs.system.resident) for each in choices))
    assert sorted(each.status_code for each in answers) == [201] + [409] * 49
    turnout = await affairs.get(f"/v1/votes/{vote}/turnout")
    assert turnout["turnout"]["heads"] == 1
