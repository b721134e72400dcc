"""Starts a confined process, gives it its work, and hears what it says. However that ends, the process is gone."""

import asyncio
import contextlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one piece of work gets: bytes of memory, seconds of a processor and by the clock, bytes of an answer."""

    memory: int
    seconds: int
    wall: float
    most_out: int


class Died(Exception):
    """The process ended at a bound, or by itself without an answer: the work is at fault."""

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how


class NotBegun(Exception):
    """The machine has no room for the process now: the work is not at fault."""


async def answer(module: str, work: bytes, bounds: Bounds, arguments: Sequence[str] = ()) -> bytes:
    """What `python -m MODULE MEMORY SECONDS ARGUMENTS…` says to `work` on its stdin. Raises `Died`, `NotBegun`.

    It has nothing of ours: no secret, no path of one.
    """
    try:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-m", module, str(bounds.memory), str(bounds.seconds), *arguments),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"MALLOC_ARENA_MAX": "1"},
        )
    except OSError as error:  # no memory or no place for another process
        log.warning("process_not_begun", module=module, error=type(error).__name__)
        raise NotBegun from error
    return await _heard(child, work, bounds)


async def _heard(child: asyncio.subprocess.Process, work: bytes, bounds: Bounds) -> bytes:
    try:
        async with asyncio.timeout(bounds.wall):
            out = await _exchanged(child, work, bounds.most_out)
            code = await child.wait()
    except TimeoutError:
        # One that worked all the time is at fault; one that hardly came to it is not.
        raise Died("too slow") if _worked(child.pid) > bounds.seconds / 2 else NotBegun from None
    finally:
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    if code != 0 or not out:
        raise Died("by itself" if code >= 0 else f"signal {-code}")
    return out


async def _exchanged(child: asyncio.subprocess.Process, work: bytes, most_out: int) -> bytes:
    assert child.stdin is not None and child.stdout is not None
    with contextlib.suppress(ConnectionError, RuntimeError):  # it ended before it had read all; the other is uvloop's
        child.stdin.write(work)
        await child.stdin.drain()
        child.stdin.close()
    pieces: list[bytes] = []
    while piece := await child.stdout.read(256 * 1024):
        pieces.append(piece)
        if sum(map(len, pieces)) > most_out:  # something else is speaking
            child.kill()
            break
    return b"".join(pieces)


def _worked(pid: int) -> float:
    """Seconds of a processor that a process has had."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return 0.0
