"""A reporter adds something to their case by its code."""

from collections.abc import AsyncIterator

import pytest

from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import System, system_on


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    async with system_on(stack, tmp_path_factory.mktemp("logs")) as running:
        await running.load()
        yield running


async def test_what_is_added_stands_once_in_the_timeline_and_whoever_is_responsible_hears_of_it(system: System) -> None:
    said = {"kind": "report", "title": "电梯坏了", "neighbourhood": "east", "category": "facilities.lift"}
    receipt = (await system.submit(**said)).json()
    id, track = receipt["id"], f"{system.urls['workflow']}/v1/track/{receipt['tracking_code']}"

    async def opened() -> bool:
        return (await system.resident.get(track)).status_code == 200

    await until(opened)
    for _ in range(2):
        answer = await system.resident.post(
            f"{track}/words",
            json={"message": "又坏了，打 13900000101"},
            headers={"Idempotency-Key": "added-one"},
        )
        assert (answer.status_code, answer.json()) == (200, {"id": id}), answer.text
    steps = (await system.resident.get(track)).json()["timeline"]
    added = [step for step in steps if step["type"] == "linli.case.supplemented.v1"]
    assert len(added) == 1
    assert "又坏了" in added[0]["message"] and "13900000101" not in added[0]["message"]

    async def told() -> bool:
        found = (await system.get("notify", "/v1/deliveries", case=id))["items"]
        kinds = {each["kind"] for each in found}
        assert not any(kind.endswith("withdrawn") or kind == "party_fewer_wait" for kind in kinds), kinds
        return "party_supplemented" in kinds

    await until(told)
    wrong = await system.resident.post(
        f"{system.urls['workflow']}/v1/track/0000-0000-0000/words", json={"message": "x"}
    )
    assert wrong.status_code == 404
    await system.act(id, "accept")
    await system.act(id, "resolve", message="修好了")
    await system.act(id, "close")
    refused = await system.resident.post(
        f"{track}/words", json={"message": "又坏了"}, headers={"Accept-Language": "zh-CN"}
    )
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (409, "nothing_added")
    assert "结案" in refused.json()["detail"]
