"""What one connection may cost."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from linli import edge, http_protocol
from linli.service import Service
from linli.web import create_app
from tests.support.gate import gate_without_limits
from tests.support.servers import free_ports

MUCH = 60_000_000
"""Bytes; what the buffers of the system hold between the two ends is a tenth of it."""
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """A service with nothing but what every service has."""

    async def close() -> None: ...

    (number,) = free_ports(1)
    app = create_app("t", "t", [], gate=gate_without_limits(), checks={}, state={})
    service = Service("t", app, "127.0.0.1", number, {}, close)
    running = asyncio.create_task(service.run())
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", number)
            writer.close()
            break
        except OSError:
            await asyncio.sleep(0.02)
    yield number
    service.stop()
    await running


async def connect(port: int) -> Connection:
    return await asyncio.open_connection("127.0.0.1", port)


async def closed(connection: Connection) -> bytes:
    """What the server says before it closes."""
    reader, writer = connection
    try:
        return await asyncio.wait_for(reader.read(), 10)
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


async def test_a_head_without_end_is_cut_off(port: int) -> None:
    reader, writer = await connect(port)
    writer.write(b"GET /healthz HTTP/1.1\r\n")
    sent = 0
    try:
        while sent < MUCH:
            writer.write(b"a: b\r\n" * 10_000)
            sent += 60_000
            await writer.drain()
    except (ConnectionResetError, BrokenPipeError):
        pass
    await closed((reader, writer))
    assert sent < MUCH


async def test_a_head_that_does_not_come_ends_the_connection(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_protocol, "HEAD_SECONDS", 0.3)
    silent, half = await connect(port), await connect(port)
    half[1].write(b"GET /healthz HT")
    assert await closed(silent) == b""
    assert await closed(half) == b""


async def test_a_kept_connection_serves_one_request_after_another(port: int) -> None:
    reader, writer = await connect(port)
    for _ in range(3):
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: t\r\n\r\n")
        assert b"200 OK" in await reader.readuntil(b'{"status":"ok"}')
    writer.close()


async def test_a_body_that_trickles_is_given_up(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "BODY_SECONDS", 0.3)
    reader, writer = await connect(port)
    writer.write(b"POST /v1/nothing HTTP/1.1\r\nHost: t\r\nContent-Length: 100\r\n\r\nx")
    said = await closed((reader, writer))
    assert said.split(b"\r\n")[0] in (b"HTTP/1.1 404 Not Found", b"HTTP/1.1 408 Request Timeout")
