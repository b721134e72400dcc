"""What cannot be read, at all services: shown, tried again, given up; each decision in the audit log."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from linli.contracts.envelope import Envelope
from linli.contracts.workflow.community import CommunityPublished
from linli.messaging.inbox_store import park
from linli.messaging.kafka import Outgoing
from linli.messaging.story import Arrival, Parking
from tests.support.builders import NOON, community, received
from tests.support.command_line import CommandLine, figures_of
from tests.support.databases import databases_of
from tests.support.keys import bearer, key_for
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import SERVICES, System, system_on
from tests.support.topics import publish_raw

RUBBISH = b"\xff\xfe no event, call 13812348000" + '{"name": "夏侯惇"}'.encode()


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """With a record that nobody can read on each topic that somebody reads."""
    async with system_on(stack, tmp_path_factory.mktemp("logs")) as running:
        await running.load()
        topics = [f"{running.prefix}.{name}" for name in ("community", "principals", "intake", "cases")]
        await publish_raw(stack.kafka, *(Outgoing(topic, "poison", RUBBISH, {}) for topic in topics))

        async def all_parked() -> bool:
            counts = [len(await parked(running, service)) for service in SERVICES]
            of_each = {"intake": 2, "workflow": 1, "notify": 3, "neighbourhood": 3}
            return dict(zip(SERVICES, counts, strict=True)) == of_each

        await until(all_parked)
        yield running


async def parked(system: System, service: str, **asked: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await system.get(service, "/v1/parked", **asked))["items"]
    return items


async def log(system: System, service: str, **asked: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await system.get(service, "/v1/audit", **asked))["items"]
    return items


async def decisions(system: System, service: str, id: str) -> list[str]:
    return [entry["route"] for entry in await log(system, service, what="parked:decide", object=id)]


async def test_each_service_shows_what_it_could_not_read_with_place_and_masked_bytes(system: System) -> None:
    copies = {"community", "principals"}
    for service, names in (("intake", copies), ("notify", copies | {"cases"}), ("neighbourhood", copies | {"cases"})):
        found = await parked(system, service)
        assert {each["topic"] for each in found} == {f"{system.prefix}.{name}" for name in names}
        for each in found:
            assert (each["reason"], each["state"]) == ("not_a_cloudevent", "parked")
            assert "138****8000" in each["value"] and "13812348000" not in each["value"]
            assert '{"name": "***"}' in each["value"]


async def test_who_looked_at_parked_records_is_in_the_log_before_they_are_shown(system: System) -> None:
    made = await key_for(system, "auditor")

    for service in SERVICES:
        url = f"{system.urls[service]}/v1/parked"

        async def shown(url: str = url) -> list[str] | None:
            answer = await system.resident.get(url, headers=bearer(made["key"]))
            return [each["id"] for each in answer.json()["items"]] if answer.status_code == 200 else None

        ids = await until(shown)
        (entry,) = await log(system, service, what="parked:read", principal=f"key:{made['id']}", outcome="read")
        assert ids and entry["objects"] == ids
        nothing = await system.resident.get(url, params={"reason": "none_such"}, headers=bearer(made["key"]))
        assert nothing.json()["items"] == []
        assert len(await log(system, service, what="parked:read", principal=f"key:{made['id']}", outcome="read")) == 1


async def test_what_a_copy_cannot_read_holds_up_nothing_and_is_not_parked_twice(system: System) -> None:
    parties = community().model_dump(mode="json")["parties"]
    await system.load(parties=[*parties, {"id": "gas-co", "name": "燃气公司", "kind": "gas", "parent": "street"}])
    system.kill("intake")
    system.launch("intake")
    await system.ready("intake")
    (before,) = await parked(system, "intake", reason="not_a_cloudevent", limit=1)
    assert len(await parked(system, "intake")) == 2, "the topics have been read anew from their beginning"
    assert before["waiting"] == 0


async def test_status_and_doctor_and_the_metric_count_them_in_intake_too(system: System, tmp_path: Path) -> None:
    async def counted() -> bool:
        metrics = (await system.resident.get(f"{system.urls['intake']}/metrics")).text
        why = 'linli_inbox_parked_by_reason{reason="not_a_cloudevent"} 2.0'
        age = re.search(r"^linli_inbox_parked_age_seconds (\S+)$", metrics, re.MULTILINE)
        return "linli_inbox_parked 2.0" in metrics and why in metrics and age is not None and float(age[1]) > 0

    await until(counted)
    linli = CommandLine(system, tmp_path / "home")
    code, printed, told = await linli.run("parked", "list", "--service", "intake", "--json")
    assert code == 0 and printed.count("not_a_cloudevent") == 2, told


async def test_what_still_cannot_be_read_stays_and_what_can_takes_effect(system: System) -> None:
    stuck = (await parked(system, "intake"))[0]
    url = f"{system.urls['intake']}/v1/parked/{stuck['id']}:replay"
    again = await system.operator.post(url)
    assert (again.status_code, again.json()["type"]) == (409, "urn:linli:problem:still_not_applicable")

    # As after an upgrade: a record that the version before could not read, and this one can.
    newest = community(neighbourhoods=[{"id": "north", "name": "北院", "grid": "grid-1"}])
    topic = f"{system.prefix}.community"
    envelope = Envelope("linli/workflow", "test", 99, NOON, "test", CommunityPublished(community=newest, version=99))
    arrival = Arrival(received(envelope, 5_000, topic), "linli/workflow", None)
    async with databases_of(system) as databases:
        await park(databases("intake"), Parking(arrival, "unknown_type", "from before"), f"{topic} (copy)")
    answer = await system.operator.post(f"{system.urls['intake']}/v1/parked/{arrival.parked_id}:replay")
    assert answer.status_code == 200, answer.text
    taken = await system.submit(kind="report", title="灯坏了", neighbourhood="north")
    assert taken.status_code == 201, taken.text
    (decided,) = await parked(system, "intake", state="replayed")
    assert decided["decided_by"] == "operator"
    assert await decisions(system, "intake", arrival.parked_id) == ["POST /v1/parked/{id}:replay"]

    async def tried() -> bool:
        found = await log(system, "intake", what="parked:decide", object=stuck["id"])
        return [(each["outcome"], each["reason"]) for each in found] == [("refused", "still parked")]

    await until(tried)


async def test_the_log_names_what_was_tried_together_and_what_became_of_it(system: System) -> None:
    (stuck,) = [each for each in await parked(system, "notify") if each["topic"].endswith(".principals")]
    newest = community(neighbourhoods=[{"id": "south", "name": "南院", "grid": "grid-1"}])
    topic = f"{system.prefix}.community"
    envelope = Envelope("linli/workflow", "test", 98, NOON, "test", CommunityPublished(community=newest, version=98))
    arrival = Arrival(received(envelope, 5_001, topic), "linli/workflow", None)
    async with databases_of(system) as databases:
        await park(databases("notify"), Parking(arrival, "unknown_type", "from before"), f"{topic} (copy)")
    made_up = "linli.cases-0-77-0a1b2c3d"

    async def replayed(*ids: str) -> dict[str, list[str]]:
        """What the log says since, by reason."""
        before = {each["id"] for each in await log(system, "notify", what="parked:decide")}
        answer = await system.operator.post(f"{system.urls['notify']}/v1/parked:replay", json={"ids": list(ids)})
        assert answer.status_code == 200, answer.text
        entries = [each for each in await log(system, "notify", what="parked:decide") if each["id"] not in before]
        assert {each["outcome"] for each in entries} == {"done"}
        return {each["reason"]: each["objects"] for each in entries}

    assert await replayed(stuck["id"], arrival.parked_id, made_up) == {
        "replayed": [arrival.parked_id],
        "still parked": [stuck["id"]],
        "not parked": [made_up],
    }
    assert await replayed("王小明 13812348000") == {"not parked": []}


async def test_a_range_is_chosen_by_time_or_by_offset(system: System, tmp_path: Path) -> None:
    url, topic = f"{system.urls['notify']}/v1/parked:replay", f"{system.prefix}.cases"
    (mine,) = [each for each in await parked(system, "notify") if each["topic"] == topic]
    parked_at = datetime.fromisoformat(mine["parked_at"])

    async def chosen(**body: Any) -> set[str]:
        answer = await system.operator.post(url, json=body)
        assert answer.status_code == 200, answer.text
        return {each["id"] for each in answer.json()["items"]}

    place = {"topic": topic, "partition": mine["partition"]}
    assert await chosen(**place, offset_from=mine["offset"], offset_before=mine["offset"] + 1) == {mine["id"]}
    assert await chosen(**place, offset_from=mine["offset"] + 1) == set()
    assert mine["id"] in await chosen(parked_from=parked_at.isoformat())
    assert mine["id"] not in await chosen(parked_before=parked_at.isoformat())
    assert (await system.operator.post(url, json={"topic": topic, "offset_from": 3})).status_code == 422
    linli = CommandLine(system, tmp_path / "home")
    code, printed, _ = await linli.run("parked", "replay", "--service", "notify", "--topic", topic, "--since", "1h")
    assert code == 1 and mine["id"] in printed
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    code, printed, _ = await linli.run("parked", "replay", "--service", "notify", "--since", later)
    assert (code, printed) == (0, "0 of 0 replayed.\n")
    code, _, told = await linli.run("parked", "replay", "--since", "yesterday")
    assert code == 2 and "is no time" in told


async def test_a_record_is_given_up_wherever_it_is_parked(system: System, tmp_path: Path) -> None:
    (shared,) = [each for each in await parked(system, "intake") if each["topic"].endswith(".principals")]
    linli = CommandLine(system, tmp_path / "home")
    code, printed, told = await linli.run("parked", "discard", shared["id"], "--why", "测试数据，问13812348000")
    assert code == 0, told
    copies = [service for service in SERVICES if service != "workflow"]
    assert printed == "".join(f"{service} {shared['id']}: discarded\n" for service in copies)
    for more in ((), ("--service", "workflow")):
        code, _, told = await linli.run("parked", "discard", shared["id"], "--why", "再来一次", *more)
        assert (code, f"Nothing is parked as {shared['id']}." in told) == (1, True)


async def test_what_is_given_up_is_kept_with_the_reason_and_who_decided(system: System) -> None:
    for service in SERVICES:
        for each in await parked(system, service):
            await give_up(system, service, each["id"])
            assert (await decisions(system, service, each["id"]))[0] == "POST /v1/parked/{id}:discard"
        assert await parked(system, service) == []
        gone = await parked(system, service, state="discarded")
        assert {(each["decided_by"], each["decided_why"]) for each in gone} == {("operator", "测试数据，问138****8000")}
    assert (await figures_of(system, "audit", "--limit", "1000"))["items"]


async def give_up(system: System, service: str, id: str) -> None:
    url = f"{system.urls[service]}/v1/parked/{id}:discard"
    answer = await system.operator.post(url, json={"reason": "测试数据，问13812348000"})
    assert answer.status_code == 200, answer.text
    assert (await system.operator.post(url, json={"reason": "x"})).status_code == 404
