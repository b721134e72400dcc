"""A service that is too large, or whose clock is behind.

`python -m tests.monitoring.odd_service SERVICE large MEBIBYTES` or `… SERVICE behind HOURS`. Clocks that only count on
(monotonic) are left alone.
"""

import sys
from datetime import UTC, datetime, timedelta

import time_machine
import uvloop

from linli.application.telemetry import configure_logs
from tests.support.mutants import serve

if __name__ == "__main__":
    service, how, number = sys.argv[1], sys.argv[2], int(sys.argv[3])
    configure_logs(service, "INFO")
    if how == "large":
        ballast = b"\1" * (number * 2**20)  # each page is written to, so that it is in memory
    else:
        time_machine.travel(datetime.now(UTC) - timedelta(hours=number), tick=True).start()
    sys.exit(0 if uvloop.run(serve(service)) else 1)
