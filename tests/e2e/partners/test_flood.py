"""A partner that writes without end is slowed down by the broker, and others are served beside it."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.partner_access import access_beside
from tests.support.partner_program import PartnerProgram
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import System, system_on

MANY = 10_000
pytestmark = [pytest.mark.long, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    async with system_on(stack, tmp_path_factory.mktemp("logs")) as running:
        await running.load()
        async with access_beside(running):
            yield running


async def joined(system: System, party: str) -> PartnerProgram:
    url = f"{system.urls['workflow']}/v1/partners"
    body = {"community": "test", "party": party, "ways": ["kafka"]}
    assert (await system.operator.post(url, json=body)).status_code == 200

    async def in_line() -> bool:
        return bool((await system.get("workflow", f"/v1/partners/test/{party}"))["in_line"])

    await until(in_line)
    credentials = await system.get("workflow", f"/v1/partners/test/{party}/credentials")
    return PartnerProgram(credentials, system.servers.secrets_dir / "partner-ca.crt")


def update(id: str, order: str) -> bytes:
    now = datetime.now(UTC).isoformat()
    said = {"update_id": id, "order_id": order, "dispatch_no": 1, "occurred_at": now, "did": "accepted"}
    return json.dumps(said | {"message": "x" * 700}).encode()  # nine megabytes in all: the broker counts bytes


async def test_ten_thousand_updates_of_one_are_slowed_down_and_another_is_served_meanwhile(system: System) -> None:
    estate, water = await joined(system, "estate"), await joined(system, "water-co")
    case = str((await system.submit(kind="report", title="停水了", neighbourhood="east")).json()["id"])
    [*_, order] = await asyncio.to_thread(lambda: water.read("orders", until=lambda each: each["case_id"] == case))
    flood = asyncio.create_task(
        asyncio.to_thread(estate.flood, [update(f"flood-{number}", "none~estate") for number in range(MANY)])
    )
    await asyncio.sleep(1)  # it is under way
    await asyncio.to_thread(water.say, order, "accepted", "beside-1")

    def heard(each: dict[str, Any]) -> bool:
        return bool(each.get("update_id") == "beside-1")

    assert not flood.done()
    [*_, receipt] = await asyncio.to_thread(lambda: water.read("receipts", until=heard, seconds=60))
    assert receipt["outcome"] == "applied"
    assert not flood.done(), "it was served while the other wrote"
    throttled = await flood
    assert throttled > 0, "the broker has slowed it down"

    def last(each: dict[str, Any]) -> bool:
        return bool(each.get("update_id") == f"flood-{MANY - 1}")

    receipts = await asyncio.to_thread(lambda: estate.read("receipts", until=last, seconds=200))
    assert [each["update_id"] for each in receipts] == [f"flood-{number}" for number in range(MANY)]
    assert {each["outcome"] for each in receipts} == {"unknown_order"}
