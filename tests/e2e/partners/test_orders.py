"""A company's program has orders and says what became of them; the case moves as if a person had done it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import orjson
import pytest

from linli.messaging.kafka import read_all
from tests.support.keys import party_key
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import System, system_on


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    async with system_on(stack, tmp_path_factory.mktemp("logs")) as running:
        await running.load()
        for party in ("water-co", "estate"):
            for _ in range(2):
                answer = await add(running, party)
                assert answer.status_code == 200, answer.text
        yield running


async def add(system: System, party: str) -> httpx2.Response:
    return await system.operator.post(
        f"{system.urls['workflow']}/v1/partners", json={"community": "test", "party": party}
    )


class Company:
    """A partner's program: it has a key, and knows nothing else."""

    def __init__(self, system: System, headers: dict[str, str]) -> None:
        self._url, self._headers, self._http = system.urls["workflow"], headers, system.resident
        self._updates = 0

    async def orders(self, **params: Any) -> list[dict[str, Any]]:
        answer = await self._http.get(f"{self._url}/v1/orders", params=params, headers=self._headers)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    async def order_of(self, case: str) -> dict[str, Any]:
        """The order of a case, once there is one."""

        async def found() -> list[dict[str, Any]]:
            return [order for order in await self.orders() if order["case_id"] == case]

        return (await until(found))[0]

    async def say(self, order: dict[str, Any], did: str, /, **said: Any) -> httpx2.Response:
        self._updates += 1
        body = {
            "update_id": f"u-{self._updates}-{order['order_id'][:8]}",
            "order_id": order["order_id"],
            "dispatch_no": order["dispatch_no"],
            "occurred_at": datetime.now(UTC).isoformat(),
            "did": did,
        }
        body |= said
        return await self._http.post(f"{self._url}/v1/updates", json=body, headers=self._headers)

    async def outcome(self, order: dict[str, Any], did: str, **said: Any) -> tuple[str, str | None]:
        """What an update came to, and where the case stands then."""
        answer = await self.say(order, did, **said)
        assert answer.status_code == 200, answer.text
        return answer.json()["outcome"], answer.json()["case_state"]


@pytest.fixture(scope="module")
async def water(system: System) -> Company:
    return Company(system, await party_key(system, "water-co"))


@pytest.fixture(scope="module")
async def estate(system: System) -> Company:
    return Company(system, await party_key(system, "estate"))


async def reported(system: System) -> str:
    receipt = (await system.submit(kind="report", title="停水了", neighbourhood="east")).json()
    return str(receipt["id"])


async def told(system: System, topic: str) -> list[tuple[str, dict[str, Any]]]:
    """The types and data on a topic."""
    return [
        ((dict(record.headers)["ce_type"] or b"").decode(), orjson.loads(record.value or b"{}"))
        async for record in read_all(system.servers.kafka, f"{system.prefix}.{topic}")
    ]


async def test_an_order_is_accepted_and_done_and_each_update_has_a_receipt(system: System, water: Company) -> None:
    id = await reported(system)
    order = await water.order_of(id)
    assert (order["order_id"], order["dispatch_no"], order["ended"]) == (f"{id}~water-co", 1, None)
    assert await water.outcome(order, "accepted", update_id="a-1") == ("applied", "accepted")
    assert await water.outcome(order, "done", message="已恢复供水", update_id="a-2") == ("applied", "resolved")
    case = await system.case(id)
    assert case
    assert (case["state"], case["party"]["id"], case["answer"]) == ("resolved", "water-co", "已恢复供水")

    async def receipts() -> list[tuple[str, str]]:
        theirs = [data for type, data in await told(system, "receipts") if data.get("order_id") == order["order_id"]]
        return [(each["update_id"], each["outcome"]) for each in theirs]

    async def both() -> bool:
        return await receipts() == [("a-1", "applied"), ("a-2", "applied")]

    await until(both)
    [issued] = [data for type, data in await told(system, "orders") if data["order_id"] == order["order_id"]]
    assert (issued["title"], issued["party"]) == ("停水了", "water-co")


async def test_what_is_sent_again_changes_nothing_and_another_of_that_name_is_a_conflict(
    system: System, water: Company
) -> None:
    order = await water.order_of(await reported(system))
    at = datetime.now(UTC).isoformat()
    same = {"update_id": "same", "occurred_at": at, "message": "已关阀"}
    assert await water.outcome(order, "progressed", **same) == ("applied", "accepted")
    assert await water.outcome(order, "progressed", **same) == ("duplicate", "accepted")
    assert await water.outcome(order, "progressed", **same | {"message": "别的"}) == ("conflict", "accepted")
    case = await system.case(order["case_id"])
    assert case
    assert [step["type"].split(".")[2] for step in case["history"]].count("progressed") == 1


async def test_what_comes_late_is_noted_and_what_is_about_an_earlier_dispatch_is_superseded(
    system: System, water: Company
) -> None:
    order = await water.order_of(await reported(system))
    assert await water.outcome(order, "returned", message="不归我们管") == ("applied", "returned")
    assert await water.outcome(order, "done", message="还是做了") == ("noted", "returned")
    await system.act(order["case_id"], "send_back")
    assert await water.outcome(order, "accepted") == ("superseded", "dispatched")
    again = await water.order_of(order["case_id"])
    assert again["dispatch_no"] == 2
    assert await water.outcome(again, "returned", message="还是不归我们管") == ("noted", "dispatched"), "it is binding"
    assert await water.outcome(again, "done", message="修好了") == ("applied", "resolved")
    await system.act(order["case_id"], "close")
    assert await water.outcome(again, "progressed", message="补充") == ("noted", "closed")


async def test_another_partner_s_order_is_as_unknown_as_one_that_does_not_exist(
    system: System, water: Company, estate: Company
) -> None:
    order = await water.order_of(await reported(system))
    assert order["order_id"] not in {each["order_id"] for each in await estate.orders(party="water-co")}
    theirs = await estate.say(order, "done", message="x", update_id="o-1")
    nobodys = await estate.say(order | {"order_id": "none-such~estate"}, "done", message="x", update_id="o-1")
    assert theirs.json() | {"order_id": ""} == nobodys.json() | {"order_id": ""}
    assert theirs.json()["outcome"] == "unknown_order"
    case = await system.case(order["case_id"])
    assert case
    assert case["state"] == "dispatched"


async def test_an_update_that_came_before_its_order_is_taken_when_it_comes_again(
    system: System, water: Company
) -> None:
    order = await water.order_of(await reported(system))
    later = order | {"dispatch_no": 2}
    same = {"update_id": f"early-{order['case_id']}", "occurred_at": datetime.now(UTC).isoformat()}
    assert (await water.outcome(later, "accepted", **same))[0] == "unknown_order"
    await system.act(order["case_id"], "reassign", party="estate")
    await system.act(order["case_id"], "reassign", party="water-co")
    assert (await water.outcome(later, "accepted", **same | {"occurred_at": datetime.now(UTC).isoformat()}))[
        0
    ] == "applied"


async def test_a_wrong_clock_and_what_cannot_be_read_change_nothing(system: System, water: Company) -> None:
    order = await water.order_of(await reported(system))
    for years in (70, -50):
        at = (datetime.now(UTC) + timedelta(days=365 * years)).isoformat()
        assert (await water.outcome(order, "accepted", occurred_at=at))[0] == "clock_skew"
    for wrong in ({"did": "exploded"}, {"occurred_at": "2026-01-01T00:00:00"}, {"message": "x" * 2_001}):
        answer = await water.say(order, "accepted", **wrong)
        assert answer.status_code == 422, answer.text
        assert answer.headers["content-type"] == "application/problem+json"


async def test_who_is_no_partner_says_nothing_and_an_unknown_party_is_none(system: System) -> None:
    grid = Company(system, await party_key(system, "grid-1"))
    answer = await grid.say({"order_id": "x~grid-1", "dispatch_no": 1}, "accepted", update_id="u-1")
    assert (answer.status_code, answer.json()["type"].rsplit(":", 1)[-1]) == (403, "no_partner")
    assert (await add(system, "nobody")).status_code == 422
    listed = await system.get("workflow", "/v1/partners")
    assert [each["party"] for each in listed["items"]] == ["estate", "water-co"]
