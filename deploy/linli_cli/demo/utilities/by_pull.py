"""A utility's program behind a firewall: it fetches its events, and nobody calls it."""

import asyncio
import contextlib
from pathlib import Path
from typing import Self

import httpx2

from linli_cli.demo.utilities.desk import Program

WAIT = 5
"""Seconds that a request with nothing to answer stays open."""
AGAIN_AFTER = 0.3
"""Seconds after a request that failed, such as one with a key that notify has not heard of yet."""


class Pulling(Program):
    """Asks for its events, with the cursor of the answer before."""

    def __init__(self, kit: Path, workflow: str, notify: str) -> None:
        super().__init__(kit, workflow)
        self._events = f"{notify}/v1/events"
        self._fetching: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._fetching = asyncio.create_task(self._fetch())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._fetching:
            self._fetching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._fetching
        await super().__aexit__()

    async def _fetch(self) -> None:
        cursor = "0"
        while True:
            try:
                answer = await self.http.get(self._events, params={"cursor": cursor, "wait": WAIT, "limit": 500})
                said = answer.json() if answer.status_code < 500 else {}
            except (httpx2.TransportError, ValueError):
                said = {}
            if "data" not in said:
                cursor = said.get("oldest") or cursor  # what is older than the office keeps is gone
                await asyncio.sleep(AGAIN_AFTER)
                continue
            for event in said["data"]:
                self.take(event["type"], event["data"])
            cursor = said["cursor"]
