"""Workflow as it is, but stuck in its first batch: everything is written, nothing is committed. Made to be killed.

`python -m tests.support.stuck_workflow FILE` makes FILE when it has got there.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any

from linli.messaging.outbox import Unsent
from workflow import main
from workflow.cases.store import CaseStore
from workflow.settings import WorkflowSettings

_save = CaseStore.save


async def stuck(store: CaseStore, *arguments: Any) -> list[Unsent]:
    """Writes, says so, and never returns."""
    await _save(store, *arguments)
    await asyncio.to_thread(Path(sys.argv[1]).touch)
    await asyncio.Event().wait()
    raise AssertionError("never")


async def serve() -> None:
    await main.build(WorkflowSettings()).run()


if __name__ == "__main__":
    CaseStore.save = stuck  # type: ignore[method-assign,assignment]
    asyncio.run(serve())
