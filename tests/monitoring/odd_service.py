"""A service that is too large, whose clock is behind, whose Kafka client dies again and again, or whose papers
have too little memory.

`python -m tests.monitoring.odd_service SERVICE large MEBIBYTES`, `… behind HOURS`, `… frail SECONDS` or
`… cramped MEBIBYTES`. Clocks that only count on (monotonic) are left alone.
"""

import asyncio
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import time_machine
import uvloop

from linli.application.telemetry import configure_logs
from linli.messaging.kafka import GroupReader
from neighbourhood.papers import press
from neighbourhood.papers.press import Press
from tests.support.mutants import serve


def frail(seconds: int) -> None:
    """So long after each start of the group's client its task that looks for brokers ends (docs/adr/0006)."""
    start = GroupReader.start

    async def start_to_die(reader: GroupReader) -> None:
        await start(reader)
        inner = reader._consumer._client
        asyncio.get_running_loop().call_later(seconds, inner._sync_task.cancel)

    GroupReader.start = start_to_die  # type: ignore[method-assign]


if __name__ == "__main__":
    service, how, number = sys.argv[1], sys.argv[2], int(sys.argv[3])
    configure_logs(service, "INFO")
    if how == "large":
        ballast = b"\1" * (number * 2**20)  # each page is written to, so that it is in memory
    elif how == "cramped":
        Press.__init__.__defaults__ = (replace(press.BOUNDS, memory=number * press.MB),)  # type: ignore[misc]
    elif how == "frail":
        frail(number)
    else:
        time_machine.travel(datetime.now(UTC) - timedelta(hours=number), tick=True).start()
    sys.exit(0 if uvloop.run(serve(service)) else 1)
