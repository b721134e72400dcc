"""What a partner may on Kafka, how long, and what it opens: topics of its own, and nobody else's."""

import asyncio
from typing import Any

import pytest

from linli.messaging.connection import Cluster
from tests.support.databases import databases_of
from tests.support.partner_kafka import changed, encoded, program_of, reported, told, update_of
from tests.support.partner_program import Denied, all_topics
from tests.support.services import until
from tests.support.system import System


async def test_a_partner_opens_nothing_but_its_own(system: System) -> None:
    """Every topic and group that there is, with every operation that a client can ask for."""
    await changed(system, "water-co")
    await changed(system, "estate")
    attacker, victim = await program_of(system, "water-co"), await program_of(system, "estate")
    own = set(attacker.topics.values())
    whole = await asyncio.to_thread(all_topics, Cluster(system.servers.bootstrap))
    others = sorted(
        name for name in whole if name.startswith(system.prefix) and name not in own and "sandbox" not in name
    )
    assert set(victim.topics.values()) < set(others)
    assert len(others) > 8
    assert await asyncio.to_thread(attacker.sees) <= own | set(
        (await program_of(system, "water-co", sandbox=True)).topics.values()
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
    water = await program_of(system, "water-co")
    with water.open_producer() as write:
        write(encoded(update_of(order, "accepted", f"before-{order['case_id'][-8:]}")))
        assert (await told(water, f"before-{order['case_id'][-8:]}"))["outcome"] == "applied"
        await changed(system, "water-co", "revoke")
        outcome = await asyncio.to_thread(write, encoded(update_of(order, "done", "after") | {"message": "办好了"}))
        assert outcome in REFUSALS, "an open session has no right any more"
    with pytest.raises(Denied):
        await asyncio.to_thread(lambda: water.read("orders", seconds=10))
    case = await system.case(order["case_id"])
    assert case and case["state"] == "accepted"
    await changed(system, "water-co")  # it comes back
    back = await program_of(system, "water-co")
    assert back.password != water.password
    await asyncio.to_thread(back.say, order, "done", f"back-{order['case_id'][-8:]}", message="办好了")
    assert (await told(back, f"back-{order['case_id'][-8:]}"))["case_state"] == "resolved"


async def test_both_passwords_count_after_a_rotation_and_only_the_newest_at_once(
    system: System, order: dict[str, Any]
) -> None:
    before = await program_of(system, "water-co")
    await changed(system, "water-co", "rotate")
    after = await program_of(system, "water-co")
    assert after.username != before.username
    for each in (before, after):
        assert await asyncio.to_thread(each.read, "orders", until=lambda _: True)
    await changed(system, "water-co", "rotate", at_once=True)
    newest = await program_of(system, "water-co")
    assert await asyncio.to_thread(newest.read, "orders", until=lambda _: True)
    with pytest.raises(Denied):
        await asyncio.to_thread(lambda: after.read("orders", seconds=10))


async def test_a_password_that_still_counts_is_not_taken_away_by_a_second_rotation(system: System) -> None:
    await changed(system, "estate")
    await changed(system, "estate", "rotate", at_once=True)
    await changed(system, "estate", "rotate")
    url = f"{system.urls['workflow']}/v1/partners/test/estate:rotate"
    answer = await system.operator.post(url)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:linli:problem:rotation_running")


@pytest.mark.long
async def test_a_broker_that_restarts_during_a_rotation_leaves_nothing_by_half(
    system: System, order: dict[str, Any]
) -> None:
    answer = await system.operator.post(f"{system.urls['workflow']}/v1/partners/test/water-co:rotate")
    assert answer.status_code == 200, answer.text
    await asyncio.to_thread(system.servers.kill_kafka)
    await asyncio.to_thread(system.servers.start_kafka)

    async def in_line() -> bool:
        assert not system.ended("workflow"), system.end_of_log("workflow")
        return bool((await system.get("workflow", "/v1/partners/test/water-co"))["in_line"])

    await until(in_line)
    water = await program_of(system, "water-co")
    assert await asyncio.to_thread(water.read, "orders", until=lambda _: True)
    mark = order["case_id"][-8:]
    await asyncio.to_thread(water.say, order, "accepted", f"restarted-{mark}")
    assert (await told(water, f"restarted-{mark}"))["outcome"] == "applied"


@pytest.mark.long
async def test_a_paused_partner_writes_nothing_and_its_events_wait(system: System, order: dict[str, Any]) -> None:
    await changed(system, "water-co", "pause")
    water = await program_of(system, "water-co")
    with pytest.raises(Denied):
        await asyncio.to_thread(lambda: water.say(order, "accepted", "paused"))
    case = await reported(system)
    await changed(system, "water-co", "resume")
    orders = await asyncio.to_thread(lambda: water.read("orders", until=lambda each: each["case_id"] == case))
    assert orders[-1]["case_id"] == case


async def test_what_a_resident_wrote_goes_from_the_orders_of_one_that_is_a_partner_no_more(system: System) -> None:
    await changed(system, "water-co")
    phone = "13900000123"
    said = {"kind": "report", "title": "楼道停水很久", "neighbourhood": "east", "reporter": {"phone": phone}}
    case = str((await system.submit(**said)).json()["id"])
    water = await program_of(system, "water-co")
    await asyncio.to_thread(lambda: water.read("orders", until=lambda each: each["case_id"] == case))
    await changed(system, "water-co", "revoke")
    answer = await system.operator.post(f"{system.urls['intake']}/v1/residents:erase", json={"resident": phone})
    assert answer.status_code == 200, answer.text
    async with databases_of(system) as database:

        async def forgotten() -> bool:
            query = {"subject": f"{case}~water-co"}
            kept = [
                _plain(doc["outgoing"]["value"]) for doc in await database("workflow").events.find(query).to_list(None)
            ]
            posted = [_plain(doc["data"]) for doc in await database("notify").partner_events.find(query).to_list(None)]
            return bool(kept and posted) and not any("楼道停水".encode() in value for value in kept + posted)

        await until(forgotten)


def _plain(data: bytes | str | None) -> bytes:
    return data.encode() if isinstance(data, str) else bytes(data or b"")
