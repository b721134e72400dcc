"""Looking at one address as fast as it goes, with wrk."""

import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.posting import output_of

SCRIPT = Path(__file__).with_name("look.lua")


@dataclass(frozen=True, slots=True)
class Looked:
    """What one run came to."""

    rate: float
    """Requests a second that were answered with a 2xx."""
    p95: float
    """Milliseconds."""
    failures: int
    """Connections that broke, answers that were no 2xx, and answers that came after ten seconds."""


async def look(url: str, connections: int, seconds: float, who: Sequence[str]) -> Looked:
    """Every connection asks again when it is answered, each time as the next of `who`: a header, `Cookie: …`.

    Raises FileNotFoundError without wrk.
    """
    if (wrk := shutil.which("wrk")) is None:
        raise FileNotFoundError("wrk is missing: on Debian and Ubuntu, apt install wrk")
    with tempfile.NamedTemporaryFile("w", suffix=".headers") as people:
        people.write("\n".join(who))
        people.flush()
        lasts = ("-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "10s")
        output = await output_of(wrk, *lasts, "-s", str(SCRIPT), url, BENCH_WHO=people.name)
    found = json.loads(output.decode().rpartition("FIGURES ")[2])
    taken = found["requests"] - found["refused"]
    return Looked(taken / found["seconds"], found["p95"], found["broken"] + found["refused"] + found["late"])
