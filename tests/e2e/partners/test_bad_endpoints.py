"""Endpoints that hang, send elsewhere, or are not who they say: what is for them waits, and nobody else does."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.certificates import self_signed
from tests.support.company_endpoint import Endpoint
from tests.support.databases import databases_of
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import System, system_on


@pytest.fixture
def hook() -> Iterator[Endpoint]:
    endpoint = Endpoint()
    yield endpoint
    endpoint.close()


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    settings = {"LINLI_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8", "LINLI_WEBHOOK_TIMEOUT": "1"}
    async with system_on(stack, tmp_path_factory.mktemp("logs"), **settings) as running:
        await running.load()
        for party in ("water-co", "estate"):
            body = {"community": "test", "party": party}
            await running.operator.post(f"{running.urls['workflow']}/v1/partners", json=body)
        yield running


def path(system: System, rest: str = "", party: str = "water-co") -> str:
    return f"{system.urls['notify']}/v1/endpoints/test/{party}{rest}"


async def put(system: System, url: str, party: str = "water-co") -> None:
    answer = await system.operator.put(path(system, party=party), json={"url": url})
    assert answer.status_code == 200, answer.text


async def reported(system: System, **said: Any) -> str:
    body = {"kind": "report", "title": "停水了", "neighbourhood": "east"} | said
    return str((await system.submit(**body)).json()["id"])


async def tried_in_vain(system: System, reason: str) -> None:
    """Wait until the newest try has come to that."""

    async def so() -> bool:
        view = (await system.operator.get(path(system))).json()
        tries = (await system.operator.get(path(system, "/tries"))).json()["items"]
        return bool(view["failing_since"] and tries and tries[0]["reason"] == reason)

    await until(so)


async def comes(hook: Endpoint, case: str) -> None:
    async def posted() -> bool:
        return case in [event["data"].get("case_id") for event in hook.got]

    await until(posted)


async def test_one_that_hangs_is_given_up_on_in_time_and_others_are_told_meanwhile(
    system: System, hook: Endpoint
) -> None:
    other = Endpoint()
    try:
        await put(system, hook.url)
        await put(system, other.url, party="estate")
        hook.answering.clear()
        id = await reported(system)
        await tried_in_vain(system, "timeout")
        await comes(other, await reported(system, title="电梯坏了", category="facilities.lift"))
        assert hook.got == []
        hook.answering.set()
        await put(system, hook.url)
        await comes(hook, id)
    finally:
        other.close()


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_one_that_sends_elsewhere_is_not_followed_and_nothing_is_passed_over(
    system: System, hook: Endpoint, status: int
) -> None:
    elsewhere = Endpoint()
    try:
        await put(system, hook.url)
        hook.status, hook.location = status, elsewhere.url
        id = await reported(system)
        await tried_in_vain(system, f"http_{status}")
        assert elsewhere.calls == 0
        hook.status, hook.location = 200, None
        await put(system, hook.url)
        await comes(hook, id)
    finally:
        elsewhere.close()


async def test_one_whose_certificate_is_nobody_s_is_told_nothing(
    system: System, hook: Endpoint, tmp_path: Path
) -> None:
    impostor = Endpoint(self_signed(tmp_path, "127.0.0.1"))
    try:
        refused = await system.operator.put(path(system), json={"url": impostor.url})
        assert (refused.status_code, refused.json()["reason"]) == (422, "unreachable")
        await put(system, hook.url)
        async with databases_of(system) as database:  # as if it had been its own, and has another one since
            moved = {"$set": {"url": impostor.url, "due_at": datetime.now(UTC)}, "$inc": {"version": 1}}
            await database("notify").partner_endpoints.update_one({"_id": "test/water-co"}, moved)
        id = await reported(system)
        await tried_in_vain(system, "unreachable")
        assert impostor.calls == 0, "not even its head was read"
        await put(system, hook.url)
        await comes(hook, id)
    finally:
        impostor.close()
