"""What every utility's program does, whichever way its events come: it knows its orders, and says what it did."""

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import httpx2

from linli_cli.terminal.language import say

ORDERS = {"linli.order.issued.v1", "linli.order.reopened.v1"}
RECEIPT = "linli.update.received.v1"
WITHIN = 30.0
"""Seconds for an order, or a receipt, to come."""
LOOK_EVERY = 0.05


class Silent(Exception):
    """Something did not come; the message says what."""


class Program:
    """A company's program, which knows nothing but the kit that the office has handed over.

    A subclass fetches its events, and hands each to `take`. It sends its updates over HTTP, unless it does otherwise.
    """

    def __init__(self, kit: Path, workflow: str) -> None:
        """`workflow` is the service's address, as the kit's HTTP.md has it."""
        self._key = (kit / "api.key").read_text(encoding="utf-8").strip() if (kit / "api.key").exists() else ""
        self.http = httpx2.AsyncClient(
            headers={"Authorization": f"Bearer {self._key}"}, timeout=httpx2.Timeout(30, connect=5), trust_env=False
        )
        self._workflow = workflow
        self.orders: dict[str, Mapping[str, Any]] = {}
        """By case, as it was last given."""
        self.receipts: dict[str, str] = {}
        """Update → what became of it."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    def take(self, type: str, data: Mapping[str, Any]) -> None:
        """One of its events. Other threads may call it."""
        if type in ORDERS:
            self.orders[data["case_id"]] = data
        elif type == RECEIPT and data.get("update_id"):
            self.receipts[data["update_id"]] = data["outcome"]

    async def answer(self, case: str, did: str, message: str) -> str:
        """Say what was done about the order of a case; what became of it, as the receipt says. Raises `Silent`."""
        order = await self._there(self.orders, case, say("no order came"))
        update = {
            "update_id": f"demo-{uuid4().hex}",
            "order_id": order["order_id"],
            "dispatch_no": order["dispatch_no"],
            "occurred_at": datetime.now(UTC).isoformat(),
            "did": did,
            "message": message,
        }
        await self.send(update)
        receipt: str = await self._there(self.receipts, update["update_id"], say("no receipt came"))
        return receipt

    async def send(self, update: Mapping[str, Any]) -> None:
        """An update, over HTTP. Its receipt comes among the events too."""
        answer = await self.http.post(f"{self._workflow}/v1/updates", json=dict(update))
        answer.raise_for_status()

    async def _there(self, things: Mapping[str, Any], id: str, what: str) -> Any:
        until = time.monotonic() + WITHIN
        while id not in things:
            if time.monotonic() > until:
                raise Silent(what)
            await asyncio.sleep(LOOK_EVERY)
        return things[id]
