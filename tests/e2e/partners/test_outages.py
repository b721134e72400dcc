"""The water is off for works: who has reported it, who reports it now, and who has it back."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.keys import party_key
from tests.support.outages import Utility, somewhere
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import System, system_on


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    async with system_on(stack, tmp_path_factory.mktemp("logs")) as running:
        await running.load()
        body = {"community": "test", "party": "water-co"}
        answer = await running.operator.post(f"{running.urls['workflow']}/v1/partners", json=body)
        assert answer.status_code == 200, answer.text
        yield running


@pytest.fixture(scope="module")
async def water(system: System) -> Utility:
    return Utility(system, await party_key(system, "water-co"))


async def reported(system: System, building: int, **said: Any) -> dict[str, Any]:
    body = {"kind": "report", "title": "停水了", "neighbourhood": "east", "place": f"{building}号楼"} | said
    answer = await system.submit(**body)
    assert answer.status_code == 201, answer.text
    receipt: dict[str, Any] = answer.json()
    return receipt


async def in_state(system: System, receipts: list[dict[str, Any]], state: str) -> None:
    async def all_of_them() -> bool:
        cases = [await system.case(each["id"]) for each in receipts]
        return all(case is not None and case["state"] == state for case in cases)

    await until(all_of_them)


async def answered(system: System, receipt: dict[str, Any], solved: bool) -> None:
    url = f"{system.urls['workflow']}/v1/track/{receipt['tracking_code']}/follow-up"
    body = {"contacted": True, "solved": solved, "satisfied": solved}
    answer = await system.resident.post(url, json=body)
    assert answer.status_code == 200, answer.text


def steps(case: dict[str, Any] | None) -> list[str]:
    assert case
    return [step["type"].split(".")[2] for step in case["history"]]


async def test_thirty_report_one_outage_ten_before_it_is_declared_and_three_are_still_without_in_the_end(
    system: System, water: Utility
) -> None:
    before = [await reported(system, number % 5 + 1) for number in range(10)]
    await in_state(system, before, "dispatched")
    until_then = datetime.now(UTC) + timedelta(hours=3)
    said = {"cause": "works", "until": until_then.isoformat(), "area": somewhere("east")}
    receipt = await water.say("w-1", "declared", **said)
    assert (receipt["outcome"], receipt["text_en"]) == ("applied", "Done; 10 reports follow it.")
    assert (await water.figures("w-1"))["following"] == 10
    probe = {"kind": "report", "title": "楼道灯不亮", "neighbourhood": "east"}
    assert "known_outage" not in (await system.submit(**probe)).json(), "it is about something else"

    async def heard_of() -> bool:
        told = (await system.operator.get(f"{system.urls['intake']}/metrics")).text
        return "linli_intake_outages_known 1.0" in told

    await until(heard_of)
    after = [await reported(system, number % 5 + 1) for number in range(20)]
    told = [each["known_outage"] for each in after]
    assert {each["outage_id"] for each in told} == {"w-1"}
    assert all("停水" in each["text_zh"] and "for works until" in each["text_en"] for each in told)
    other = await reported(system, 2, title="停水了，水表也在漏", different=True)
    assert "known_outage" not in other
    found = await water.followed_by("w-1", 30)
    await in_state(system, [other], "dispatched")
    everybody = [*before, *after]
    await in_state(system, everybody, "accepted")
    later = (until_then + timedelta(hours=2)).isoformat()
    assert await water.outcome("w-1", "extended", until=later) == "applied"
    case = await system.case(everybody[-1]["id"])
    assert steps(case)[-2:] == ["merged", "progressed"]

    assert await water.outcome("w-1", "restored", message="已恢复供水") == "applied"
    await in_state(system, everybody, "resolved")
    third = [each for number, each in enumerate(everybody) if number % 5 == 2]
    await answered(system, everybody[0], solved=True)
    for each in third[:3]:
        assert not (await water.figures("w-1"))["called_again"]
        await answered(system, each, solved=False)
    found = await water.figures("w-1")
    assert (found["following"], found["still_out"], found["called_again"]) == (27, 3, ["east/3"])
    assert (found["state"], len(found["cases"])) == ("restored", 1)
    again = await system.case(third[0]["id"])
    assert again
    assert (again["state"], again["party"]["id"], again["merged_into"]) == ("dispatched", "water-co", None)
    within = datetime.fromisoformat(again["resolve_by"]) - datetime.now(UTC)
    assert within <= timedelta(hours=2), "before other work"
    orders = await system.get("workflow", "/v1/orders", party="water-co", limit=200)
    open_ones = [each["case_id"] for each in orders["items"] if each["ended"] is None]
    assert {each["id"] for each in third[:3]} <= set(open_ones)
    [alert] = [
        case for id in open_ones if (case := await system.case(id)) and case["title"] == "3号楼恢复后仍有 3 户反映停水"
    ]
    assert (alert["state"], alert["party"]["id"]) == ("dispatched", "water-co")
