"""Likely repeats on three running services: what a resident sees before sending, and what each desk sees."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import CommandLine
from tests.support.keys import party_key
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import System, system_on

LIFT = {"kind": "report", "title": "3号楼2单元电梯坏了", "text": "老人下不了楼", "neighbourhood": "east"}


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    async with system_on(stack, tmp_path_factory.mktemp("logs")) as running:
        await running.load()
        yield running


async def case_of(system: System, **said: Any) -> str:
    """A report's case, as soon as somebody is responsible."""
    answer = await system.submit(**LIFT | said)
    assert answer.status_code == 201, answer.text
    id: str = answer.json()["id"]

    async def routed() -> bool:
        found = await system.case(id)
        return found is not None and found["state"] != "open"

    await until(routed)
    return id


async def test_a_matter_reported_twice_is_seen_by_the_resident_and_on_the_desk_and_another_party_s_is_not(
    system: System, tmp_path: Path
) -> None:
    mine = await case_of(system, category="facilities.lift")
    again = await case_of(system, category="facilities.lift", title="三号楼二单元的电梯坏了")
    others = await case_of(system, title="3号楼2单元电梯坏了，停水了")
    estate, water = await party_key(system, "estate"), await party_key(system, "water-co")
    assert (await system.case(others) or {})["party"]["id"] == "water-co"

    async def seen(id: str, by: dict[str, str]) -> list[str]:
        answer = await system.resident.get(f"{system.urls['workflow']}/v1/cases/{id}/repeats", headers=by)
        assert answer.status_code == 200, answer.text
        return [each["id"] for each in answer.json()["items"]]

    assert await seen(mine, estate) == [again]
    assert await seen(others, water) == []
    absent = await system.resident.get(f"{system.urls['workflow']}/v1/cases/{mine}/repeats", headers=water)
    assert absent.status_code == 404

    command = CommandLine(system, tmp_path / "home")
    found = await command.figures("repeats", mine)
    assert {each["id"] for each in found["items"]} == {again, others}, "an operator sees all"
    code, printed, told = await command.run("repeats", mine)
    assert code == 0, told
    assert again in printed
    assert "same_place 3号楼 2单元 +0.1" in printed

    asked = ("submit", "--check", "--kind", "report", "--title", LIFT["title"], "--neighbourhood", "东院")
    before = (await system.get("workflow", "/v1/case-counts"))["total"]
    code, printed, told = await command.run(*asked, "--phone", "13900000101")
    assert code == 0, told
    assert "Nothing was sent. Reported already, it seems:" in printed
    assert LIFT["title"] in printed
    assert mine not in printed
    assert (await system.get("workflow", "/v1/case-counts"))["total"] == before
    assert LIFT["title"] not in system.log("intake"), "what is asked about is not logged"


async def test_a_matter_that_nobody_has_reported_finds_nothing(system: System, tmp_path: Path) -> None:
    fresh = await case_of(system, title="滑梯松了", text="孩子差点摔下来", neighbourhood="west")
    command = CommandLine(system, tmp_path / "home")
    code, printed, told = await command.run("repeats", fresh)
    assert (code, printed.strip()) == (0, "No case scores 0.55 or more."), told
    code, printed, told = await command.run("submit", "--check", "--kind", "report", "--title", "屋面漏雨")
    assert (code, printed.strip()) == (0, "Nothing was sent. Nothing like it was reported so far."), told
