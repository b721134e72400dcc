"""A company's program joins by Kafka: it reads orders, answers them and says what is off."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from tests.support.company_endpoint import Endpoint
from tests.support.keys import party_key
from tests.support.partner_kafka import changed, encoded, program_of, reported, told
from tests.support.services import until
from tests.support.system import System


async def test_an_order_is_read_answered_and_done_over_kafka_alone(system: System) -> None:
    await changed(system, "water-co")
    water = await program_of(system, "water-co")
    case = await reported(system)
    records = await asyncio.to_thread(water.records, "orders", until=lambda order: order["case_id"] == case)
    order, headers = records[-1]
    assert headers["ce_type"] == "linli.order.issued.v1"
    assert headers["key"] == order["order_id"] == f"{case}~water-co"
    for did, update, said in (("accepted", "k-1", {}), ("done", "k-2", {"message": "已恢复供水"})):
        await asyncio.to_thread(lambda did=did, update=update, said=said: water.say(order, did, update, **said))
    receipts = await asyncio.to_thread(water.read, "receipts", until=lambda receipt: receipt["update_id"] == "k-2")
    assert [(each["update_id"], each["outcome"], each["offset"]) for each in receipts] == [
        ("k-1", "applied", 0),
        ("k-2", "applied", 1),
    ]
    found = await system.case(case)
    assert found
    assert (found["state"], found["party"]["id"]) == ("resolved", "water-co")


async def test_orders_for_trying_touch_no_case_and_say_so(system: System) -> None:
    await changed(system, "water-co")
    water = await program_of(system, "water-co", sandbox=True)
    answer = await system.operator.post(f"{system.urls['workflow']}/v1/partners/test/water-co:try")
    assert answer.status_code == 200, answer.text
    done, withdrawn = answer.json()["orders"]
    # Two orders have no order between each other: each is waited for.
    await asyncio.to_thread(
        lambda: water.read("orders", until=lambda each: each["order_id"] == withdrawn and "reason" in each)
    )
    orders = await asyncio.to_thread(lambda: water.read("orders", until=lambda each: each["order_id"] == done))
    first = next(each for each in orders if each["order_id"] == done)
    assert all(each["sandbox"] for each in orders)
    for did, said in (("accepted", {}), ("done", {"message": "好了"})):
        await asyncio.to_thread(lambda did=did, said=said: water.say(first, did, f"try-{did}-{done[8:30]}", **said))
    receipt = await told(water, f"try-done-{done[8:30]}")
    assert (receipt["outcome"], receipt["case_state"], receipt["sandbox"]) == ("applied", "resolved", True)
    assert (await system.operator.get(f"{system.urls['workflow']}/v1/cases/{first['case_id']}")).status_code == 404
    real = await program_of(system, "water-co")
    assert not [each for each in await asyncio.to_thread(real.read, "orders", seconds=4) if each.get("sandbox")]


def outage_report(did: str, **said: Any) -> dict[str, Any]:
    body = {"report_id": f"o-{did}", "outage_id": "k-out", "did": did, "occurred_at": datetime.now(UTC).isoformat()}
    return body | said


async def test_an_outage_is_declared_and_over_by_kafka_and_has_no_effect_in_the_sandbox(system: System) -> None:
    await changed(system, "water-co")
    case = await reported(system)
    area = {"area": {"neighbourhoods": ["east"]}}
    for sandbox in (True, False):
        water = await program_of(system, "water-co", sandbox=sandbox)
        for said in (outage_report("declared", **area), outage_report("declared", **area), outage_report("restored")):
            await asyncio.to_thread(water.write, encoded(said), key="k-out")
        wrong = {"report_id": "o-wrong", "area": {"neighbourhoods": ["nowhere"]}, "outage_id": "k-2"}
        await asyncio.to_thread(water.write, encoded(outage_report("declared", **wrong)), key="k-2")
        await asyncio.to_thread(water.write, encoded(outage_report("exploded")), key="k-2")
        receipts = await asyncio.to_thread(
            water.read, "receipts", until=lambda each: each.get("update_id") == "o-exploded"
        )
        theirs = [each for each in receipts if str(each.get("update_id")).startswith("o-")]
        outcomes = [(each["update_id"], each["outcome"], each.get("outage_id")) for each in theirs]
        assert [each["sandbox"] for each in theirs] == [sandbox] * 5
        if sandbox:
            assert {outcome for _, outcome, _ in outcomes[:4]} == {"noted"}
            continue
        assert outcomes == [
            ("o-declared", "applied", "k-out"),
            ("o-declared", "conflict", "k-out"),
            ("o-restored", "applied", "k-out"),
            ("o-wrong", "invalid", "k-2"),
            ("o-exploded", "invalid", None),
        ]
        assert [each["pointer"] for each in theirs[3:]] == ["/area/neighbourhoods/0", "/did"]
    found = await system.case(case)
    assert found
    assert (found["state"], found["merged_into"] is not None) == ("resolved", True)


async def test_whichever_way_they_come_events_are_the_same_and_in_the_same_order(system: System) -> None:
    """One story, three ways: fetched, posted, read from Kafka."""
    await changed(system, "water-co", ways=["kafka", "pull", "webhook"])
    hook, water = Endpoint(), await program_of(system, "water-co")
    put = await system.operator.put(f"{system.urls['notify']}/v1/endpoints/test/water-co", json={"url": hook.url})
    assert put.status_code == 200, put.text
    cursor = put.json()["cursor"]
    case = await reported(system)
    orders = await asyncio.to_thread(lambda: water.read("orders", until=lambda each: each["case_id"] == case))
    for did, said in (("accepted", {}), ("progressed", {"message": "已到场"}), ("done", {"message": "修好了"})):
        await asyncio.to_thread(
            lambda did=did, said=said: water.say(orders[-1], did, f"same-{did}-{case[-8:]}", **said)
        )
    await told(water, f"same-done-{case[-8:]}")
    key = await party_key(system, "water-co")

    async def fetched() -> list[dict[str, Any]]:
        answer = await system.resident.get(
            f"{system.urls['notify']}/v1/events", params={"cursor": cursor, "limit": 500}, headers=key
        )
        return list(answer.json().get("data", []))

    async def all_there() -> bool:
        return len(await fetched()) >= 4 and len(hook.got) == len(await fetched())

    await until(all_there)
    events = await fetched()
    by_kafka = {
        name: [
            {"id": headers["ce_id"], "type": headers["ce_type"], "data": value}
            for value, headers in await asyncio.to_thread(water.records, name, seconds=5)
        ]
        for name in ("orders", "receipts")
    }
    for name, kind in (("orders", "linli.order."), ("receipts", "linli.update.")):
        wanted = [_core(each) for each in events if each["type"].startswith(kind)]
        assert wanted
        assert [each for each in by_kafka[name] if each["id"] in {one["id"] for one in wanted}] == wanted
        subjects = {each["subject"] for each in events if each["type"].startswith(kind)}
        for subject in subjects:
            posted = [_core(each) for each in hook.got if each["subject"] == subject]
            assert posted == [_core(each) for each in events if each["subject"] == subject]
    assert sorted(map(str, events)) == sorted(map(str, hook.got))


def _core(event: dict[str, Any]) -> dict[str, Any]:
    return {name: event[name] for name in ("id", "type", "data")}


async def test_it_is_seen_how_far_a_partner_has_read_its_topics(system: System, order: dict[str, Any]) -> None:
    water = await program_of(system, "water-co")
    await asyncio.to_thread(water.commit_all, ("orders", "receipts"))

    async def has_read() -> bool:
        standing = await system.get("notify", "/v1/partners/test/water-co/standing")
        kafka = [way for way in standing["ways"] if way["way"] == "kafka"]
        return bool(kafka) and kafka[0]["behind"] == 0 and kafka[0]["last_read"] is not None

    await until(has_read)
    await reported(system)

    async def is_behind() -> bool:
        standing = await system.get("notify", "/v1/partners/test/water-co/standing")
        return [way["behind"] > 0 for way in standing["ways"] if way["way"] == "kafka"] == [True]

    await until(is_behind)
