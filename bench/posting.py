"""Posting as fast as it goes: with wrk where it is installed, else with processes of our own."""

import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

import orjson

from bench import material

SCRIPT = Path(__file__).with_name("submit.lua")
PROCESSES = 2
ANSWER_WITHIN = 2.0
"""Seconds after which wrk counts an answer as timed out; our own processes count as it does."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What one run came to; times in milliseconds."""

    rate: float
    """Requests a second that were answered with a 2xx."""
    p50: float
    p99: float
    failures: int = 0
    """Connections that broke, answers that were no 2xx, and answers that came after `ANSWER_WITHIN`."""


def tool() -> str:
    """What posts."""
    return "wrk" if shutil.which("wrk") else f"{PROCESSES} Python processes"


async def post(url: str, connections: int, seconds: float) -> Posted:
    """Every connection posts the next when the last is answered. What fails is counted, and the rest goes on."""
    wrk = shutil.which("wrk")
    with tempfile.NamedTemporaryFile("wb", suffix=".jsonl") as bodies:
        bodies.write(b"\n".join(orjson.dumps(body) for body in material.bodies()))
        bodies.flush()
        if wrk:
            return await _with_wrk(wrk, url, connections, seconds, bodies.name)
        return await _with_python(url, connections, seconds, bodies.name)


async def _with_wrk(wrk: str, url: str, connections: int, seconds: float, bodies: str) -> Posted:
    arguments = ["-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "-s", str(SCRIPT), url]
    return parsed((await output_of(wrk, *arguments, BENCH_BODIES=bodies)).decode())


def parsed(output: str) -> Posted:
    """What wrk says with our script, after whatever else it says."""
    figures = json.loads(output.rpartition("FIGURES ")[2])
    taken = figures["requests"] - figures["refused"]
    failures = figures["broken"] + figures["refused"] + figures["late"]
    return Posted(taken / figures["seconds"], figures["p50"], figures["p99"], failures)


async def _with_python(url: str, connections: int, seconds: float, bodies: str) -> Posted:
    shares = [share for n in range(PROCESSES) if (share := len(range(n, connections, PROCESSES)))]
    poster = (sys.executable, "-m", "bench.poster", url, bodies)
    found = await asyncio.gather(*(output_of(*poster, str(share), str(seconds)) for share in shares))
    shared = [orjson.loads(each) for each in found]
    return summed_up([time for times, _ in shared for time in times], sum(failed for _, failed in shared), seconds)


async def output_of(*command: str, **environment: str) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, env={**os.environ, **environment}
    )
    try:
        output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    return output


def summed_up(times: Sequence[float], failed: int, seconds: float) -> Posted:
    """Of the seconds that each answer took, and of how many did not come."""
    late = sum(time > ANSWER_WITHIN for time in times)
    cuts = quantiles(times, n=100) if len(times) > 1 else [*times, 0.0][:1] * 99
    return Posted(len(times) / seconds, cuts[49] * 1e3, cuts[98] * 1e3, failed + late)
