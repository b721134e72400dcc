"""What one connection may cost."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from linli.application.service import Service
from linli.security.auth import OPEN
from linli.web import edge, http_protocol
from linli.web.app import create_app, router
from linli.web.connections import Places
from tests.support.gate import gate_without_limits
from tests.support.servers import free_ports
from tests.support.services import until

MUCH = 60_000_000
"""Bytes; what the buffers of the system hold between the two ends is a tenth of it."""
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture
def places() -> Places:
    """Three for anything, two of them for one address."""
    return Places(most=3, by_address=2)


@pytest.fixture
async def port(places: Places) -> AsyncIterator[int]:
    """A service with nothing but what every service has."""

    async def close() -> None: ...

    (number,) = free_ports(1)
    slow, over = router(prefix="", tags=["t"]), asyncio.Event()

    @slow.get("/slow", dependencies=[OPEN])
    async def answered_at_the_end() -> None:
        await over.wait()

    app = create_app("t", "t", [slow], gate=gate_without_limits(), checks={}, provided={})
    service = Service("t", app, "127.0.0.1", number, {}, close, places=places)
    running = asyncio.create_task(service.run())
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", number)
            writer.close()
            await none_open(places)
            break
        except OSError:
            await asyncio.sleep(0.02)
    yield number
    over.set()
    service.stop()
    await running


async def none_open(places: Places) -> None:
    async def all_gone() -> bool:
        return not places.open

    await until(all_gone)


async def connect(port: int, address: str = "127.0.0.1") -> Connection:
    """From one of this machine's own addresses."""
    return await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))


async def said(connection: Connection, path: str) -> bytes:
    """All that the server answers to one request."""
    connection[1].write(f"GET {path} HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n".encode())
    return await closed(connection)


async def closed(connection: Connection) -> bytes:
    """What the server says before it closes."""
    reader, writer = connection
    try:
        return await asyncio.wait_for(reader.read(), 10)
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


async def test_who_is_answered_before_all_is_sent_may_finish_and_then_ask_anew(port: int) -> None:
    connection = reader, writer = await connect(port)
    head = f"POST /nowhere HTTP/1.1\r\nHost: t\r\nContent-Length: {2_000_000}\r\n\r\n"
    writer.write(head.encode())
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 404 "), "and the rest was not waited for"
    for _ in range(20):  # in pieces, each of them larger than a head may be
        writer.write(b"x" * 100_000)
        await writer.drain()
    answers = await said(connection, "/healthz")
    assert b"HTTP/1.1 200 " in answers


async def test_a_head_without_end_is_cut_off_also_behind_a_request_that_is_not_answered_yet(port: int) -> None:
    _, writer = await connect(port)
    writer.write(b"GET /slow HTTP/1.1\r\nHost: t\r\n\r\nGET /healthz HTTP/1.1\r\nHost: t\r\nX-Long: ")
    await ends_meanwhile(writer, b"x" * 10_000)


@pytest.mark.parametrize("endless", [b"a: b\r\n" * 2_000, b"x" * 10_000], ids=["headers", "one header"])
@pytest.mark.parametrize("path", [b"/slow", b"/nowhere"], ids=["not answered yet", "answered"])
async def test_what_is_behind_a_body_has_an_end_too(port: int, path: bytes, endless: bytes) -> None:
    _, writer = await connect(port)
    writer.write(b"GET " + path + b" HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n0\r\na: ")
    await ends_meanwhile(writer, endless)


async def test_what_is_beside_chunks_has_an_end_too(port: int) -> None:
    _, writer = await connect(port)
    writer.write(b"GET /nowhere HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n5;")
    await ends_meanwhile(writer, b"x" * 10_000)


async def test_requests_do_not_wait_in_a_row_without_end(port: int) -> None:
    _, writer = await connect(port)
    writer.write(b"GET /slow HTTP/1.1\r\nHost: t\r\n\r\n")
    await ends_meanwhile(writer, b"GET /healthz HTTP/1.1\r\nHost: t\r\n\r\n" * 100)


async def ends_meanwhile(writer: asyncio.StreamWriter, endless: bytes) -> None:
    """The server ends the connection while this is sent to it again and again."""
    with pytest.raises(OSError):
        for _ in range(1_000):
            writer.write(endless)
            await writer.drain()
            await asyncio.sleep(0)
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


async def test_one_address_has_its_share_of_the_connections_and_others_theirs(port: int) -> None:
    held = [await connect(port), await connect(port)]
    over = await closed(await connect(port))
    assert over.startswith(b"HTTP/1.1 429")
    assert b"urn:linli:problem:too_many_connections" in over
    assert (await said(await connect(port, "127.0.0.2"), "/healthz")).startswith(b"HTTP/1.1 200")
    held[0][1].close()

    async def there_is_room() -> bool:
        return (await said(await connect(port), "/healthz")).startswith(b"HTTP/1.1 200")

    await until(there_is_room)
    held[1][1].close()


async def test_when_all_places_are_taken_health_is_still_answered_and_nothing_else(port: int) -> None:
    held = [await connect(port, f"127.0.0.{n}") for n in (2, 3, 4)]
    assert (await said(await connect(port), "/healthz")).startswith(b"HTTP/1.1 200")
    assert (await said(await connect(port), "/readyz")).startswith(b"HTTP/1.1 200")
    refused = await said(await connect(port), "/metrics")
    assert refused.startswith(b"HTTP/1.1 503")
    assert b"urn:linli:problem:overloaded" in refused
    for _, writer in held:
        writer.close()


async def test_a_client_that_does_not_read_is_cut_off(
    port: int, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_protocol, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(http_protocol, "READ_SECONDS", 0.3)
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        client.connect(("127.0.0.1", port))
        client.setblocking(False)
        asked = b"GET /openapi.json HTTP/1.1\r\nHost: t\r\n\r\n"

        async def ask_on() -> bool:
            try:
                client.send(asked * 100)
            except BlockingIOError:
                pass
            except OSError:
                return True
            return not places.open

        await until(ask_on)
    await none_open(places)


async def test_a_client_that_reads_slowly_and_on_gets_all_of_it(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_protocol, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(http_protocol, "READ_SECONDS", 0.5)
    reader, writer = await connect(port)
    asked, seen = 0, 0
    while seen < 320:
        if seen == asked:
            writer.write(b"GET /metrics HTTP/1.1\r\nHost: t\r\n\r\n" * http_protocol.MOST_IN_A_ROW)
            asked += http_protocol.MOST_IN_A_ROW
        part = await asyncio.wait_for(reader.read(65_536), 10)
        assert part, "it was cut off"
        seen += part.count(b"HTTP/1.1 200")
        await asyncio.sleep(0.005)  # what a slow line takes
    writer.close()
