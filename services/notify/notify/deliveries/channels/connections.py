"""HTTP connections that are kept open between calls.

The client's own pool checks every connection twice per call, with a system call for each idle one: with 64 of them
that was a third of notify's work for a webhook. Here a call checks only the one that it takes.
"""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import httpcore2

from linli.web.calls import trusted

KEPT_FOR = 20.0
"""Seconds after which an idle connection is not used again; it is closed when the next one is opened."""
_Origin: TypeAlias = tuple[bytes, bytes, int | None]


class Connections:
    """At most so many, those under way and those that wait for another call to the same place."""

    def __init__(self, most: int, network: httpcore2.AsyncNetworkBackend | None = None) -> None:
        """`network` connects; the client's own way when None."""
        self._most, self._network = most, network
        self._tls = trusted()
        self._slots = asyncio.Semaphore(most)
        self._under_way = 0
        self._idle: dict[httpcore2.AsyncHTTPConnection, _Origin] = {}
        """The longest idle one first."""

    @asynccontextmanager
    async def post(
        self, url: httpcore2.URL, headers: list[tuple[str, str]], body: bytes
    ) -> AsyncIterator[httpcore2.Response]:
        """Post a body; the answer's own body is still to be read. Whatever was not read ends the connection."""
        origin = (url.scheme, url.host, url.port)
        async with self._slots:
            self._under_way += 1
            try:
                connection = await self._take(url, origin)
                try:
                    async with connection.stream("POST", url, headers=headers, content=body) as response:
                        yield response
                finally:
                    if connection.is_available():
                        self._idle[connection] = origin
                    else:
                        await connection.aclose()
            finally:
                self._under_way -= 1

    async def close(self) -> None:
        """Close those that are idle."""
        while self._idle:
            await self._idle.popitem()[0].aclose()

    async def _take(self, url: httpcore2.URL, origin: _Origin) -> httpcore2.AsyncHTTPConnection:
        """The connection to a place that was used last, if the other end has not closed it; else a new one."""
        while kept := next((each for each, to in reversed(self._idle.items()) if to == origin), None):
            del self._idle[kept]
            if not kept.has_expired():
                return kept
            await kept.aclose()
        await self._make_room()
        return httpcore2.AsyncHTTPConnection(
            url.origin, ssl_context=self._tls, keepalive_expiry=KEPT_FOR, network_backend=self._network
        )

    async def _make_room(self) -> None:
        """Close expired connections, and the longest idle ones if room is needed."""
        for each in [each for each in self._idle if each.has_expired()]:
            if self._idle.pop(each, None):
                await each.aclose()
        while self._idle and len(self._idle) + self._under_way > self._most:
            longest = next(iter(self._idle))
            del self._idle[longest]
            await longest.aclose()


class WrittenAtOnce(httpcore2.AsyncNetworkStream):
    """Holds back what is written until the answer is asked for: head and body of a request go out in one piece.

    The client writes them one after the other, and each write is a call to the system and a packet.
    """

    def __init__(self, stream: httpcore2.AsyncNetworkStream) -> None:
        self._stream, self._held = stream, list[bytes]()

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109  # the client's own
        self._held.append(buffer)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  # the client's own
        if self._held:
            data, self._held = b"".join(self._held), []
            with contextlib.suppress(httpcore2.WriteError):  # the other end may have answered before it had all
                await self._stream.write(data, timeout)
        return await self._stream.read(max_bytes, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  # the client's own
    ) -> httpcore2.AsyncNetworkStream:
        return WrittenAtOnce(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
