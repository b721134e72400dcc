"""A fault is told as one: no list of services is shorter for it, and nothing that was answered is lost."""

from collections.abc import AsyncIterator

import pytest

from tests.support.open311 import CATEGORIES, HERE, LIFT, Open311, program_key
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import PORTAL, System, system_on

FEW = {"LINLI_RATE_RESIDENTS": "5/minute"}


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """A system that has no community yet."""
    async with system_on(stack, tmp_path_factory.mktemp("faults")) as running:
        running.launch(PORTAL)
        await running.ready(PORTAL)
        yield running


async def test_a_fault_makes_no_list_of_services_shorter(system: System) -> None:
    program = Open311(system, "")
    try:
        early = await program.get("services.json")
        assert (early.status_code, early.json()[0]["code"]) == (503, 503), "nothing is loaded: not an empty list"
        assert early.headers["Retry-After"]
        await system.load(categories=CATEGORIES)

        async def listed() -> bool:
            return (await program.get("services.json")).status_code == 200

        await until(listed)
        program.key = await program_key(system)
        known = await program.report()
        system.kill("workflow")
        for path in ("services.json", f"services/{LIFT}.json", "requests.json", f"requests/{known}.json"):
            assert (await program.get(path)).status_code == 503, path

        async def forgotten() -> bool:
            answer = await program.get("services.json", api_key=None)
            assert answer.status_code == 503 or len(answer.json()) == 2, "whole, or not at all"
            return bool(answer.status_code == 503)

        await until(forgotten)
        assert (await system.resident.get(f"{system.urls[PORTAL]}/readyz")).json()["warnings"] == ["workflow"]
        system.launch("workflow")
        await system.ready("workflow")
        system.kill("intake")
        form = {"service_code": LIFT, "description": "电梯", **HERE, "attribute[fixmystreet_id]": "1"}
        refused = await program.post("requests.json", form)
        assert (refused.status_code, refused.json()[0]["code"]) == (503, 503)
        assert len(await program.read("services")) == 2
        system.launch("intake")
        await system.ready("intake")
        sent = [(await program.post("requests.json", form)).json()[0]["service_request_id"] for _ in range(2)]
        assert sent[0] == sent[1]
    finally:
        await program.close()


async def test_who_asks_too_often_without_a_key_waits_and_who_has_one_does_not(system: System) -> None:
    system.kill(PORTAL)
    system.launch(PORTAL, **FEW)
    await system.ready(PORTAL)
    program = Open311(system, await program_key(system))
    try:
        answers = [await program.get("services.json", api_key=None) for _ in range(7)]
        assert [answer.status_code for answer in answers] == [200] * 5 + [503] * 2
        assert answers[-1].headers["Retry-After"]
        assert (await program.get("services.json")).status_code == 200
    finally:
        await program.close()
