"""What a service keeps, compares with what is kept, and waits for goes by the database's time, whatever the clock of
its own process shows."""

import signal
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from linli.messaging.kafka import Outgoing
from linli.storage import mongo
from tests.support.builders import community
from tests.support.databases import databases_of
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import SERVICES, System, system_on
from tests.support.topics import publish_raw

pytestmark = pytest.mark.long

JUMP = timedelta(hours=2)
"""As `tests.support.shifting` has it."""
NEAR = timedelta(minutes=10)


@pytest.fixture
async def system(stack: Servers, tmp_path: Path, smtp_sink: int) -> AsyncIterator[System]:
    """Services whose clocks can be made to jump."""
    environment = {"LINLI_SMTP_PORT": str(smtp_sink), "LINLI_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8"}
    async with system_on(stack, tmp_path, **environment) as system:
        for name in SERVICES:
            system.kill(name)
            system.launch(name, "tests.support.shifting", name)
        for name in SERVICES:
            await system.ready(name)
        yield system


@pytest.fixture
async def databases(system: System) -> AsyncIterator[Callable[[str], mongo.Database]]:
    async with databases_of(system) as found:
        yield found


def with_webhook(url: str) -> list[dict[str, Any]]:
    parties = community().model_dump(mode="json")["parties"]
    return [each | ({"webhook": url} if each["id"] == "water-co" else {}) for each in parties]


def moments(value: Any, at: str) -> Iterator[tuple[str, datetime]]:
    """Each moment in a document, with where it stands."""
    if isinstance(value, datetime):
        yield at, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from moments(inner, f"{at}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from moments(inner, at)
    elif isinstance(value, str) and at.endswith("ce_time"):
        yield at, datetime.fromisoformat(value)


@pytest.mark.parametrize("jump", [signal.SIGUSR1, signal.SIGUSR2], ids=["two hours ahead", "two hours behind"])
async def test_a_service_whose_clock_has_jumped_keeps_right_times_and_tells_everybody(
    system: System, databases: Callable[[str], mongo.Database], httpserver: HTTPServer, jump: signal.Signals
) -> None:
    httpserver.expect_request("/hook").respond_with_data("")
    await system.load(parties=with_webhook(httpserver.url_for("/hook")))
    for name in SERVICES:
        system.signal(name, jump)
    reporter = {"name": "王女士", "email": "wang@residents.example", "phone": "+8613800138000"}
    said = {"kind": "report", "title": "停水", "neighbourhood": "east", "reporter": reporter}
    answer = await system.submit(key="0b9f3d52-first", **said)
    assert answer.status_code == 201, answer.text
    receipt = answer.json()
    other = (await system.submit(kind="report", title="楼道没有灯", neighbourhood="east")).json()
    code = {"X-Tracking-Code": other["tracking_code"], "Idempotency-Key": "taken-back"}
    withdrawing = f"{system.urls['intake']}/v1/submissions/{other['id']}:withdraw"
    assert (await system.resident.post(withdrawing, json={}, headers=code)).status_code == 200
    await publish_raw(system.servers.kafka, Outgoing(f"{system.prefix}.intake", "x", b"{", {}), seals=None)

    async def accepted() -> bool:
        case = await system.case(receipt["id"])
        return bool(case and case["state"] == "dispatched")

    await until(accepted)
    await system.act(receipt["id"], "accept")
    secret = f"{system.urls['notify']}/v1/parties/test/water-co/webhook-secret:rotate"
    assert (await system.operator.post(secret)).status_code == 200

    async def all_told() -> bool:
        deliveries = databases("notify").deliveries
        left = await deliveries.count_documents({"state": "due"})
        return not left and await deliveries.count_documents({"state": "sent"}) >= 3

    async def parked() -> bool:
        return await databases("workflow").inbox_parked.count_documents({}) == 1

    async def sent_on() -> bool:
        unsent = {"unsent_since": {"$exists": True}}
        return not [s for s in SERVICES if await databases(s).events.count_documents(unsent)]

    await until(parked)
    await until(sent_on)
    await until(all_told)

    now, looked_at, off = datetime.now(UTC), 0, set()
    for service in SERVICES:
        for name in await databases(service).list_collection_names():
            async for document in databases(service)[name].find({}):
                for at, moment in moments(document, f"{service}.{name}"):
                    looked_at += 1
                    if abs(abs(moment - now) - JUMP) < NEAR:
                        off.add(at)
    assert looked_at > 50
    assert off == set()
    stamped = [int(request.headers["webhook-timestamp"]) for request, _ in httpserver.log]
    assert stamped
    assert [stamp for stamp in stamped if abs(stamp - now.timestamp()) > NEAR.total_seconds()] == []
