"""A company's program joins by Kafka: topics of its own, and nobody else's."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from linli.messaging.connection import Cluster
from linli_cli.partners.access import Access
from tests.support.partner_program import PartnerProgram
from tests.support.servers import SERVICE_KEY, Servers
from tests.support.services import until
from tests.support.system import System, system_on


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    async with system_on(stack, tmp_path_factory.mktemp("logs")) as running:
        await running.load()
        access = Access(running.urls["workflow"], SERVICE_KEY, Cluster(stack.bootstrap))
        following = asyncio.create_task(access.run())
        yield running
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following


async def change(system: System, party: str, action: str = "", **body: Any) -> dict[str, Any]:
    """Add a partner, or let something be done with it; then the broker is in line."""
    url = f"{system.urls['workflow']}/v1/partners"
    if action:
        answer = await system.operator.post(f"{url}/test/{party}:{action}", json=body or None)
    else:
        answer = await system.operator.post(url, json={"community": "test", "party": party, "ways": ["kafka"]} | body)
    assert answer.status_code == 200, answer.text

    async def in_line() -> bool:
        return bool((await system.get("workflow", f"/v1/partners/test/{party}"))["in_line"])

    await until(in_line)
    found: dict[str, Any] = answer.json()
    return found


async def program(system: System, party: str, *, sandbox: bool = False) -> PartnerProgram:
    credentials = await system.get("workflow", f"/v1/partners/test/{party}/credentials")
    return PartnerProgram(credentials, system.servers.secrets_dir / "partner-ca.crt", sandbox=sandbox)


async def reported(system: System) -> str:
    return str((await system.submit(kind="report", title="停水了", neighbourhood="east")).json()["id"])


async def test_an_order_is_read_answered_and_done_over_kafka_alone(system: System) -> None:
    await change(system, "water-co")
    water = await program(system, "water-co")
    case = await reported(system)
    records = await asyncio.to_thread(water.records, "orders", until=lambda order: order["case_id"] == case)
    order, headers = records[-1]
    assert headers["ce_type"] == "linli.order.issued.v1"
    assert headers["key"] == order["order_id"] == f"{case}~water-co"
    for did, update, said in (("accepted", "k-1", {}), ("done", "k-2", {"message": "已恢复供水"})):
        await asyncio.to_thread(lambda did=did, update=update, said=said: water.say(order, did, update, **said))
    receipts = await asyncio.to_thread(water.read, "receipts", until=lambda receipt: receipt["update_id"] == "k-2")
    assert [(each["update_id"], each["outcome"], each["offset"]) for each in receipts] == [
        ("k-1", "applied", 0),
        ("k-2", "applied", 1),
    ]
    found = await system.case(case)
    assert found
    assert (found["state"], found["party"]["id"]) == ("resolved", "water-co")
