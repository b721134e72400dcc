"""What flows where, seen at a running system: causes of findings are brought about, and they come and go."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from linli.messaging.kafka import Outgoing, Publisher
from linli.storage import mongo
from tests.support.command_line import CommandLine
from tests.support.databases import databases_of
from tests.support.keys import bearer, key_for, party_key
from tests.support.portal import visitor
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import PORTAL, SERVICES, System
from tests.support.watched import WITHIN, picture, standing, until_found, until_gone, watched


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    folder = Path(tmp_path_factory.mktemp("logs"))
    async with watched(stack, folder, LINLI_STREAM_CONNECTIONS_PER_ADDRESS="1") as running:
        yield running


async def test_a_running_system_is_all_there_and_nothing_is_amiss(system: System) -> None:
    answer = await system.submit(kind="report", title="电梯坏了", category="facilities.lift", neighbourhood="east")
    assert answer.status_code == 201

    async def flows() -> bool:
        edges = {each["id"]: each for each in (await picture(system))["edges"]}
        way = [
            "channel:web>service:intake",
            f"service:intake>topic:{system.prefix}.intake",
            f"topic:{system.prefix}.intake>group:{system.prefix}.workflow",
            f"service:workflow>topic:{system.prefix}.cases",
            f"topic:{system.prefix}.cases>group:{system.prefix}.notify",
        ]
        return all(edges.get(each, {}).get("flow") == "seen" for each in way)

    await until(flows, WITHIN)
    names = (PORTAL, *SERVICES)
    nodes = {*(f"service:{name}" for name in names), *(f"database:{name}" for name in names)}
    nodes |= {f"group:{system.prefix}.notify"}

    async def well() -> bool:
        states = {each["id"]: each["state"] for each in (await picture(system))["nodes"]}
        return {states[node] for node in nodes} == {"well"}

    await until(well, WITHIN)
    assert await standing(system) == {}


@pytest.mark.long
async def test_a_stopped_service_is_told_of_within_half_a_minute_and_no_longer_once_it_runs(system: System) -> None:
    before = (await picture(system))["at"]
    system.kill("notify")
    finding = await until_found(system, "service_stopped@service:notify")
    assert finding["owner"] == "notify"
    assert finding["urgent"]
    heard = finding["evidence"]["last_heard"]
    assert _seconds(heard, finding["first_seen"]) <= 30, (before, finding)
    system.launch("notify")
    await until_gone(system, "service_stopped@service:notify")


async def test_who_calls_whom_and_how_soon_each_answers_is_there(system: System) -> None:
    async def told() -> bool:
        found = await picture(system)
        edges = {each["id"]: each["flow"] for each in found["edges"]}
        figures = {each["id"]: each["figures"] for each in found["nodes"]}
        calls = edges.get("service:portal>service:workflow") == "seen"
        return calls and {"answers", "errors_share", "p95_ms"} <= set(figures.get("service:workflow", ()))

    await until(told, WITHIN)


@pytest.mark.long
async def test_answers_with_faults_of_its_own_are_told_of_until_they_are_no_more(system: System) -> None:
    system.kill("workflow")
    url = f"{system.urls['portal']}/v1/topology"
    refused = [(await system.operator.get(url)).status_code for _ in range(40)]
    assert refused.count(503) >= 30, refused
    system.launch("workflow")
    await system.ready("workflow")
    finding = await until_found(system, "service_fails@service:portal")
    assert finding["evidence"]["failed"] >= 10
    assert finding["evidence"]["errors_share"] >= 5
    await until_gone(system, "service_fails@service:portal", 150)


@pytest.mark.long
async def test_an_undeclared_producer_is_told_of_and_by_how_much(system: System) -> None:
    finding = f"undeclared_producer@topic:{system.prefix}.notices"
    stranger = Publisher(system.servers.kafka, "stranger")
    try:
        assert all(await stranger.publish([Outgoing(f"{system.prefix}.notices", "x", b"{}", {}) for _ in range(3)]))
    finally:
        await stranger.close()
    written = datetime.now(UTC).isoformat()
    found = await until_found(system, finding)
    assert _seconds(written, found["first_seen"]) <= 30, "a few looks later"
    assert found["evidence"]["records"] == 3
    assert found["evidence"]["writer"] == "notify"
    await until_gone(system, finding, 150)


async def test_a_group_that_stands_still_is_told_of_and_no_longer_once_it_goes_on(system: System) -> None:
    group = f"{system.prefix}.notify"
    async with databases_of(system) as database, nobody_moves_on(database("notify")):
        answer = await system.submit(kind="report", title="路灯不亮", neighbourhood="east")
        assert answer.status_code == 201, answer.text
        finding = await until_found(system, f"group_stalled@group:{group}")
        assert f"{system.prefix}.cases/" in finding["evidence"]["partitions"]
        assert finding["evidence"]["lag"] >= 1
    await until_gone(system, f"group_stalled@group:{group}")


@asynccontextmanager
async def nobody_moves_on(database: mongo.Database) -> AsyncIterator[None]:
    """Whoever moves on writes where a transaction has written that does not end, and tries again until it has."""
    limit, client = "transactionLifetimeLimitSeconds", database.client
    before = (await client.admin.command({"getParameter": 1, limit: 1}))[limit]
    await client.admin.command({"setParameter": 1, limit: 2 * int(WITHIN)})
    try:
        async with await client.start_session() as session:
            session.start_transaction()
            held = await database.inbox_offsets.update_many({}, {"$set": {"held_by": "a test"}}, session=session)
            assert held.modified_count
            yield
            await session.abort_transaction()
    finally:
        await client.admin.command({"setParameter": 1, limit: before})


async def test_a_silent_partner_is_told_of_until_it_speaks(system: System) -> None:
    key, case = await partner_with_an_order(system)
    finding = await until_found(system, "partner_silent@partner:test/water-co")
    assert finding["owner"] == "test/water-co"
    said = {
        "update_id": "u-1",
        "order_id": f"{case}~water-co",
        "dispatch_no": 1,
        "occurred_at": datetime.now(UTC).isoformat(),
        "did": "accepted",
    }
    answer = await system.resident.post(f"{system.urls['workflow']}/v1/updates", headers=key, json=said)
    assert answer.status_code == 200, answer.text
    await until_gone(system, "partner_silent@partner:test/water-co")


async def partner_with_an_order(system: System) -> tuple[dict[str, str], str]:
    """Its key and the case; it should have said something of it by now."""
    workflow = system.urls["workflow"]
    added = {"community": "test", "party": "water-co", "ways": ["pull"]}
    assert (await system.operator.post(f"{workflow}/v1/partners", json=added)).status_code in {200, 201}
    case: str = (await system.submit(kind="report", title="停水了", neighbourhood="east")).json()["id"]

    async def ordered() -> bool:
        return (await system.operator.get(f"{workflow}/v1/orders/{case}~water-co")).status_code == 200

    await until(ordered)
    async with databases_of(system) as database:
        late = {"$set": {"update_by": datetime.now(UTC) - timedelta(minutes=1)}}
        await database("workflow").orders.update_one({"_id": f"{case}~water-co"}, late)
    return await party_key(system, "water-co"), case


async def test_a_case_s_way_goes_over_all_topics_and_says_who_took_what_in(system: System) -> None:
    case = (
        await system.submit(kind="report", title="电梯又坏了", category="facilities.lift", neighbourhood="east")
    ).json()["id"]

    async def arrived() -> bool:
        answer = await system.operator.get(f"{system.urls['portal']}/v1/trace/{case}")
        steps = answer.json()["steps"] if answer.status_code == 200 else []
        readers = [reader for step in steps for reader in step["readers"]]
        return len(steps) >= 3 and bool(readers) and all(each["taken"] == "applied" for each in readers)

    await until(arrived)
    found = (await system.operator.get(f"{system.urls['portal']}/v1/trace/{case}")).json()
    by_topic = {step["topic"]: step for step in found["steps"]}
    assert {f"{system.prefix}.intake", f"{system.prefix}.cases"} <= set(by_topic)
    first = found["steps"][0]
    assert (first["service"], first["gap"], first["readers"][0]["service"]) == ("intake", None, "workflow")
    assert first["readers"][0]["at"]
    assert found["away"] == []
    none_such = await system.operator.get(f"{system.urls['portal']}/v1/trace/none-such")
    assert none_such.status_code == 404


async def test_a_moment_of_the_past_is_shown_with_what_is_otherwise(system: System) -> None:
    now = await picture(system)
    then = await picture(system, at=now["at"], since=now["oldest"])
    assert then["at"] == now["at"]
    assert then["difference"]["since"]
    never = await system.operator.get(f"{system.urls['portal']}/v1/topology", params={"at": "2020-01-01T00:00:00Z"})
    assert never.status_code == 404
    history = await system.operator.get(
        f"{system.urls['portal']}/v1/topology/history", params={"node": f"group:{system.prefix}.notify"}
    )
    assert any("lag" in point["figures"] for point in history.json()["points"])


async def test_a_finding_is_acknowledged_and_muted_and_the_metrics_tell_of_it(system: System) -> None:
    system.kill("notify")
    id = "service_stopped@service:notify"
    await until_found(system, id)
    url = f"{system.urls['portal']}/v1/topology/findings"
    seen = await system.operator.post(f"{url}:acknowledge", json={"finding": id})
    assert (seen.status_code, seen.json()["acknowledged_by"]) == (200, "operator")
    labels = 'acknowledged="yes",node="service:notify",owner="notify",rule="service_stopped",urgent="yes"'
    told = f"linli_topology_finding{{{labels}}} 1.0"

    async def tells() -> bool:
        return told in (await system.resident.get(f"{system.urls['portal']}/metrics")).text

    await until(tells)
    until_then = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    muted = await system.operator.post(f"{url}:mute", json={"finding": id, "until": until_then})
    assert muted.json()["muted_until"]

    async def silent() -> bool:
        return not await tells()

    await until(silent)
    key = (system.servers.secrets_dir / "operator.key").read_text().strip()
    async with visitor(system.urls["portal"], key) as operator:
        page = await operator.page("/topology/service:notify")
        assert "Muted until" in page
        again = await operator.send("/topology/findings", page=page, finding=id, hours="0", back="/topology")
        assert (again.status_code, again.headers["Location"]) == (303, "/topology")
    await until(tells)
    too_long = (datetime.now(UTC) + timedelta(days=40)).isoformat()
    refused = await system.operator.post(f"{url}:mute", json={"finding": id, "until": too_long})
    assert refused.status_code == 422
    system.launch("notify")
    await until_gone(system, id)


async def test_the_page_works_without_scripts_and_its_nodes_lead_on(system: System) -> None:
    key = (system.servers.secrets_dir / "operator.key").read_text().strip()
    async with visitor(system.urls["portal"], key) as operator:
        page = await operator.page("/topology")
        assert 'data-id="service:workflow"' in page
        assert "<svg" in page
        addresses = sorted(set(re.findall(r'href="(/topology/[^"?]+)"', page)))
        for address in addresses:
            assert "data-state=" in await operator.page(address), address
        assert "way" in (await operator.get("/topology/way?case=x")).headers["Location"]
        now = (await picture(system))["at"]
        assert "data-state=" in await operator.page(f"/topology?at={quote(now)}")
        for wrong, status in (("yesterday", 422), ("0001-01-01", 422), ("2020-01-01T00:00", 404)):
            answer = await operator.get(f"/topology?at={wrong}")
            assert (answer.status_code, 'name="since"' in answer.text) == (status, True)
        assert (await operator.get("/topology/service:none")).status_code == 404
        async with operator.http.stream("GET", "/topology/events") as stream:
            assert (await operator.get("/topology/events")).status_code == 429, "one address has its share"
            async for line in stream.aiter_lines():
                if line == "event: sample":
                    break


async def test_the_commands_show_the_same(system: System, tmp_path: Path) -> None:
    command = CommandLine(system, tmp_path / "home")
    code, printed, told = await command.run("topology", "--json")
    assert code in {0, 1}, told
    found = json.loads(printed)
    assert {each["id"] for each in found["nodes"]} >= {"service:intake", "channel:web"}
    assert code == any(each["ended"] is None for each in found["findings"])
    code, printed, told = await command.run("topology")
    assert f"group:{system.prefix}.notify" in printed, told
    case = (await system.submit(kind="report", title="门坏了", neighbourhood="east")).json()["id"]
    code, printed, told = await command.run("trace", case)
    assert code == 0, told
    assert f"intake → {system.prefix}.intake" in printed


async def test_the_command_shows_a_moment_what_is_otherwise_and_goes_on(system: System, tmp_path: Path) -> None:
    command = CommandLine(system, tmp_path / "home")
    now = await picture(system)
    at, since = ("--at", now["at"]), ("--since", now["oldest"])
    code, printed, told = await command.run("topology", "--json", *at)
    assert code in {0, 1}, told
    assert (json.loads(printed)["at"], json.loads(printed)["difference"]) == (now["at"], None)
    code, printed, told = await command.run("topology", "--json", *at, *since)
    assert code in {0, 1}, told
    assert json.loads(printed)["difference"]["since"]
    code, printed, told = await command.run("topology", *at, *since)
    assert code in {0, 1}, told
    assert "service:portal" in printed
    watching = await command.begin("topology", "--watch", "--json")
    assert watching.stdout
    seen = list[datetime]()
    try:
        async with asyncio.timeout(WITHIN):
            while len(set(seen)) < 2:  # it goes on to what is new
                seen.append(datetime.fromisoformat(json.loads(await watching.stdout.readuntil(b"\n"))["at"]))
    finally:
        watching.terminate()
        await watching.communicate()
    assert seen == sorted(seen)


async def test_an_error_of_a_command_is_no_finding(system: System, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.key"
    wrong.write_text("a-key-that-nobody-has-ever-been-given-0123456789")
    wrong.chmod(0o600)
    command = CommandLine(system, tmp_path / "home", wrong)
    code, printed, told = await command.run("topology", "--json")
    assert (code, printed) == (4, "")
    assert "401" in told
    nowhere = CommandLine(system, tmp_path / "other")
    code, printed, told = await nowhere.run("topology", "--json", LINLI_PORTAL_PORT="1")
    assert (code, printed) == (4, "")
    assert "does not answer" in told


async def test_the_command_waits_for_the_first_picture_of_a_portal_that_has_just_started(
    system: System, tmp_path: Path
) -> None:
    command = CommandLine(system, tmp_path / "home")
    async with databases_of(system) as database:
        system.kill("portal")
        await database("portal").topology_samples.delete_many({})
        another = {"owner": "another", "until": datetime.now(UTC) + timedelta(minutes=10)}
        await database("portal").leases.replace_one({"_id": "topology"}, another, upsert=True)
        system.launch("portal")
        await system.ready("portal")
        asked = await command.begin("topology", "--json", LINLI_LANGUAGE="en")
        assert asked.stderr
        waits = (await asked.stderr.readline()).decode()  # only now is it told that there is nothing yet
        await database("portal").leases.delete_one({"_id": "topology", "owner": "another"})
    printed, told = (said.decode() for said in await asked.communicate())
    assert "first picture is waited for" in waits, (waits, told)
    assert asked.returncode in {0, 1}, told
    assert json.loads(printed)["nodes"]


async def test_a_party_sees_no_topology(system: System) -> None:
    made = await key_for(system, "party", party="estate", community="test")
    async with visitor(system.urls["portal"], made["key"]) as party:
        assert (await party.get("/topology")).status_code == 403
        assert "/topology" not in await party.page("/sessions")


async def test_who_may_look_and_who_may_judge_workflow_says(system: System) -> None:
    url = f"{system.urls['portal']}/v1/topology"
    assert (await system.resident.get(url)).status_code == 401
    asked = {role: bearer((await key_for(system, role))["key"]) for role in ("operator", "auditor", "service")}
    looked = {role: (await system.resident.get(url, headers=by)).status_code for role, by in asked.items()}
    assert looked == {"operator": 200, "auditor": 200, "service": 403}
    body = {"finding": "parked@parking:notify"}
    acknowledge = f"{url}/findings:acknowledge"
    judged = {
        role: (await system.resident.post(acknowledge, headers=by, json=body)).status_code for role, by in asked.items()
    }
    assert judged == {"operator": 404, "auditor": 403, "service": 403}


def _seconds(since: str, until: str) -> float:
    return (datetime.fromisoformat(until) - datetime.fromisoformat(since)).total_seconds()
