"""What flows where, seen at a running system: causes of findings are brought about, and they come and go."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from linli.messaging.kafka import Outgoing, Publisher
from tests.support.keys import bearer, key_for
from tests.support.portal import portal_beside
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import System, system_on

WITHIN = 60.0
"""Seconds in which a finding comes or goes, at most: that of a stopped service is looked at by its own times."""


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    folder = Path(tmp_path_factory.mktemp("logs"))
    fewer = folder / "topics.yaml"
    fewer.write_text("defaults: {partitions: 4}\n")
    async with system_on(stack, folder, LINLI_TOPICS_FILE=str(fewer)) as running, portal_beside(running):
        await running.load()
        yield running


async def picture(system: System, **params: Any) -> dict[str, Any]:
    answer = await system.operator.get(f"{system.urls['portal']}/v1/topology", params=params)
    assert answer.status_code in {200, 503}, answer.text
    return answer.json() if answer.status_code == 200 else {"nodes": [], "edges": [], "findings": []}


async def standing(system: System) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in (await picture(system))["findings"] if each["ended"] is None}


async def until_found(system: System, id: str) -> dict[str, Any]:
    async def found() -> bool:
        return id in await standing(system)

    await until(found, WITHIN)
    return (await standing(system))[id]


async def until_gone(system: System, id: str, within: float = WITHIN) -> None:
    async def gone() -> bool:
        return id not in await standing(system)

    await until(gone, within)


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
    seen = await picture(system)
    states = {each["id"]: each["state"] for each in seen["nodes"]}
    assert {states[f"service:{name}"] for name in ("portal", "intake", "workflow", "notify")} == {"well"}, states
    assert {states[f"database:{name}"] for name in ("portal", "intake", "workflow", "notify")} == {"well"}
    assert states[f"group:{system.prefix}.notify"] == "well"
    assert await standing(system) == {}


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


async def test_an_undeclared_producer_is_told_of_and_by_how_much(system: System) -> None:
    finding = f"undeclared_producer@topic:{system.prefix}.notices"
    stranger = Publisher(system.servers.kafka, "stranger")
    try:
        assert all(await stranger.publish([Outgoing(f"{system.prefix}.notices", "x", b"{}", {}) for _ in range(3)]))
    finally:
        await stranger.close()
    found = await until_found(system, finding)
    assert found["evidence"]["records"] == 3
    assert found["evidence"]["writer"] == "notify"
    await until_gone(system, finding, 150)


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
