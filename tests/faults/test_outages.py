"""A server that is away is waited for without a hand: nothing lost, nothing twice."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.support.load import Load, assert_all_told, assert_exactly_once
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import SERVICES, System, system_on

pytestmark = pytest.mark.long

OUTAGE = 20.0
"""Seconds that a server is away."""


async def assert_unready(system: System, server: str) -> None:
    """Each service says what is away; intake, which goes on without Kafka, is unready only for who is strict."""

    async def reasons() -> list[dict[str, Any]]:
        answers = [
            await system.resident.get(f"{url}/readyz?strict=true") for url in (system.urls[name] for name in SERVICES)
        ]
        return [answer.json()["checks"] for answer in answers] if {a.status_code for a in answers} == {503} else []

    check = {"kafka": "kafka", "mongo": "mongodb"}[server]
    for checks in await until(reasons):
        assert {name for name, state in checks.items() if state != "ok"} == {check}


@pytest.mark.parametrize("server", ["kafka", "mongo"])
async def test_a_server_that_is_away_for_20_s_under_load_costs_nothing(
    stack: Servers, tmp_path: Path, smtp_sink: int, server: str
) -> None:
    kafka, mongo = (stack.stop_kafka, stack.start_kafka), (stack.stop_mongo, stack.start_mongo)
    stop, start = {"kafka": kafka, "mongo": mongo}[server]
    async with system_on(stack, tmp_path, LINLI_SMTP_PORT=str(smtp_sink)) as system:
        await system.load()
        load = Load(system)
        await asyncio.sleep(2)
        before = len(load.accepted)
        await asyncio.to_thread(stop)
        try:
            away = asyncio.create_task(asyncio.sleep(OUTAGE))
            await assert_unready(system, server)
            await away
            during = len(load.accepted) - before
        finally:
            await asyncio.to_thread(start)
        await asyncio.sleep(3)
        accepted = await load.stop()
        if server == "kafka":
            assert during > 50, "intake goes on while Kafka is away"
            assert load.statuses == {201}
        else:
            assert load.statuses == {201, 503}
        await assert_exactly_once(system, accepted)
        await assert_all_told(system, accepted)
