"""What breaks is healed without a hand: nothing lost, nothing twice. Each test keeps its own ledger of answers."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import System, system_on

OUTAGE = 20.0
"""Seconds that a server is away."""


class Load:
    """Residents who keep submitting, each with a key, and repeat what got no clear answer, as a client would."""

    def __init__(self, system: System, residents: int = 8) -> None:
        self._system = system
        self._over = asyncio.Event()
        self._tasks = [asyncio.create_task(self._submit(n)) for n in range(residents)]
        self.accepted: dict[str, str] = {}
        """The ledger: idempotency key → submission id, for each 201."""
        self.statuses: set[int] = set()

    async def _submit(self, resident: int) -> None:
        count = 0
        while not self._over.is_set():
            count += 1
            key = f"{resident}-{count}-{uuid4().hex}"
            while not await self._once(key, resident):
                if self._over.is_set():
                    return
                await asyncio.sleep(0.2)
            await asyncio.sleep(0.1)

    async def _once(self, key: str, resident: int) -> bool:
        try:
            answer = await self._system.submit(key, kind="report", title=f"停水 {resident}", neighbourhood="east")
        except httpx2.TransportError:
            return False
        self.statuses.add(answer.status_code)
        if answer.status_code != 201:
            assert answer.status_code == 503, answer.text
            return False
        self.accepted[key] = answer.json()["id"]
        return True

    async def stop(self) -> dict[str, str]:
        self._over.set()
        await asyncio.gather(*self._tasks)
        return self.accepted


async def assert_exactly_once(system: System, accepted: dict[str, str]) -> None:
    """Every 201 is exactly one case with the history of a dispatched one, and there is no other case."""
    ids = list(accepted.values())
    assert len(ids) == len(set(ids)), "one key, one submission"
    assert len(ids) > 20, "the load was no load"

    async def all_there() -> bool:
        return bool((await system.get("workflow", "/v1/cases", count=True, limit=1))["total"] >= len(ids))

    await until(all_there, 30)
    total = (await system.get("workflow", "/v1/cases", count=True, limit=1))["total"]
    for start in range(0, len(ids), 500):
        answer = await system.operator.post(
            f"{system.urls['workflow']}/v1/cases:lookup", json={"ids": ids[start : start + 500]}
        )
        found = answer.json()["found"]
        assert set(found) == set(ids[start : start + 500])
        assert set(found.values()) == {"dispatched"}
    for id in ids[:: max(1, len(ids) // 50)]:
        history = (await system.case(id) or {})["history"]
        assert [entry["sequence"] for entry in history] == [1, 2]
    assert total - len(ids) <= 8, "no more than what was in flight when the load ended"
    assert (await system.get("workflow", "/v1/parked"))["items"] == []


async def assert_unready(system: System, server: str) -> None:
    """Each service says that it is not ready, and what is away."""

    async def reasons() -> list[dict[str, Any]]:
        answers = [await system.resident.get(f"{url}/readyz") for url in system.urls.values()]
        return [answer.json()["checks"] for answer in answers] if {a.status_code for a in answers} == {503} else []

    check = {"kafka": "kafka", "mongo": "mongodb"}[server]
    for checks in await until(reasons):
        assert {name for name, state in checks.items() if state != "ok"} == {check}


async def assert_all_told(system: System, accepted: dict[str, str]) -> None:
    """The party has one delivery for each dispatch, and each was made."""

    counts: dict[str, int] = {}

    async def none_due() -> bool:
        counts.clear()
        counts.update((await system.get("notify", "/v1/delivery-counts"))["by_channel"]["email"])
        return counts.get("sent", 0) >= len(accepted) and not counts.get("due", 0)

    try:
        await until(none_due, 60)
    except AssertionError as error:
        metrics = await system.resident.get(f"{system.urls['notify']}/metrics")
        raise AssertionError(f"{len(accepted)} accepted, deliveries {counts}\n{metrics.text}") from error


@pytest.mark.timeout(180)
@pytest.mark.parametrize("server", ["kafka", "mongo"])
async def test_a_server_that_is_away_for_20_s_under_load_costs_nothing(
    stack: Servers, tmp_path: Path, smtp_sink: int, server: str
) -> None:
    stop: Callable[[], None] = getattr(stack, f"stop_{server}")
    start: Callable[[], None] = getattr(stack, f"start_{server}")
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


@pytest.mark.timeout(180)
async def test_each_service_killed_again_and_again_under_load_costs_nothing(
    stack: Servers, tmp_path: Path, smtp_sink: int
) -> None:
    async with system_on(stack, tmp_path, LINLI_SMTP_PORT=str(smtp_sink)) as system:
        await system.load()
        load = Load(system)
        for victim in ("workflow", "intake", "notify") * 2:
            await asyncio.sleep(0.7)
            system.kill(victim)
            system.launch(victim)
            await system.ready(victim)
        accepted = await load.stop()
        await assert_exactly_once(system, accepted)
        await assert_all_told(system, accepted)


async def test_a_workflow_killed_in_mid_batch_leaves_nothing_and_the_next_one_does_it_all(
    stack: Servers, tmp_path: Path, smtp_sink: int
) -> None:
    async with system_on(stack, tmp_path, LINLI_SMTP_PORT=str(smtp_sink)) as system:
        await system.load()
        system.kill("workflow")
        receipts = [await system.submit(kind="report", title=f"停水 {n}", neighbourhood="east") for n in range(30)]
        accepted = {str(n): receipt.json()["id"] for n, receipt in enumerate(receipts)}

        there = tmp_path / "in-mid-batch"
        system.launch_stuck_workflow(there)

        async def in_mid_batch() -> bool:
            return there.exists()

        await until(in_mid_batch, 40)
        system.kill("workflow")
        system.launch("workflow")
        await system.ready("workflow")
        await assert_exactly_once(system, accepted)
        await assert_all_told(system, accepted)
