"""`python -m bench [--smoke] [--full] [--only PARTS] [--json FILE]`: measure, print tables, write the results.

Ends with 1 when a part failed, also when all others went well. A goal that is missed is no failure.
"""

import argparse
import asyncio
import platform
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

import psutil
import uvloop
from rich.console import Console

from bench import report
from bench.figures import Figure
from bench.goals import GOALS, judged
from bench.posting import tool
from bench.run import Part, Run, measure
from bench.sizes import PARTS, Sizes, full, smoke
from linli.application.settings import Settings
from linli.storage import mongo
from linli_cli.stack.embedded.jars import KAFKA_VERSION
from tests.support.servers import Servers

RESULTS = Path(__file__).with_name("results.json")
PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
"""Where the tables are shown to people."""
LIBRARIES = ("aiokafka", "motor", "pymongo", "fastapi", "uvicorn", "uvloop", "pydantic", "faststream", "aiosmtplib")


def main() -> int:
    """Every part on the same two servers, started for it."""
    given = parser().parse_args()
    kept = kept_at(given)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # what was started is ended too
    sizes = _sizes(given)
    parts = _parts(given)
    console, begun = Console(stderr=True), time.monotonic()

    def say(line: str) -> None:
        console.print(f"{time.monotonic() - begun:5.0f} s  {line}", markup=False, highlight=False)

    with tempfile.TemporaryDirectory(prefix="linli-bench-", ignore_cleanup_errors=True) as directory:
        servers = Servers(Path(directory))
        servers.start()
        try:
            run = Run(servers, Path(directory) / "logs", sizes, say)
            facts = _facts() | {"smoke": given.smoke, "full": given.full, "servers": asyncio.run(_versions(servers))}

            def keep(figures: Sequence[Figure]) -> None:
                facts["seconds"] = round(time.monotonic() - begun)
                if kept is not None:
                    report.write(kept, report.as_json(facts, figures, judged(GOALS, figures), run.failed))

            figures = measure(run, parts, keep, uvloop.run)
        finally:
            servers.stop()
    verdicts = judged(GOALS, figures)
    report.show(figures, verdicts, run.failed)
    if kept == RESULTS:
        report.into_page(PAGE, figures, verdicts)
    return 1 if run.failed else 0


def kept_at(given: argparse.Namespace) -> Path | None:
    """Where the results go: what a part or a smoke run measured does not take the place of all that was measured."""
    if given.json is not None:
        return cast(Path, given.json)
    return None if given.smoke or given.only else RESULTS


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog="python -m bench", description="How fast Linli is, beside its peers.")
    found.add_argument("--smoke", action="store_true", help="as little as shows that every part runs")
    found.add_argument("--full", action="store_true", help="growth to 1,000,000 cases, memory over as many events")
    found.add_argument("--cases", metavar="N,N", help="growth: with how many cases, such as 100000,1000000")
    found.add_argument("--only", metavar="PARTS", help=f"of {','.join(_named(part) for part in PARTS)}")
    found.add_argument("--rounds", type=int, help="how many times each is measured at most; the median counts")
    found.add_argument(
        "--json",
        type=Path,
        metavar="FILE",
        help="where the results go; else those of a whole run to bench/results.json",
    )
    return found


def _sizes(given: argparse.Namespace) -> Sizes:
    sizes = smoke() if given.smoke else full() if given.full else Sizes()
    if given.cases:
        sizes.cases = tuple(int(cases) for cases in given.cases.split(","))
    sizes.rounds = given.rounds or sizes.rounds
    return sizes


def _parts(given: argparse.Namespace) -> dict[str, Callable[[], Part]]:
    """Loaded when their turn comes: one that cannot be is a part that fails."""
    by_name = {_named(part): part for part in PARTS}
    wanted = given.only.split(",") if given.only else [name for name in by_name if not given.smoke or name != "growth"]
    if unknown := [name for name in wanted if name not in by_name]:
        sys.exit(f"no such part: {', '.join(unknown)}; there are {', '.join(by_name)}")
    return {by_name[name]: partial(_loaded, name) for name in wanted}


def _named(part: str) -> str:
    return part.replace(" ", "-")


def _loaded(name: str) -> Part:
    return cast(Part, import_module(f"bench.{name.replace('-', '_')}"))


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


def _facts() -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
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
    sys.exit(main())
