"""`python -m tests.faults`: hurt a system of its own on a seeded schedule and say what became of it.

Exit code 0 when nothing was lost, doubled or otherwise damaged and every fault was recovered from.
"""

import argparse
import asyncio
import json
import signal
import sys
import tempfile
import time
from pathlib import Path
from random import Random

import structlog

from tests.faults.arena import arena_on
from tests.faults.kinds import FAULTS
from tests.faults.schedule import Outcome, run
from tests.support.servers import ProxiedServers


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=int(time.time()), help="the same seed, the same schedule")
    parser.add_argument("--faults", type=int, default=len(FAULTS), help="how many (all kinds once)")
    parser.add_argument("--seconds", type=float, default=3_600, help="no new fault begins after so many")
    parser.add_argument("--submissions", type=int, default=0, help="go on until so many are accepted")
    parser.add_argument("--rate", type=float, default=40, help="submissions a second, as far as they are taken")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.add_argument("--only", action="append", choices=sorted(FAULTS), metavar="NAME", help="such (repeatable)")
    parser.add_argument("--list", action="store_true", help="name all kinds and end")
    parser.add_argument("--keep", type=Path, help="a directory for data and logs, kept afterwards")
    return parser.parse_args()


async def suffer(asked: argparse.Namespace, directory: Path) -> Outcome:
    servers = ProxiedServers(directory / "servers")
    try:
        servers.start()
        async with arena_on(servers, directory, Random(asked.seed), asked.rate) as arena:
            return await run(
                arena,
                asked.seed,
                asked.only or list(FAULTS),
                faults=asked.faults,
                seconds=asked.seconds,
                submissions=asked.submissions,
                say=lambda piece: print(piece, end="", flush=True),
            )
    finally:
        servers.stop()


def main() -> int:
    asked = options()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what is mounted and started is cleaned up all the same
    if asked.list:
        print("\n".join(FAULTS))
        return 0
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    print(f"seed {asked.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="linli-faults-") as temporary:
        outcome = asyncio.run(suffer(asked, asked.keep or Path(temporary)))
    figures = outcome.figures()
    for name, value in figures.items():
        print(f"{name:36} {value}")
    for line in outcome.verdict.lines():
        print(line)
    if asked.json:
        asked.json.write_text(json.dumps(figures | {"damage": outcome.verdict.lines()}, ensure_ascii=False, indent=2))
    return 0 if outcome.verdict.sound and not figures["not_recovered"] else 1


if __name__ == "__main__":
    sys.exit(main())
