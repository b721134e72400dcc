"""A partner may call the reporter of its order: while it has it, where the community lets it, and never unseen."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx2
import orjson
import pytest

from linli.messaging.kafka import read_all
from tests.support.keys import party_key
from tests.support.reception import slug
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import System, system_on

WANG = {"name": "王秀英", "phone": "13812345678", "email": "wang@resident.example", "address": "3号楼402室"}


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    async with system_on(stack, tmp_path_factory.mktemp("logs")) as running:
        await running.load(partners_may_call=True)
        for party in ("water-co", "estate"):
            body = {"community": "test", "party": party}
            await running.operator.post(f"{running.urls['workflow']}/v1/partners", json=body)
        yield running


@pytest.fixture(scope="module")
async def water(system: System) -> dict[str, str]:
    return await party_key(system, "water-co")


async def order_of(system: System, reporter: dict[str, str] | None) -> str:
    said = {"reporter": reporter} if reporter else {}
    id = (await system.submit(kind="report", title="停水了", neighbourhood="east", **said)).json()["id"]

    async def found() -> bool:
        answer = await system.operator.get(f"{system.urls['workflow']}/v1/orders/{id}~water-co")
        return answer.status_code == 200

    await until(found)
    return f"{id}~water-co"


async def contact(system: System, order: str, headers: dict[str, str]) -> httpx2.Response:
    return await system.resident.get(f"{system.urls['workflow']}/v1/orders/{order}/contact", headers=headers)


async def say(system: System, order: str, headers: dict[str, str], did: str, **said: Any) -> None:
    body = {"update_id": f"{did}-{order[:13]}", "order_id": order, "dispatch_no": 1, "did": did} | said
    body["occurred_at"] = datetime.now(UTC).isoformat()
    answer = await system.resident.post(f"{system.urls['workflow']}/v1/updates", json=body, headers=headers)
    assert answer.json()["outcome"] == "applied", answer.text


async def issued(system: System, order: str) -> dict[str, Any]:
    """The event of the order, once it is on the topic."""

    async def found() -> list[dict[str, Any]]:
        records = [record async for record in read_all(system.servers.kafka, f"{system.prefix}.orders")]
        told = [orjson.loads(record.value or b"{}") for record in records]
        return [each for each in told if each["order_id"] == order and "title" in each]

    return (await until(found))[0]


async def logged(system: System, order: str, outcome: str) -> list[dict[str, Any]]:
    page = await system.get("workflow", "/v1/audit", object=order, outcome=outcome, limit=50)
    return [each for each in page["items"] if each["what"] == "orders:contact"]


async def test_the_reporter_of_an_order_can_be_called_until_it_is_done_and_each_look_is_logged(
    system: System, water: dict[str, str]
) -> None:
    order = await order_of(system, WANG)
    event = await issued(system, order)
    assert event["contact_needed"] is True
    assert not [each for each in WANG.values() if each in str(event)], "nothing of a person is in an event"
    shown = await contact(system, order, water)
    assert shown.status_code == 200, shown.text
    assert shown.json() == {
        "order_id": order,
        "name": "王秀英",
        "phone": "+8613812345678",
        "email": "wang@resident.example",
    }
    assert shown.headers["cache-control"] == "no-store"
    [entry] = await logged(system, order, "read")
    assert (entry["role"], entry["party"]) == ("party", "water-co")
    await say(system, order, water, "done", message="修好了")
    refused = await contact(system, order, water)
    assert (refused.status_code, slug(refused)) == (403, "contact_not_shown")

    async def refusal_logged() -> bool:
        return bool(await logged(system, order, "refused"))

    await until(refusal_logged)


async def test_another_s_order_and_one_that_was_taken_away_show_nobody(system: System, water: dict[str, str]) -> None:
    order = await order_of(system, WANG)
    estate = await party_key(system, "estate")
    assert (await contact(system, order, estate)).status_code == 404
    await system.act(order.partition("~")[0], "reassign", party="estate")
    assert (await contact(system, order, water)).status_code == 403
    assert (await contact(system, order.replace("water-co", "estate"), estate)).status_code == 200


async def test_who_left_no_contact_or_took_it_back_is_not_to_be_called(system: System, water: dict[str, str]) -> None:
    nobody = await order_of(system, None)
    assert (await issued(system, nobody))["contact_needed"] is False
    assert (await contact(system, nobody, water)).status_code == 403


async def test_where_the_community_does_not_let_partners_call_no_order_says_so(
    system: System, water: dict[str, str]
) -> None:
    before = await order_of(system, WANG)
    try:
        await system.load()
        assert (await contact(system, before, water)).status_code == 403
        order = await order_of(system, WANG)
        assert (await issued(system, order))["contact_needed"] is False
        assert (await contact(system, order, water)).status_code == 403
    finally:
        await system.load(partners_may_call=True)


async def test_while_intake_is_away_the_answer_says_so_and_quotes_nobody(system: System, water: dict[str, str]) -> None:
    order = await order_of(system, WANG)
    system.kill("intake")
    try:
        answer = await contact(system, order, water)
        assert (answer.status_code, slug(answer)) == (503, "intake_unavailable")
    finally:
        system.launch("intake")
        await system.ready("intake")
