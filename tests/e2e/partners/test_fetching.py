"""A company behind a firewall fetches its events: in order, each once, none of another's."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from tests.support.databases import databases_of
from tests.support.keys import party_key
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import System, system_on


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    async with system_on(stack, tmp_path_factory.mktemp("logs")) as running:
        await running.load()
        for party in ("water-co", "estate"):
            body = {"community": "test", "party": party}
            answer = await running.operator.post(f"{running.urls['workflow']}/v1/partners", json=body)
            assert answer.status_code == 200, answer.text
        yield running


class Program:
    """What a company runs: it knows its key, and keeps a cursor."""

    def __init__(self, system: System, headers: dict[str, str]) -> None:
        self._system, self._headers = system, headers
        self.cursor = "0"

    async def ask(self, **params: Any) -> Any:
        url = f"{self._system.urls['notify']}/v1/events"
        return await self._system.resident.get(url, params=params, headers=self._headers)

    async def fetch(self, **params: Any) -> list[dict[str, Any]]:
        """What has come since the last time."""
        answer = await self.ask(cursor=self.cursor, **params)
        assert answer.status_code == 200, answer.text
        self.cursor = answer.json()["cursor"]
        found: list[dict[str, Any]] = answer.json()["data"]
        return found

    async def say(self, order: dict[str, Any], did: str, **said: Any) -> None:
        body = {"update_id": uuid4().hex, "order_id": order["order_id"], "dispatch_no": order["dispatch_no"]}
        body |= {"occurred_at": datetime.now(UTC).isoformat(), "did": did} | said
        url = f"{self._system.urls['workflow']}/v1/updates"
        answer = await self._system.resident.post(url, json=body, headers=self._headers)
        assert answer.json()["outcome"] == "applied", answer.text


async def program(system: System, party: str) -> Program:
    """One whose key every service knows, that has read all there is."""
    made = Program(system, await party_key(system, party))

    async def known() -> bool:
        return (await made.ask()).status_code == 200

    await until(known)
    while await made.fetch():
        pass
    return made


async def reported(system: System, title: str = "停水了") -> str:
    return str((await system.submit(kind="report", title=title, neighbourhood="east")).json()["id"])


async def test_an_order_comes_to_who_waits_for_it_and_its_receipts_follow_in_order(system: System) -> None:
    water, estate = await program(system, "water-co"), await program(system, "estate")
    waiting = asyncio.create_task(water.fetch(wait=30))
    await asyncio.sleep(0.2)
    id = await reported(system)
    [issued] = await waiting
    assert (issued["type"], issued["subject"]) == ("linli.order.issued.v1", f"{id}~water-co")
    assert issued["data"]["title"] == "停水了"
    await water.say(issued["data"], "accepted")
    await water.say(issued["data"], "done", message="修好了")
    told: list[dict[str, Any]] = []

    async def both() -> bool:
        told.extend(await water.fetch())
        return len(told) == 2

    await until(both)
    assert [(each["type"], each["data"]["outcome"]) for each in told] == [("linli.update.received.v1", "applied")] * 2
    assert [each["data"]["case_state"] for each in told] == ["accepted", "resolved"]
    assert await estate.fetch() == [], "another's"


async def test_only_some_types_a_page_at_a_time(system: System) -> None:
    water = await program(system, "water-co")
    start = water.cursor
    ids = [await reported(system) for _ in range(3)]

    async def issued() -> bool:
        answer = await water.ask(cursor=start, types="linli.order.issued.v1")
        return {each["data"]["case_id"] for each in answer.json()["data"]} == set(ids)

    await until(issued)
    first = (await water.ask(cursor=start, limit=2)).json()
    assert (len(first["data"]), first["done"]) == (2, False)
    second = (await water.ask(cursor=first["cursor"], limit=2)).json()
    assert (len(second["data"]), second["done"]) == (1, True)
    none = (await water.ask(cursor=start, types="linli.order.cancelled.v1")).json()
    assert (none["data"], none["cursor"], none["done"]) == ([], second["cursor"], True)


async def test_who_waits_in_vain_is_answered_when_the_time_is_over(system: System) -> None:
    water = await program(system, "water-co")
    begun = time.monotonic()
    assert await water.fetch(wait=1) == []
    assert time.monotonic() - begun >= 1


async def test_what_is_no_longer_kept_is_said_with_where_to_go_on(system: System) -> None:
    water = await program(system, "water-co")
    start = int(water.cursor)
    for _ in range(2):
        await reported(system)

    async def come() -> bool:
        return len((await water.ask(cursor=start)).json()["data"]) == 2

    await until(come)
    async with databases_of(system) as database:
        gone = await database("notify").partner_events.delete_many({"number": {"$lte": start + 1}})
        assert gone.deleted_count
    expired = await water.ask(cursor=start)
    assert expired.status_code == 410, expired.text
    assert expired.json()["oldest"] == str(start + 1)
    assert len((await water.ask(cursor=expired.json()["oldest"])).json()["data"]) == 1
    assert len((await water.ask()).json()["data"]) == 1, "who begins, begins with the oldest"
    assert (await water.ask(cursor=start + 1_000)).status_code == 422


@pytest.mark.parametrize("wrong", [{"cursor": "x"}, {"cursor": "-1"}, {"wait": 31}, {"limit": 0}, {"limit": 501}])
async def test_what_cannot_be_asked_is_refused(system: System, wrong: dict[str, Any]) -> None:
    water = await program(system, "water-co")
    answer = await water.ask(**wrong)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_what_people_wrote_goes_from_orders_when_they_are_forgotten(system: System) -> None:
    water = await program(system, "water-co")
    start = water.cursor
    phone = "13900139000"
    sent = await system.submit(kind="report", title="停水了，王家", neighbourhood="east", reporter={"phone": phone})
    id = sent.json()["id"]

    async def issued() -> bool:
        return any(each["data"]["case_id"] == id for each in (await water.ask(cursor=start)).json()["data"])

    await until(issued)
    answer = await system.operator.post(f"{system.urls['intake']}/v1/residents:erase", json={"resident": phone})
    assert answer.status_code == 200, answer.text

    async def forgotten() -> bool:
        told = (await water.ask(cursor=start)).json()["data"]
        theirs = [each for each in told if each["subject"].startswith(id)]
        return "linli.order.erased.v1" in {each["type"] for each in theirs} and "王家" not in str(theirs)

    await until(forgotten)
    async with databases_of(system) as database:
        left = [doc async for doc in database("workflow").events.find({"subject": {"$regex": f"^{id}"}})]
        assert left
        assert "王家" not in str(left)


async def test_of_many_that_wait_only_some_do(system: System) -> None:
    water = await program(system, "water-co")
    begun = time.monotonic()
    asked = [asyncio.create_task(water.ask(cursor=water.cursor, wait=3)) for _ in range(7)]
    done, _ = await asyncio.wait(asked, timeout=2)
    assert len(done) == 3, "four wait"
    assert [(await each).status_code for each in asked] == [200] * 7
    assert time.monotonic() - begun >= 3
