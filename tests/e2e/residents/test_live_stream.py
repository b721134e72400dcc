"""A resident follows a case live, by command, while it is erased."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.command_line import operate
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import System, system_on


@pytest.fixture
async def system(stack: Servers, tmp_path: Path) -> AsyncIterator[System]:
    async with system_on(stack, tmp_path) as running:
        await running.load()
        yield running


async def test_who_follows_a_case_sees_its_steps_until_it_is_erased(system: System) -> None:
    receipt = (await system.submit(kind="report", title="路灯不亮", neighbourhood="east")).json()
    following = asyncio.create_task(operate(system, "track", receipt["tracking_code"], "--follow"))

    async def follows() -> bool:
        return "linli_notify_streams 1.0" in (await system.resident.get(f"{system.urls['notify']}/metrics")).text

    await until(follows)
    url = f"{system.urls['intake']}/v1/residents:erase"
    answer = await system.operator.post(url, json={"resident": receipt["id"]})
    assert answer.json()["erased"] == [receipt["id"]]
    async with asyncio.timeout(10):
        code, printed, told = await following
    assert code == 1, told
    assert "opened" in printed
    assert "Nothing is known under this code" in told
