"""A service whose clock jumps: two hours ahead at SIGUSR1, two hours behind at SIGUSR2, right again at SIGHUP.

`python -m tests.support.shifting SERVICE`. Clocks that only count on (monotonic) are left alone, as a real jump does.
"""

import asyncio
import signal
import sys
from datetime import UTC, datetime, timedelta

import time_machine
import uvloop

from linli.application.telemetry import configure_logs
from tests.support.mutants import serve

HOURS = {signal.SIGUSR1: 2, signal.SIGUSR2: -2, signal.SIGHUP: 0}


class Clock:
    """The process's clock, as far from the true one as was asked for."""

    def __init__(self) -> None:
        self._travel: time_machine.travel | None = None

    def jump(self, number: signal.Signals) -> None:
        if self._travel is not None:
            self._travel.stop()
            self._travel = None
        if hours := HOURS[number]:
            self._travel = time_machine.travel(datetime.now(UTC) + timedelta(hours=hours), tick=True)
            self._travel.start()


async def main(service: str) -> bool:
    clock = Clock()
    for number in HOURS:
        asyncio.get_running_loop().add_signal_handler(number, clock.jump, number)
    return await serve(service)


if __name__ == "__main__":
    configure_logs(sys.argv[1], "INFO")
    sys.exit(0 if uvloop.run(main(sys.argv[1])) else 1)
