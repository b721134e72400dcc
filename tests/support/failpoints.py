"""A service that kills itself in the middle of its first full batch, at a named point of the batch's transaction.

`python -m tests.support.failpoints SERVICE POINT`
"""

import os
import signal
import sys
from typing import Any

import uvloop

from linli.application.telemetry import configure_logs
from linli.messaging.inbox_store import InboxStore
from linli.messaging.kafka import GroupReader
from linli.storage import mongo
from tests.support.mutants import serve

POINTS: dict[str, tuple[Any, str, bool]] = {
    "before_fence": (InboxStore, "fence", False),
    "after_fence": (InboxStore, "fence", True),
    "after_streams": (InboxStore, "streams", True),
    "after_held": (InboxStore, "held", True),
    "after_parked": (InboxStore, "parked_before", True),
    "before_store": (InboxStore, "store", False),  # the handler has written its effects
    "after_store": (InboxStore, "store", True),  # all is written and nothing committed
    "after_commit": (mongo, "transact", True),
    "before_advice": (GroupReader, "advise", False),
    "after_advice": (GroupReader, "advise", True),
}
"""Name → what is called there, and whether it has returned."""


def arm(point: str) -> None:
    """Make the process die there. Only a consumer's transaction counts: it gives its own session."""
    owner, name, returned = POINTS[point]
    original = getattr(owner, name)

    async def deadly(*arguments: Any, **options: Any) -> Any:
        counts = name != "transact" or (len(arguments) > 2 and arguments[2] is not None)
        if counts and not returned:
            os.kill(os.getpid(), signal.SIGKILL)
        outcome = await original(*arguments, **options)
        if counts:
            os.kill(os.getpid(), signal.SIGKILL)
        return outcome

    setattr(owner, name, deadly)


if __name__ == "__main__":
    service, point = sys.argv[1:]
    configure_logs(service, "INFO")
    arm(point)
    sys.exit(0 if uvloop.run(serve(service)) else 1)
