"""Requests as no browser sends them: nothing is answered from another address than was asked for."""

import asyncio
from urllib.parse import urlsplit

import pytest

from tests.support.portal import Visitor
from tests.support.services import until
from tests.support.system import System

UPWARDS = (b"..", b"%2e%2e", b".%2E", b"%2F..%2F..", b"x\\..", b"te%0Ast", b"te%3Fst", "小区".encode())


async def raw(url: str, target: bytes, key: str, accept: str = "application/json") -> tuple[int, str]:
    """The status and the answer to a request line as it is written here."""
    at = urlsplit(url)
    reader, writer = await asyncio.open_connection(at.hostname, at.port)
    head = f"Host: {at.netloc}\r\nAuthorization: Bearer {key}\r\nAccept: {accept}\r\nConnection: close\r\n\r\n"
    writer.write(b"GET " + target + b" HTTP/1.1\r\n" + head.encode())
    answer = await asyncio.wait_for(reader.read(), 30)
    writer.close()
    return int(answer.split(b" ", 2)[1]), answer.partition(b"\r\n\r\n")[2].decode()


@pytest.fixture(scope="module")
async def key(system: System) -> str:
    return (system.servers.secrets_dir / "operator.key").read_text().strip()


@pytest.mark.parametrize("upwards", UPWARDS)
async def test_an_operators_key_opens_nothing_of_staffs_by_a_detour(system: System, key: str, upwards: bytes) -> None:
    id = (await system.submit(kind="report", title="东门路灯不亮", neighbourhood="east")).json()["id"]

    async def opened() -> bool:
        return await system.case(id) is not None

    await until(opened)
    url = system.urls["portal"]
    for path in (b"/v1/neighbourhoods/%s/cases", b"/v1/services/%s", b"/v1/track/%s/words", b"/v1/letters/%s"):
        status, text = await raw(url, path % upwards, key)
        assert status in {400, 404, 405}, (path, text)
        assert id not in text
    for path in (b"/n/%s/cases", b"/n/test/%s", b"/n/%s/x/feed.json", b"/report/outlines/%s"):
        status, text = await raw(url, path % upwards, key)
        assert status in {400, 404, 422}, (path, text)
        assert id not in text


async def test_a_page_never_reads_the_live_stream(system: System, key: str) -> None:
    for target in (b"/n/../changes%3Fseconds=3600", b"/n/%2e%2e/changes%3Fseconds=3600"):
        status, _ = await raw(system.urls["portal"], target, key)
        assert status == 422


async def test_two_ids_are_two_requests(system: System, anybody: Visitor) -> None:
    sent = [await system.submit(kind="report", title="路灯", neighbourhood="east", category="water") for _ in range(2)]
    ids = {each.json()["id"] for each in sent}

    async def told() -> bool:
        asked = [("community", "test"), *(("id", id) for id in ids)]
        answer = await anybody.http.get("/v1/requests", params=asked, headers={"Accept": "application/json"})
        return {each["id"] for each in answer.json()["items"]} == ids

    await until(told)
