"""Room for large bodies: how many are read at the same time, over all and from one address."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Request

from linli.security.auth import Porch
from portal.services import unavailable

SMALL = 100 * 1024
"""Bytes of a body that needs no room: a form's words have fewer, a photo more."""


class Room:
    """Is held while a body comes in, and not for what is done with it afterwards: its files are on disk by then."""

    def __init__(self, most: int, share: int, patience: float = 5.0) -> None:
        """At most so many at once, and of one address no more than its share. One waits `patience` seconds for it."""
        self._most, self._share, self._patience = most, share, patience
        self._held: Counter[str] = Counter()
        self._freed = asyncio.Condition()

    @asynccontextmanager
    async def held(self, request: Request) -> AsyncIterator[None]:
        """While the body of a request is read. Raises 503 where none has come free in time."""
        if is_small(request):
            yield
            return
        gate: Porch = request.app.state.gate
        origin = gate.origins.of(request)
        await self._take(origin)
        try:
            yield
        finally:
            self._held[origin] -= 1
            self._held += Counter()  # forgets whom it is zero for
            async with self._freed:
                self._freed.notify_all()

    async def _take(self, origin: str) -> None:
        try:
            async with asyncio.timeout(self._patience), self._freed:
                await self._freed.wait_for(lambda: self._held.total() < self._most and self._held[origin] < self._share)
                self._held[origin] += 1
        except TimeoutError:
            raise unavailable() from None


def is_small(request: Request) -> bool:
    """Whether a body says that it is."""
    said = request.headers.get("content-length", "")
    return said.isdecimal() and len(said) < 10 and int(said) <= SMALL
