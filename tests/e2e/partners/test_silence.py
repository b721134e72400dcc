"""A partner that says nothing of its orders is noticed: by the monitoring, and by the desk, which has a letter."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.databases import databases_of
from tests.support.keys import party_key
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import System, system_on

GAUGE = 'linli_workflow_partner_orders_unanswered{community="test",party="water-co"}'


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    async with system_on(stack, tmp_path_factory.mktemp("logs")) as running:
        await running.load()
        body = {"community": "test", "party": "water-co"}
        await running.operator.post(f"{running.urls['workflow']}/v1/partners", json=body)
        yield running


async def order_of_a_report(system: System) -> dict[str, Any]:
    id = (await system.submit(kind="report", title="停水了", neighbourhood="east")).json()["id"]

    async def found() -> Any:
        answer = await system.operator.get(f"{system.urls['workflow']}/v1/orders/{id}~water-co")
        return answer.json() if answer.status_code == 200 else None

    order: dict[str, Any] = await until(found)
    return order


async def unanswered(system: System) -> str | None:
    """What the monitoring reads."""
    answer = await system.resident.get(f"{system.urls['workflow']}/metrics")
    found = [line for line in answer.text.splitlines() if line.startswith(GAUGE)]
    return found[0].rpartition(" ")[2] if found else None


async def test_orders_without_a_word_in_their_time_are_noticed_until_one_comes(system: System) -> None:
    said, done_by_others = [await order_of_a_report(system) for _ in range(2)]
    assert said["update_by"]
    async with databases_of(system) as database:
        late = {"$set": {"update_by": datetime.now(UTC) - timedelta(minutes=1)}}
        await database("workflow").orders.update_many({}, late)

    async def counted() -> bool:
        return await unanswered(system) == "2.0"

    await until(counted)

    async def letters() -> list[dict[str, Any]]:
        page = await system.get("notify", "/v1/deliveries", kind="partner_unanswered")
        items: list[dict[str, Any]] = page["items"]
        return items

    [letter] = await until(letters)
    assert (letter["recipient"], letter["case"]) == ("party:street", "")
    water = await party_key(system, "water-co")
    body = {"update_id": "u-1", "order_id": said["order_id"], "dispatch_no": 1, "did": "accepted"}
    body["occurred_at"] = datetime.now(UTC).isoformat()
    answer = await system.resident.post(f"{system.urls['workflow']}/v1/updates", json=body, headers=water)
    assert answer.json()["outcome"] == "applied", answer.text
    await system.act(done_by_others["case_id"], "accept")

    async def nothing_left() -> bool:
        return await unanswered(system) == "0.0"

    await until(nothing_left)
    order = (await system.operator.get(f"{system.urls['workflow']}/v1/orders/{said['order_id']}")).json()
    assert order["update_by"] is None
    assert len(await letters()) == 1, "once a day"
