"""A company is invited by an order, and commits itself by updates of it: on Kafka, over HTTP, and at its desk."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.neighbourhood.test_deliberation import Talks, convened, until_days
from tests.support.affairs import Affairs
from tests.support.forces import Member, affairs_on, formed, member
from tests.support.partner_access import access_beside
from tests.support.partner_kafka import changed, program_of, told
from tests.support.partner_program import PartnerProgram
from tests.support.servers import Servers
from tests.support.services import until

WORDS = "六月底前迁移水表井。"


@pytest.fixture
async def affairs(stack: Servers, tmp_path: Path) -> AsyncIterator[Affairs]:
    async with affairs_on(stack, tmp_path) as affairs, access_beside(affairs.system):
        yield affairs


async def order_of(water: PartnerProgram, talks: Talks) -> dict[str, Any]:
    """The order of an invitation, as the company's program reads it on its own topic."""
    orders = await asyncio.to_thread(
        lambda: water.read("orders", until=lambda each: each.get("invites_to") == talks.id, seconds=60)
    )
    assert orders and orders[-1]["invites_to"] == talks.id, orders
    return orders[-1]


async def heard(water: PartnerProgram, update_id: str | None, became: str) -> dict[str, Any]:
    """What its program is told of a promise."""

    def found(each: dict[str, Any]) -> bool:
        return (each.get("update_id"), each.get("became")) == (update_id, became)

    orders = await asyncio.to_thread(lambda: water.read("orders", until=found, seconds=60))
    assert orders and found(orders[-1]), orders
    return orders[-1]


async def invited(talks: Talks) -> str:
    answer_by = await talks.affairs.later(seconds=0) + timedelta(days=2)
    asked = {"invited": "water-co", "title": "车棚选址协商", "asks": "能否迁移水表井？"}
    answer = await talks.do("invite", asked | {"answer_by": answer_by.isoformat()})
    [invitation] = answer["invitations"]
    return str(invitation)


async def open_talks(affairs: Affairs, water: PartnerProgram) -> tuple[Talks, dict[str, Any]]:
    """Talks to which its program has said on Kafka that it comes, and its order."""
    talks = await convened(affairs, await formed(affairs))
    invitation = await invited(talks)
    order = await order_of(water, talks)
    assert (order["order_id"], order["case_id"]) == (f"{invitation}~water-co", invitation)
    await asyncio.to_thread(water.say, order, "accepted", "p-1", message="我们参加。")

    async def comes() -> bool:
        return (await affairs.get(f"/v1/deliberations/{talks.id}"))["invitations"][invitation]["comes"] is True

    await until(comes)
    await affairs.later(days=3)
    await talks.do("open")
    await asyncio.to_thread(water.say, order, "progressed", "p-1b", message="下周勘察。")
    return talks, order


async def refused_without_a_mandate(
    talks: Talks, order: dict[str, Any], water: PartnerProgram, say: dict[str, Any]
) -> str:
    """Its program promises something on Kafka, twice under one name: it is kept once, and hears why."""
    affairs = talks.affairs
    for _ in range(2):
        await asyncio.to_thread(lambda: water.say(order, "progressed", "p-2", **say))
    assert (await told(water, "p-2"))["outcome"] == "applied"
    refused = await heard(water, "p-2", "refused")
    assert (refused["reason"], refused["order_id"]) == ("no_mandate", order["order_id"])
    assert "授权" in refused["message"] and "mandate" in refused["message"]
    stands = await affairs.get(f"/v1/deliberations/{talks.id}")
    kept = [(each["state"], each["promise"]["due"]) for each in stands["commitments"].values()]
    assert kept == [("refused", say["promise"]["due"])]
    commitment = str(refused["promise_id"])
    assert await talks.refused("hear_again", {"commitment_id": commitment}, 422) == "no_mandate"

    async def a_letter() -> bool:
        letters = await affairs.system.get("notify", "/v1/deliveries", case=order["case_id"])
        return "party_promise_heard" in {each["kind"] for each in letters["items"]}

    await until(a_letter)
    return commitment


async def taken_up(talks: Talks, commitment: str, water: PartnerProgram, key: Member, say: dict[str, Any]) -> None:
    """The company says who may, its promise is heard, and is an action with its words and its day."""
    mandate = {"speaker": "water-co", "may": ["works", "money"], "until": await until_days(talks.affairs, 90)}
    await talks.do("grant_mandate", {"of": "water-co", "mandate": mandate}, headers=key.header)
    await talks.do("hear_again", {"commitment_id": commitment})
    assert (await heard(water, "p-2", "offered"))["promise_id"] == commitment
    await talks.do("accept_commitment", {"commitment_id": commitment})
    [action] = (await talks.affairs.get("/v1/actions?owner=water-co"))["items"]
    assert (action["what"], action["due"]) == (WORDS, say["promise"]["due"])
    assert action["comes_of"] == {"origin": "commitment", "id": commitment}
    assert action["due"] in (await heard(water, "p-2", "accepted"))["message"]


def of_money(order: dict[str, Any], update_id: str, due: str) -> dict[str, Any]:
    update = {"update_id": update_id, "order_id": order["order_id"], "dispatch_no": 1, "did": "progressed"}
    update |= {"occurred_at": datetime.now(UTC).isoformat(), "message": "出资一千元。"}
    return update | {"promise": {"kind": "money", "due": due, "fen": 100_000}}


async def not_after_done(talks: Talks, order: dict[str, Any], key: Member, due: str) -> None:
    """`done` was the last word of its order: a further promise is told to be none, however often it comes."""
    system = talks.affairs.system
    update = of_money(order, "p-5", due)
    for _ in range(2):
        answer = await system.resident.post(f"{system.urls['workflow']}/v1/updates", json=update, headers=key.header)
        assert (answer.json()["outcome"], answer.json()["pointer"]) == ("invalid", "/promise"), answer.text


async def declined_over_http(talks: Talks, order: dict[str, Any], water: PartnerProgram, key: Member, due: str) -> str:
    """With the company's key the same; the office declines it, and says why."""
    system = talks.affairs.system
    update = of_money(order, "p-3", due)
    for outcome in ("applied", "duplicate"):
        answer = await system.resident.post(f"{system.urls['workflow']}/v1/updates", json=update, headers=key.header)
        assert answer.json()["outcome"] == outcome, answer.text
    commitment = str((await heard(water, "p-3", "offered"))["promise_id"])
    await talks.do("decline_commitment", {"commitment_id": commitment, "why": "先迁井，不收钱。"})
    assert "先迁井" in (await heard(water, "p-3", "declined"))["message"]
    return commitment


async def refused_elsewhere(affairs: Affairs, water: PartnerProgram, say: dict[str, Any]) -> None:
    """In another case nobody promises anything."""
    report = str((await affairs.system.submit(kind="report", title="停水了", neighbourhood="east")).json()["id"])
    orders = await asyncio.to_thread(lambda: water.read("orders", until=lambda each: each["case_id"] == report))
    await asyncio.to_thread(lambda: water.say(orders[-1], "progressed", "p-4", **say))
    receipt = await told(water, "p-4")
    assert (receipt["outcome"], receipt["pointer"]) == ("invalid", "/promise")


async def test_a_company_commits_itself_by_updates_of_the_order_that_invites_it(affairs: Affairs) -> None:
    system = affairs.system
    await changed(system, "water-co")
    water, key = await program_of(system, "water-co"), await member(affairs, "water-co")
    talks, order = await open_talks(affairs, water)
    due = await until_days(affairs, 60)
    say = {"message": WORDS, "promise": {"kind": "works", "due": due}}
    first = await refused_without_a_mandate(talks, order, water, say)
    await taken_up(talks, first, water, key, say)
    second = await declined_over_http(talks, order, water, key, due)
    await system.act(order["case_id"], "resolve", message="并恢复路面。", promise={"kind": "works", "due": due})
    await not_after_done(talks, order, key, due)
    third = (await heard(water, None, "offered"))["promise_id"]
    record = await affairs.get(f"/v1/deliberations/{talks.id}/record")
    assert [(each["kind"], each["words"]) for each in record] == [
        ("answer", "我们参加。"),
        ("statement", "下周勘察。"),
        ("refused", WORDS),
        ("commitment", WORDS),
        ("commitment", "出资一千元。"),
        ("commitment", "并恢复路面。"),
    ]
    stands = await affairs.get(f"/v1/deliberations/{talks.id}")
    states = {id: each["state"] for id, each in stands["commitments"].items()}
    assert states == {first: "accepted", second: "declined", third: "offered"}
    await refused_elsewhere(affairs, water, say)
