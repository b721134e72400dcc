"""`linli doctor` and `linli upgrade --check` on a real deployment that is broken in one way after another."""

import asyncio
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from linli.application.settings import Settings
from linli.messaging.kafka import delete_topics
from linli.storage import mongo
from linli_cli.operations.databases import READS
from tests.support.command_line import operate
from tests.support.servers import Servers
from tests.support.system import PORTAL, SERVICES, System, system_on


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Of its own: the topics must have their real names, and mongod steps down."""
    made = Servers(tmp_path_factory.mktemp("doctor"))
    made.start()
    yield made
    made.stop()


async def look(system: System, *command: str, **environment: str) -> tuple[int, list[dict[str, str]]]:
    """Exit code and all findings."""
    code, printed, told = await operate(system, *command, "--json", **environment)
    assert printed, told
    found: list[dict[str, str]] = json.loads(printed)["findings"]
    return code, found


async def findings(system: System, *command: str, **environment: str) -> tuple[int, dict[str, str]]:
    """Exit code, and what is not ok: check → what is said of it."""
    code, looked = await look(system, *(command or ("doctor",)), **environment)
    found: dict[str, str] = {}
    for each in looked:
        assert each["todo"] or each["level"] != "wrong", each
        if each["level"] != "ok" and each["check"] != "calendar":  # which hangs on the day of the year
            found[each["check"]] = f"{found.get(each['check'], '')} {each['said']}".strip()
    return code, found


async def test_each_fault_of_a_running_deployment_is_named_with_what_to_do(
    servers: Servers, tmp_path: Path, smtp_sink: int, httpserver: HTTPServer
) -> None:
    async with system_on(servers, tmp_path, "linli", LINLI_SMTP_PORT=str(smtp_sink)) as system:
        code, found = await findings(system)
        assert (code, set(found)) == (1, {"topics"})
        assert "linli.cases has 4 partitions; 12 are declared." in found["topics"]
        code, found = await findings(system, "upgrade", "--check")
        assert code == 1
        assert "retention.ms is the default, declared 2592000000" in found["topics"]

        assert (await operate(system, "topics", "apply"))[0] == 0
        code, looked = await look(system, "doctor")
        unwell = [each["said"] for each in looked if each["level"] != "ok" and each["check"] != "calendar"]
        assert (code, unwell) == (0, [])
        well = {each["said"] for each in looked}
        assert {f"{reader}'s group: 1 member, all there." for reader in READS} <= well
        assert len([said for said in well if re.match(rf"({'|'.join(SERVICES)}): 1 process: ", said)]) == len(SERVICES)
        portal = {"LINLI_PORTAL_URL": system.urls[PORTAL]}
        code, found = await findings(system, **portal)
        assert (code, found) == (1, {"services": f"portal does not answer at {system.urls[PORTAL]} (ConnectError)."})
        code, printed, _ = await operate(system, "status", "--json", **portal)
        assert (code, json.loads(printed)["processes"][-1]["name"]) == (1, "portal")
        assert await findings(system, "upgrade", "--check") == (
            0,
            {"backup": "An upgrade is taken back by a restore only."},
        )

        await _break_in_several_ways(system, servers)
        httpserver.expect_request("/readyz").respond_with_data("hello")
        code, found = await findings(system, LINLI_INTAKE_URL=httpserver.url_for("").rstrip("/"))
        assert code == 1
        assert found["ports"] == f"What answers at {httpserver.url_for('').rstrip('/')} is not Linli's intake."
        assert found["services"].startswith("notify does not answer")
        assert found["consumers"].startswith("notify is stuck: ")
        assert found["topics"] == "The topic linli.notices is missing."
        assert re.fullmatch(r"notify has 1 event unsent, the oldest for 6\d\d s\.", found["outbox"])
        assert found["parked"] == "workflow has parked 1 record."
        assert "operator.key" in found["keys"]
        assert found["cases"].startswith("test: 1 case with a party that is in its data no more: ")
        assert found["cases"].endswith(" (gone).")
        assert set(found) == {"ports", "services", "consumers", "topics", "outbox", "parked", "keys", "cases"}

        code, printed, _ = await operate(system, "status", "--json")
        status = json.loads(printed)
        assert (code, status["healthy"]) == (1, False)
        (lag,) = (group for group in status["groups"] if group["group"] == "linli.notify")
        assert (lag["lag"] >= 5, lag["source"]) == (True, "kafka+mongodb"), "notify does not run, and is not asked"
        assert (status["events"]["notify"]["unsent"], status["events"]["notify"]["source"]) == (1, "mongodb")
        assert status["parked"] == 1
        assert {service: len(names) for service, names in status["heard_of"].items()} == dict.fromkeys(SERVICES, 1)

        code, found = await findings(system, "upgrade", "--check")
        assert code == 1
        assert "m9999_from_the_future ran, which this version does not know" in found["migrations"]
        assert "notify: 1 migration will run: m002_webhook_key." in found["migrations"]


async def _break_in_several_ways(system: System, servers: Servers) -> None:
    await system.load()
    system.kill("notify")
    for n in range(5):
        await system.submit(kind="report", title=f"停水 {n}", neighbourhood="east")
    await asyncio.sleep(2)
    await delete_topics(servers.kafka, ["linli.notices"])
    (servers.secrets_dir / "operator.key").chmod(0o644)
    client = _client(servers)
    long_ago = datetime.now(UTC) - timedelta(minutes=10)
    await client.linli_notify.events.insert_one({"_id": "e", "outgoing": {}, "unsent_since": long_ago})
    await client.linli_notify.migrations.delete_one({"_id": "m002_webhook_key"})
    await client.linli_workflow.inbox_parked.insert_one({"_id": "p", "state": "parked"})
    await client.linli_workflow.cases.update_one({"state": "dispatched"}, {"$set": {"party": "gone"}})
    await client.linli_workflow.migrations.insert_one({"_id": "m9999_from_the_future"})
    client.close()


async def test_a_replica_set_without_primary_is_told_by_its_members(servers: Servers, tmp_path: Path) -> None:
    system = System(servers, tmp_path, "linli")
    (servers.secrets_dir / "operator.key").chmod(0o600)
    client = _client(servers)
    await client.admin.command({"replSetStepDown": 60, "force": True})
    code, found = await findings(system)
    await client.admin.command({"replSetFreeze": 0})
    client.close()
    await system.stop()
    assert code == 1
    assert "The replica set has no primary: " in found["mongodb"]
    assert "is SECONDARY" in found["mongodb"]


async def test_servers_that_are_away_are_told_too(servers: Servers, tmp_path: Path) -> None:
    system = System(servers, tmp_path, "linli")
    servers.stop()
    code, found = await findings(system)
    await system.stop()
    assert code == 1
    assert "Kafka" in found["kafka"]
    assert "MongoDB does not answer" in found["mongodb"]
    assert found["outbox"].startswith("Unknown without MongoDB")
    assert "workflow does not answer" in found["services"]


def _client(servers: Servers) -> mongo.Client:
    settings = Settings(
        mongo_uri=servers.mongo_uri.replace("replicaSet=linli", "directConnection=true"),
        mongo_username=servers.mongo_username,
        mongo_password_file=servers.mongo_password_file,
    )
    return mongo.connect(settings)
