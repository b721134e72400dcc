"""An operator sees by which ways a partner reads what it is told, and what it has not read."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.support.keys import party_key
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import System, system_on


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    async with system_on(stack, tmp_path_factory.mktemp("logs")) as running:
        await running.load()
        body = {"community": "test", "party": "water-co"}
        await running.operator.post(f"{running.urls['workflow']}/v1/partners", json=body)
        yield running


async def standing(system: System) -> dict[str, Any]:
    async def known() -> Any:
        answer = await system.operator.get(f"{system.urls['notify']}/v1/partners/test/water-co/standing")
        return answer.json() if answer.status_code == 200 else None

    found: dict[str, Any] = await until(known)
    return found


async def gauge(system: System, name: str) -> list[str]:
    answer = await system.resident.get(f"{system.urls['notify']}/metrics")
    return [line for line in answer.text.splitlines() if line.startswith(name)]


async def test_one_that_never_read_has_something_unread_and_one_that_fetches_has_not(system: System) -> None:
    assert (await standing(system))["unread_since"] is None, "it was told nothing"
    await system.submit(kind="report", title="停水了", neighbourhood="east")

    async def told() -> bool:
        return (await standing(system))["last"] == "1"

    await until(told)
    found = await standing(system)
    assert (found["ways"], found["unread_since"] is None) == ([], False)

    async def seen_by_the_monitoring() -> bool:
        unread = await gauge(system, "linli_notify_partner_events_unread_seconds")
        return len(unread) == 1 and float(unread[0].rpartition(" ")[2]) > 0

    await until(seen_by_the_monitoring)
    water = await party_key(system, "water-co")
    url = f"{system.urls['notify']}/v1/events"

    async def fetched() -> bool:  # once its key is known here
        return (await system.resident.get(url, params={"cursor": "1"}, headers=water)).status_code == 200

    await until(fetched)
    found = await standing(system)
    [way] = found["ways"]
    assert (way["way"], way["cursor"], way["behind"], way["state"]) == ("pull", "1", 0, "on")
    assert way["last_read"]
    assert found["unread_since"] is None

    async def read() -> bool:
        unread = await gauge(system, "linli_notify_partner_events_unread_seconds")
        behind = await gauge(system, "linli_notify_partner_events_behind")
        return [line.rpartition(" ")[2] for line in (*unread, *behind)] == ["0.0", "0.0"]

    await until(read)


async def test_there_is_none_of_a_party_that_there_is_not(system: System) -> None:
    answer = await system.operator.get(f"{system.urls['notify']}/v1/partners/test/nobody/standing")
    assert answer.status_code == 404
