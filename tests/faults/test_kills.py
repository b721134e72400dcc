"""A service that is killed leaves nothing behind that needs a hand: nothing lost, nothing twice."""

import asyncio
from pathlib import Path

from tests.support.load import Load, assert_all_told, assert_exactly_once
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import system_on


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

        await until(in_mid_batch)
        system.kill("workflow")
        system.launch("workflow")
        await system.ready("workflow")
        await assert_exactly_once(system, accepted)
        await assert_all_told(system, accepted)
