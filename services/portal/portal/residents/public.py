"""What everybody is shown, as workflow has it: kept for some seconds, so that a crowd of viewers asks it once."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.addresses import at
from portal.services import Caller, Services

KEPT = 10.0
"""Seconds."""
MOST_KEPT = 500
_FOR_ALL = Caller(None, "127.0.0.1")
"""Who asks on everybody's behalf."""


@dataclass(frozen=True, slots=True)
class _Known:
    until: float
    answer: Any


class Public:
    """Asks workflow. Raises `Problem` as it does: a fault is told, and never taken for an empty list."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._known: dict[str, _Known] = {}
        self._asking: dict[str, asyncio.Task[Any]] = {}

    async def communities(self) -> list[dict[str, Any]]:
        """Those that take submissions: `id`, `name`, `name_en`."""
        items: list[dict[str, Any]] = (await self.ask("/v1/services"))["items"]
        return items

    async def categories(self, community: str) -> list[dict[str, Any]]:
        """What it offers: `code`, `kind`, `name`, `group` …"""
        items: list[dict[str, Any]] = (await self.ask(at("/v1/services/{community}", community=community)))["items"]
        return items

    async def places(self, community: str) -> dict[str, Any]:
        """Its neighbourhoods with their outlines."""
        found: dict[str, Any] = await self.ask(at("/v1/neighbourhoods/{community}", community=community))
        return found

    async def outages(self, community: str, neighbourhood: str | None = None) -> list[dict[str, Any]]:
        """What is off there, and what is planned to be."""
        asked = {"community": community} | ({"neighbourhood": neighbourhood} if neighbourhood else {})
        items: list[dict[str, Any]] = (await self.ask("/v1/outages", asked))["items"]
        return items

    async def ask(self, path: str, params: Mapping[str, str | int] | None = None) -> Any:
        """What workflow says to anybody; those who ask meanwhile wait for the same answer."""
        key = f"{path}?{sorted((params or {}).items())}"
        known = self._known.get(key)
        if known is not None and known.until > time.monotonic():
            return known.answer
        if (asking := self._asking.get(key)) is None:
            asking = self._asking[key] = asyncio.create_task(self._ask(key, path, params))
            asking.add_done_callback(lambda _: self._asking.pop(key, None))
        return await asyncio.shield(asking)

    async def _ask(self, key: str, path: str, params: Mapping[str, str | int] | None) -> Any:
        answer = await self._services.read(path, _FOR_ALL, params)
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        self._known[key] = _Known(time.monotonic() + KEPT, answer)
        return answer
