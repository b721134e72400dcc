"""Three services and what keeps Kafka in line, for each file of these tests; an order that is read."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.support.partner_access import access_beside
from tests.support.partner_kafka import changed, program_of, reported
from tests.support.servers import Servers
from tests.support.system import System, system_on


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    environment = {"LINLI_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8"}
    async with system_on(stack, tmp_path_factory.mktemp("logs"), **environment) as running:
        await running.load()
        async with access_beside(running):
            yield running


@pytest.fixture
async def order(system: System) -> dict[str, Any]:
    """A fresh order of the water company, as its program reads it."""
    await changed(system, "water-co")
    water, case = await program_of(system, "water-co"), await reported(system)
    orders = await asyncio.to_thread(lambda: water.read("orders", until=lambda each: each["case_id"] == case))
    return orders[-1]
