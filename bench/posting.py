"""Posting as fast as it goes: with wrk where it is installed, else with processes of our own."""

import asyncio
import json
import multiprocessing
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

import orjson
import uvloop

from bench import material

SCRIPT = Path(__file__).with_name("submit.lua")
PROCESSES = 2


@dataclass(frozen=True, slots=True)
class Posted:
    """What one run came to; times in milliseconds."""

    rate: float
    p50: float
    p99: float


def tool() -> str:
    """What posts."""
    return "wrk" if shutil.which("wrk") else f"{PROCESSES} Python processes"


async def post(url: str, connections: int, seconds: float) -> Posted:
    """Every connection posts the next when the last is answered. Fails when an answer is not a 2xx."""
    wrk = shutil.which("wrk")
    return await (_with_wrk(wrk, url, connections, seconds) if wrk else _with_python(url, connections, seconds))


async def _with_wrk(wrk: str, url: str, connections: int, seconds: float) -> Posted:
    with tempfile.NamedTemporaryFile("wb", suffix=".jsonl") as bodies:
        bodies.write(b"\n".join(orjson.dumps(body) for body in material.bodies()))
        bodies.flush()
        arguments = ["-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "-s", str(SCRIPT), url]
        process = await asyncio.create_subprocess_exec(
            wrk, *arguments, stdout=asyncio.subprocess.PIPE, env={"BENCH_BODIES": bodies.name}
        )
        output, _ = await process.communicate()
    figures = json.loads(output.decode().rpartition("FIGURES ")[2])
    assert not figures["failed"], f"{figures['failed']} answers were no 2xx: {output.decode()}"
    return Posted(figures["requests"] / figures["seconds"], figures["p50"], figures["p99"])


async def _with_python(url: str, connections: int, seconds: float) -> Posted:
    shares = [share for n in range(PROCESSES) if (share := len(range(n, connections, PROCESSES)))]
    with multiprocessing.get_context("spawn").Pool(len(shares)) as pool:
        found = await asyncio.to_thread(pool.starmap, _share, [(url, share, seconds) for share in shares])
    times = sorted(time for those in found for time in those)
    cuts = quantiles(times, n=100) if len(times) > 1 else times * 99
    return Posted(len(times) / seconds, cuts[49] * 1e3, cuts[98] * 1e3)


def _share(url: str, connections: int, seconds: float) -> list[float]:
    return uvloop.run(_post_for(url, connections, seconds))


async def _post_for(url: str, connections: int, seconds: float) -> list[float]:
    over = time.monotonic() + seconds
    bodies = [orjson.dumps(body) for body in material.bodies()]
    times: list[float] = []

    async def one(first: int) -> None:
        async with Connection(url) as connection:
            count = first
            while (begun := time.monotonic()) < over:
                count += 1
                status, _ = await connection.post(bodies[count % len(bodies)])
                assert 200 <= status < 300, status
                times.append(time.monotonic() - begun)

    await asyncio.gather(*(one(n) for n in range(connections)))
    return times


class Connection:
    """One connection that posts JSON and is kept open. As little as does it: the load shares the machine."""

    def __init__(self, url: str) -> None:
        address, _, path = url.removeprefix("http://").partition("/")
        self._host, _, port = address.partition(":")
        self._port = int(port)
        self._head = f"POST /{path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: "

    async def __aenter__(self) -> "Connection":
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()

    async def post(self, body: bytes) -> tuple[int, bytes]:
        """The answer's status and body."""
        self._writer.write(f"{self._head}{len(body)}\r\n\r\n".encode() + body)
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        return int(head[9:12]), await self._reader.readexactly(length)
