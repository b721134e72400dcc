"""`python -m bench [--smoke] [--full] [--only PARTS] [--json FILE]`: measure, print a table, write the results."""

import argparse
import asyncio
import platform
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
import uvloop
from rich.console import Console

from bench import accept, apply, deadlines, deliver, end_to_end, growth
from bench.figures import Figure, into_page, show, write
from bench.posting import tool
from bench.stage import SMOKE, Sizes
from linli.application.settings import Settings
from linli.storage import mongo
from linli_cli.stack.embedded.jars import KAFKA_VERSION
from tests.support.servers import Servers

PARTS = {
    "accept": accept.measure,
    "apply": apply.measure,
    "deliver": deliver.measure,
    "end-to-end": end_to_end.measure,
    "deadlines": deadlines.measure,
    "growth": growth.measure,
}
RESULTS = Path(__file__).with_name("results.json")
PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
"""Where the table is shown to people."""
LIBRARIES = ("aiokafka", "motor", "pymongo", "fastapi", "uvicorn", "uvloop", "pydantic", "faststream")


def main() -> None:
    """Every part on the same two servers, started for it."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="How fast Linli is, beside its peers.")
    parser.add_argument("--smoke", action="store_true", help="as little as shows that every part runs")
    parser.add_argument("--full", action="store_true", help="growth to 1,000,000 cases, memory over as many")
    parser.add_argument("--cases", metavar="N,N", help="growth: with how many cases, such as 100000,1000000")
    parser.add_argument("--only", metavar="PARTS", help=f"of {','.join(PARTS)}")
    parser.add_argument("--rounds", type=int, help="how many times each is measured; the median counts")
    parser.add_argument("--json", type=Path, default=RESULTS, metavar="FILE", help="where the results go")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # what was started is ended too
    sizes = SMOKE if given.smoke else Sizes()
    parts = given.only.split(",") if given.only else [name for name in PARTS if not given.smoke or name != "growth"]
    if given.full:
        sizes.cases, sizes.remembered = (*sizes.cases, 1_000_000), 1_000_000
    if given.cases:
        sizes.cases = tuple(int(cases) for cases in given.cases.split(","))
    sizes.rounds = given.rounds or sizes.rounds
    with tempfile.TemporaryDirectory(prefix="linli-bench-", ignore_cleanup_errors=True) as directory:
        figures, servers = _measured(Path(directory), parts, sizes)
    show(figures)
    write(given.json, _facts(given.smoke) | {"servers": servers}, figures)
    if given.json == RESULTS and not given.smoke:
        into_page(PAGE, RESULTS)


def _measured(directory: Path, parts: list[str], sizes: Sizes) -> tuple[list[Figure], dict[str, str]]:
    servers, console = Servers(directory), Console(stderr=True)
    servers.start()
    try:
        figures = []
        for name in parts:
            begun = time.monotonic()
            figures += uvloop.run(PARTS[name](servers, directory / "logs", sizes))
            console.print(f"{name}: {time.monotonic() - begun:.0f} s")
        return figures, asyncio.run(_versions(servers))
    finally:
        servers.stop()


async def _versions(servers: Servers) -> dict[str, str]:
    settings = Settings(
        mongo_uri=servers.mongo_uri,
        mongo_username=servers.mongo_username,
        mongo_password_file=servers.mongo_password_file,
    )
    client = mongo.connect(settings)
    try:
        return {"kafka": KAFKA_VERSION, "mongodb": (await client.admin.command("buildInfo"))["version"]}
    finally:
        client.close()


def _facts(smoke: bool) -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "smoke": smoke,
        "machine": {
            "processor": _processor(),
            "cores": psutil.cpu_count(),
            "memory_gb": round(psutil.virtual_memory().total / 1e9),
            "system": platform.platform(),
        },
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "load": tool(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


if __name__ == "__main__":
    main()
