"""A company's program joins by Kafka: topics of its own, and nobody else's."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from linli.messaging.connection import Cluster
from tests.support.company_endpoint import Endpoint
from tests.support.databases import databases_of
from tests.support.keys import party_key
from tests.support.partner_access import access_beside
from tests.support.partner_program import Denied, PartnerProgram, all_topics
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import System, system_on


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    environment = {"LINLI_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8"}
    async with system_on(stack, tmp_path_factory.mktemp("logs"), **environment) as running:
        await running.load()
        async with access_beside(running):
            yield running


async def change(system: System, party: str, action: str = "", **body: Any) -> dict[str, Any]:
    """Add a partner, or let something be done with it; then the broker is in line."""
    url = f"{system.urls['workflow']}/v1/partners"
    if action:
        answer = await system.operator.post(f"{url}/test/{party}:{action}", json=body or None)
    else:
        answer = await system.operator.post(url, json={"community": "test", "party": party, "ways": ["kafka"]} | body)
    assert answer.status_code == 200, answer.text

    async def in_line() -> bool:
        return bool((await system.get("workflow", f"/v1/partners/test/{party}"))["in_line"])

    await until(in_line)
    found: dict[str, Any] = answer.json()
    return found


async def program(system: System, party: str, *, sandbox: bool = False) -> PartnerProgram:
    credentials = await system.get("workflow", f"/v1/partners/test/{party}/credentials")
    return PartnerProgram(credentials, system.servers.secrets_dir / "partner-ca.crt", sandbox=sandbox)


async def reported(system: System) -> str:
    return str((await system.submit(kind="report", title="停水了", neighbourhood="east")).json()["id"])


async def test_an_order_is_read_answered_and_done_over_kafka_alone(system: System) -> None:
    await change(system, "water-co")
    water = await program(system, "water-co")
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


async def told(program: PartnerProgram, update_id: str | None, seconds: float = 30) -> dict[str, Any]:
    """The receipt of an update."""
    found = await asyncio.to_thread(
        lambda: program.read("receipts", until=lambda each: each.get("update_id") == update_id, seconds=seconds)
    )
    assert found and found[-1].get("update_id") == update_id, found
    return found[-1]


@pytest.fixture
async def order(system: System) -> dict[str, Any]:
    """A fresh order of the water company, as its program reads it."""
    await change(system, "water-co")
    water, case = await program(system, "water-co"), await reported(system)
    orders = await asyncio.to_thread(lambda: water.read("orders", until=lambda each: each["case_id"] == case))
    return orders[-1]


BAD: dict[str, tuple[bytes | None, str, str]] = {
    "no JSON": (b"{", "no_json", ""),
    "another encoding": ('{"update_id": "更换"}'.encode("gb18030"), "no_json", ""),
    "no object": (b"[1]", "no_object", ""),
    "a tombstone": (None, "empty", ""),
    "a field that is wrong": (b'{"update_id": "bad-1", "dispatch_no": "1"}', "wrong_schema", "/order_id"),
    "a year that nobody counts": (
        b'{"update_id": "bad-2", "order_id": "o", "dispatch_no": 1, "occurred_at": "99999-01-01", "did": "accepted"}',
        "wrong_schema",
        "/occurred_at",
    ),
    "nested without end": (b"[" * 20_000, "no_json", ""),
}


async def test_what_cannot_be_read_is_parked_and_answered_and_what_follows_is_taken(
    system: System, order: dict[str, Any]
) -> None:
    water = await program(system, "water-co")
    offsets = {name: await asyncio.to_thread(water.write, value) for name, (value, _, _) in BAD.items()}
    await asyncio.to_thread(water.say, order, "accepted", f"after-{order['case_id'][-8:]}")
    assert (await told(water, f"after-{order['case_id'][-8:]}"))["outcome"] == "applied"
    receipts = await asyncio.to_thread(water.read, "receipts", seconds=5)
    invalid = {each["offset"]: each for each in receipts if each["outcome"] == "invalid"}
    parked = {
        each["offset"]: each
        for each in (await system.get("workflow", "/v1/parked", limit=200))["items"]
        if each["topic"] == water.topics["updates"]
    }
    for name, (_, reason, pointer) in BAD.items():
        receipt = invalid[offsets[name]]
        assert (receipt.get("pointer", ""), parked[offsets[name]]["reason"]) == (pointer, reason), name
        assert receipt["text_zh"] and receipt["text_en"], name


async def test_a_record_that_is_too_large_is_answered_and_a_batch_that_is_is_refused(
    system: System, order: dict[str, Any]
) -> None:
    water, mark = await program(system, "water-co"), order["case_id"][-8:]
    offset = await asyncio.to_thread(water.write, b"x" * 100_000)
    with pytest.raises(Denied, match="MSG_SIZE_TOO_LARGE"):
        await asyncio.to_thread(water.write, b"x" * 2_000_000)
    await asyncio.to_thread(water.say, order, "accepted", f"large-{mark}")
    await told(water, f"large-{mark}")
    receipts = await asyncio.to_thread(water.read, "receipts", seconds=5)
    [large] = [each for each in receipts if each["offset"] == offset]
    assert (large["outcome"], large["text_en"]) == ("invalid", "A record has at most 64 KiB.")


async def test_the_same_update_another_of_its_name_and_one_of_an_unknown_order_are_told_apart(
    system: System, order: dict[str, Any]
) -> None:
    water, mark = await program(system, "water-co"), order["case_id"][-8:]

    def write() -> None:
        update = {**_update(order, "accepted", f"one-{mark}")}
        water.write(_json(update))
        water.write(_json(update))
        water.write(_json(update | {"message": "别的"}))
        water.write(_json(_update(order, "accepted", f"two-{mark}") | {"order_id": "nobody~water-co"}))
        water.write(_json(_update(order, "accepted", f"three-{mark}") | {"occurred_at": "2099-01-01T00:00:00Z"}))
        water.write(_json(_update(order, "accepted", f"four-{mark}") | {"occurred_at": "1970-01-01T00:00:00Z"}))

    await asyncio.to_thread(write)
    await told(water, f"four-{mark}")
    receipts = await asyncio.to_thread(water.read, "receipts", seconds=5)
    assert [each["outcome"] for each in receipts if mark in (each.get("update_id") or "")] == [
        *("applied", "duplicate", "conflict", "unknown_order", "clock_skew", "clock_skew")
    ]


def _update(order: dict[str, Any], did: str, update_id: str) -> dict[str, Any]:
    now = datetime.now(UTC).isoformat()
    named = {"update_id": update_id, "order_id": order["order_id"], "dispatch_no": order["dispatch_no"]}
    return named | {"occurred_at": now, "did": did}


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value).encode()


async def test_a_partner_opens_nothing_but_its_own(system: System) -> None:
    """Every topic and group that there is, with every operation that a client can ask for."""
    await change(system, "water-co")
    await change(system, "estate")
    attacker, victim = await program(system, "water-co"), await program(system, "estate")
    own = set(attacker.topics.values())
    whole = await asyncio.to_thread(all_topics, Cluster(system.servers.bootstrap))
    others = sorted(
        name for name in whole if name.startswith(system.prefix) and name not in own and "sandbox" not in name
    )
    assert set(victim.topics.values()) < set(others)
    assert len(others) > 8
    assert await asyncio.to_thread(attacker.sees) <= own | set(
        (await program(system, "water-co", sandbox=True)).topics.values()
    )
    for name in others:
        with pytest.raises(Denied):
            await asyncio.to_thread(lambda name=name: attacker.read(name, seconds=8))
        with pytest.raises(Denied):
            await asyncio.to_thread(lambda name=name: attacker.write(b"{}", to=name, seconds=8))
    for action in ("delete", "alter", "create", "acls", "users", "delete_records"):
        refused = await asyncio.to_thread(attacker.tries, action, [*others[:3], *own])
        assert refused and set(refused.values()) <= REFUSALS, (action, refused)
    with pytest.raises(Denied):  # a group of another's, and one whose name only begins alike
        await asyncio.to_thread(lambda: attacker.read("orders", whole_group="partner.test.estate.program", seconds=8))
    with pytest.raises(Denied):
        await asyncio.to_thread(lambda: attacker.read("orders", whole_group="partner.test.water-co2.x", seconds=8))
    with pytest.raises(Denied):
        await asyncio.to_thread(lambda: attacker.write(b"{}", to="orders", seconds=8))
    with pytest.raises(Denied):
        await asyncio.to_thread(lambda: attacker.read("updates", seconds=8))


REFUSALS = {"TOPIC_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION_FAILED", "GROUP_AUTHORIZATION_FAILED"} | {
    "UNKNOWN_TOPIC_OR_PART"  # what one may not even see is not there
}


async def test_what_is_written_after_a_revocation_is_not_taken_and_the_login_ends(
    system: System, order: dict[str, Any]
) -> None:
    water = await program(system, "water-co")
    with water.open_producer() as write:
        write(_json(_update(order, "accepted", f"before-{order['case_id'][-8:]}")))
        assert (await told(water, f"before-{order['case_id'][-8:]}"))["outcome"] == "applied"
        await change(system, "water-co", "revoke")
        outcome = await asyncio.to_thread(write, _json(_update(order, "done", "after") | {"message": "办好了"}))
        assert outcome in REFUSALS, "an open session has no right any more"
    with pytest.raises(Denied):
        await asyncio.to_thread(lambda: water.read("orders", seconds=10))
    case = await system.case(order["case_id"])
    assert case and case["state"] == "accepted"
    await change(system, "water-co")  # it comes back
    back = await program(system, "water-co")
    assert back.password != water.password
    await asyncio.to_thread(back.say, order, "done", f"back-{order['case_id'][-8:]}", message="办好了")
    assert (await told(back, f"back-{order['case_id'][-8:]}"))["case_state"] == "resolved"


async def test_both_passwords_count_after_a_rotation_and_only_the_newest_at_once(
    system: System, order: dict[str, Any]
) -> None:
    before = await program(system, "water-co")
    await change(system, "water-co", "rotate")
    after = await program(system, "water-co")
    assert after.username != before.username
    for each in (before, after):
        assert await asyncio.to_thread(each.read, "orders", until=lambda _: True)
    await change(system, "water-co", "rotate", at_once=True)
    newest = await program(system, "water-co")
    assert await asyncio.to_thread(newest.read, "orders", until=lambda _: True)
    with pytest.raises(Denied):
        await asyncio.to_thread(lambda: after.read("orders", seconds=10))


async def test_a_paused_partner_writes_nothing_and_its_events_wait(system: System, order: dict[str, Any]) -> None:
    await change(system, "water-co", "pause")
    water = await program(system, "water-co")
    with pytest.raises(Denied):
        await asyncio.to_thread(lambda: water.say(order, "accepted", "paused"))
    case = await reported(system)
    await change(system, "water-co", "resume")
    orders = await asyncio.to_thread(lambda: water.read("orders", until=lambda each: each["case_id"] == case))
    assert orders[-1]["case_id"] == case


async def test_orders_for_trying_touch_no_case_and_say_so(system: System) -> None:
    await change(system, "water-co")
    water = await program(system, "water-co", sandbox=True)
    answer = await system.operator.post(f"{system.urls['workflow']}/v1/partners/test/water-co:try")
    assert answer.status_code == 200, answer.text
    done, withdrawn = answer.json()["orders"]
    orders = await asyncio.to_thread(
        lambda: water.read("orders", until=lambda each: each["order_id"] == withdrawn and "reason" in each)
    )
    first = next(each for each in orders if each["order_id"] == done)
    assert all(each["sandbox"] for each in orders)
    for did, said in (("accepted", {}), ("done", {"message": "好了"})):
        await asyncio.to_thread(lambda did=did, said=said: water.say(first, did, f"try-{did}-{done[8:30]}", **said))
    receipt = await told(water, f"try-done-{done[8:30]}")
    assert (receipt["outcome"], receipt["case_state"], receipt["sandbox"]) == ("applied", "resolved", True)
    assert (await system.operator.get(f"{system.urls['workflow']}/v1/cases/{first['case_id']}")).status_code == 404
    real = await program(system, "water-co")
    assert not [each for each in await asyncio.to_thread(real.read, "orders", seconds=4) if each.get("sandbox")]


def outage_report(did: str, **said: Any) -> dict[str, Any]:
    body = {"report_id": f"o-{did}", "outage_id": "k-out", "did": did, "occurred_at": datetime.now(UTC).isoformat()}
    return body | said


async def test_an_outage_is_declared_and_over_by_kafka_and_has_no_effect_in_the_sandbox(system: System) -> None:
    await change(system, "water-co")
    case = await reported(system)
    area = {"area": {"neighbourhoods": ["east"]}}
    for sandbox in (True, False):
        water = await program(system, "water-co", sandbox=sandbox)
        for said in (outage_report("declared", **area), outage_report("declared", **area), outage_report("restored")):
            await asyncio.to_thread(water.write, json.dumps(said).encode(), key="k-out")
        wrong = {"report_id": "o-wrong", "area": {"neighbourhoods": ["nowhere"]}, "outage_id": "k-2"}
        await asyncio.to_thread(water.write, json.dumps(outage_report("declared", **wrong)).encode(), key="k-2")
        await asyncio.to_thread(water.write, json.dumps(outage_report("exploded")).encode(), key="k-2")
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


async def test_it_is_seen_how_far_a_partner_has_read_its_topics(system: System, order: dict[str, Any]) -> None:
    water = await program(system, "water-co")
    await asyncio.to_thread(water.commit_all, ("orders", "receipts"))

    async def has_read() -> bool:
        standing = await system.get("notify", "/v1/partners/test/water-co/standing")
        kafka = [way for way in standing["ways"] if way["way"] == "kafka"]
        return bool(kafka) and kafka[0]["behind"] == 0 and kafka[0]["last_read"] is not None

    await until(has_read, 60)
    await reported(system)

    async def is_behind() -> bool:
        standing = await system.get("notify", "/v1/partners/test/water-co/standing")
        return [way["behind"] > 0 for way in standing["ways"] if way["way"] == "kafka"] == [True]

    await until(is_behind, 60)


async def test_a_broker_that_restarts_during_a_rotation_leaves_nothing_by_half(
    system: System, order: dict[str, Any]
) -> None:
    answer = await system.operator.post(f"{system.urls['workflow']}/v1/partners/test/water-co:rotate")
    assert answer.status_code == 200, answer.text
    await asyncio.to_thread(system.servers.kill_kafka)
    await asyncio.to_thread(system.servers.start_kafka)

    async def in_line() -> bool:
        assert not system.ended("workflow"), system.log("workflow")
        return bool((await system.get("workflow", "/v1/partners/test/water-co"))["in_line"])

    await until(in_line, 120)
    water = await program(system, "water-co")
    assert await asyncio.to_thread(water.read, "orders", until=lambda _: True)
    mark = order["case_id"][-8:]
    await asyncio.to_thread(water.say, order, "accepted", f"restarted-{mark}")
    assert (await told(water, f"restarted-{mark}"))["outcome"] == "applied"


async def test_whichever_way_they_come_events_are_the_same_and_in_the_same_order(system: System) -> None:
    """One story, three ways: fetched, posted, read from Kafka."""
    await change(system, "water-co", ways=["kafka", "pull", "webhook"])
    hook, water = Endpoint(), await program(system, "water-co")
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


@pytest.mark.parametrize("codec", ["gzip", "zstd", "lz4"])
async def test_what_is_small_only_while_it_is_packed_is_too_large(
    system: System, order: dict[str, Any], codec: str
) -> None:
    """16 kB that unpack to 17 MB would fit into no document."""
    water = await program(system, "water-co")
    with pytest.raises(Denied, match="MSG_SIZE_TOO_LARGE"):
        await asyncio.to_thread(lambda: water.write(b"a" * 17_000_000, codec=codec, seconds=40))
    mark = order["case_id"][-8:]
    await asyncio.to_thread(water.say, order, "accepted", f"unpacked-{mark}")
    assert (await told(water, f"unpacked-{mark}"))["outcome"] == "applied"


async def test_a_password_that_still_counts_is_not_taken_away_by_a_second_rotation(system: System) -> None:
    await change(system, "estate")
    await change(system, "estate", "rotate", at_once=True)
    await change(system, "estate", "rotate")
    url = f"{system.urls['workflow']}/v1/partners/test/estate:rotate"
    answer = await system.operator.post(url)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:linli:problem:rotation_running")


async def test_what_a_resident_wrote_goes_from_the_orders_of_one_that_is_a_partner_no_more(system: System) -> None:
    await change(system, "water-co")
    phone = "13900000123"
    said = {"kind": "report", "title": "楼道停水很久", "neighbourhood": "east", "reporter": {"phone": phone}}
    case = str((await system.submit(**said)).json()["id"])
    water = await program(system, "water-co")
    await asyncio.to_thread(lambda: water.read("orders", until=lambda each: each["case_id"] == case))
    await change(system, "water-co", "revoke")
    answer = await system.operator.post(f"{system.urls['intake']}/v1/residents:erase", json={"resident": phone})
    assert answer.status_code == 200, answer.text
    async with databases_of(system) as database:

        async def forgotten() -> bool:
            query = {"subject": f"{case}~water-co"}
            kept = [
                _plain(doc["outgoing"]["value"]) for doc in await database("workflow").events.find(query).to_list(None)
            ]
            told = [_plain(doc["data"]) for doc in await database("notify").partner_events.find(query).to_list(None)]
            return bool(kept and told) and not any("楼道停水".encode() in value for value in kept + told)

        await until(forgotten)


def _plain(data: bytes | str | None) -> bytes:
    return data.encode() if isinstance(data, str) else bytes(data or b"")
