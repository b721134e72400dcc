"""Residents behind the portal have each their own limits at the services, which trust no proxy."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from linli.web.vouching import HEADER, Voucher
from tests.support.portal import portal_beside
from tests.support.servers import Servers
from tests.support.services import PATIENCE, until
from tests.support.system import PORTAL, System, system_on

REPORT = {"kind": "report", "title": "灯坏了", "neighbourhood": "east"}


@pytest.fixture(scope="module")
async def system(stack: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """A proxy is in front of the portal; the services have the portal in front of them, and may be asked directly."""
    async with system_on(stack, Path(tmp_path_factory.mktemp("logs"))) as running, portal_beside(running):
        running.kill(PORTAL)
        running.launch(PORTAL, LINLI_TRUSTED_PROXIES="127.0.0.0/8")
        running.kill("intake")
        running.launch("intake", LINLI_RATE_SUBMISSIONS="2/hour")
        for name in (PORTAL, "intake"):
            await running.ready(name)
        yield running


async def reports(system: System, at: str, times: int, **headers: str) -> list[int]:
    url = f"{system.urls[at]}/v1/submissions"
    return [(await system.resident.post(url, json=REPORT, headers=headers)).status_code for _ in range(times)]


async def test_each_resident_behind_the_portal_has_their_own_limit(system: System) -> None:
    for address in ("203.0.113.7", "203.0.113.8", "2001:db8::7"):
        assert await reports(system, PORTAL, 3, **{"X-Forwarded-For": address}) == [201, 201, 429]
    assert await reports(system, PORTAL, 1, **{"X-Forwarded-For": "2001:db8::8"}) == [429], "the same /64"


async def test_nobody_names_an_address_of_their_own_to_a_service(system: System) -> None:
    made_up = {HEADER: Voucher("no key").said("203.0.113.20"), "X-Forwarded-For": "203.0.113.20"}
    assert await reports(system, "intake", 3, **made_up) == [201, 201, 429]
    assert await reports(system, "intake", 1, **{HEADER: "203.0.113.21 " + "0" * 64}) == [429]


async def test_the_portal_passes_on_nobody_else_s_word(system: System) -> None:
    word = Voucher((system.servers.secrets_dir / "portal.key").read_text().strip()).said("203.0.113.30")
    theirs = {HEADER: word, "X-Forwarded-For": "203.0.113.31"}
    assert await reports(system, PORTAL, 2, **theirs) == [201, 201]
    assert await reports(system, PORTAL, 1, **{"X-Forwarded-For": "203.0.113.30"}) == [201]


async def test_whoever_follows_in_crowds_leaves_room_for_the_portal_itself(system: System) -> None:
    url, by = f"{system.urls[PORTAL]}/v1/submissions", {"X-Forwarded-For": "203.0.113.40"}
    sent = (await system.resident.post(url, json=REPORT, headers=by)).json()
    code = sent["tracking_code"]

    stream = f"{system.urls[PORTAL]}/v1/stream"

    async def known() -> bool:
        """To notify, whose stream it is."""
        async with system.resident.stream("GET", stream, params={"track": code}, headers=by) as answer:
            return answer.status_code == 200

    await until(known)
    statuses: dict[str, list[int]] = {}
    async with AsyncExitStack() as open_ones, httpx2.AsyncClient(timeout=PATIENCE) as crowd:
        for n in range(6):
            address = f"203.0.113.{50 + n}"
            for _ in range(12):
                asked = crowd.stream("GET", stream, params={"track": code}, headers={"X-Forwarded-For": address})
                answer = await open_ones.enter_async_context(asked)
                statuses.setdefault(address, []).append(answer.status_code)
        assert all(each.count(200) <= 10 for each in statuses.values()), statuses
        assert sum(each.count(200) for each in statuses.values()) <= 50
        assert statuses["203.0.113.50"] == [200] * 10 + [429] * 2
        letter = await system.resident.get(f"{system.urls[PORTAL]}/v1/letters/no-such-token")
        assert letter.status_code == 404, "notify answers the portal as before"


async def test_who_sends_slowly_takes_no_place_at_a_service(system: System) -> None:
    place = urlsplit(system.urls[PORTAL])
    assert place.port
    async with AsyncExitStack() as slow_ones:
        for n in range(60):
            _, writer = await asyncio.open_connection(place.hostname, place.port)
            slow_ones.callback(writer.close)
            head = f"POST /v1/submissions:similar HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.{100 + n}\r\n"
            writer.write(f"{head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{".encode())
            await writer.drain()
        asked = {"kind": "report", "title": "灯坏了", "neighbourhood": "east"}
        similar, by = f"{system.urls[PORTAL]}/v1/submissions:similar", {"X-Forwarded-For": "203.0.113.41"}
        answer = await system.resident.post(similar, json=asked, headers=by, timeout=PATIENCE)
        assert answer.status_code == 200, answer.text
