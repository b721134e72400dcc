"""Posts as fast as it goes from a process of its own: `python -m bench.poster URL BODIES CONNECTIONS SECONDS`.

BODIES is a file with one body a line. Prints the seconds of each answer, and how many failed, as JSON. It imports next
to nothing, for it starts dozens of times in a run.
"""

import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import orjson
import uvloop

PATIENCE = 30.0
"""Seconds after the end that answers are waited for."""


async def post_for(url: str, bodies: Sequence[bytes], connections: int, seconds: float) -> tuple[list[float], int]:
    """The seconds of each answer, and how many failed."""
    over = time.monotonic() + seconds
    times: list[float] = []
    failed = 0

    async def until_over(connection: Connection, count: int) -> None:
        while (begun := time.monotonic()) < over:
            count += 1
            status, _ = await connection.post(bodies[count % len(bodies)])
            if not 200 <= status < 300:
                raise ConnectionError(status)
            times.append(time.monotonic() - begun)

    async def one(first: int) -> None:
        nonlocal failed
        while time.monotonic() < over:
            try:
                async with asyncio.timeout(over + PATIENCE - time.monotonic()), Connection(url) as connection:
                    await until_over(connection, first + len(times))
            except (OSError, EOFError, TimeoutError):
                failed += 1
                await asyncio.sleep(0.01)  # what cannot be connected to is not asked for without end

    await asyncio.gather(*(one(n) for n in range(connections)))
    return times, failed


class Connection:
    """One connection that posts JSON and is kept open. As little as does it: the load shares the machine."""

    def __init__(self, url: str) -> None:
        address, _, self._path = url.removeprefix("http://").partition("/")
        self._host, _, port = address.partition(":")
        self._port = int(port)
        self._head = f"HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: "

    async def __aenter__(self) -> "Connection":
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()

    async def post(self, body: bytes, path: str | None = None) -> tuple[int, bytes]:
        """The answer's status and body; `path` in place of the address's own."""
        to = self._path if path is None else path
        self._writer.write(f"POST /{to} {self._head}{len(body)}\r\n\r\n".encode() + body)
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        return int(head[9:12]), await self._reader.readexactly(length)


if __name__ == "__main__":
    _, url, bodies, connections, seconds = sys.argv
    print(
        orjson.dumps(
            uvloop.run(post_for(url, Path(bodies).read_bytes().splitlines(), int(connections), float(seconds)))
        ).decode()
    )
