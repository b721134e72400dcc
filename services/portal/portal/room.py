"""Room for large bodies: how many are read at the same time, over all and from one address."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import Request

from linli.security.auth import Porch
from linli.web.edge import BODY, Body
from portal.services import unavailable

SMALL = 100 * 1024
"""Bytes of a body that needs no room: a form's words have fewer, a photo more."""
MOST_WAITING = 8
"""Of one address: what comes beyond that is refused at once."""
HURRIED = 50_000
"""Bytes a second that a body must come at while others wait for its place; nothing less than what a telephone sends."""
UNHURRIED = 3.0
"""Seconds for which nobody is hurried."""
LOOKED_EVERY = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    body: Body
    since: float

    def pace(self, now: float) -> float:
        return self.body.read / max(now - self.since, 0.001)


class Room:
    """Is held while a body comes in, and not for what is done with it afterwards: its files are on disk by then."""

    def __init__(self, most: int, share: int, patience: float = 5.0) -> None:
        """At most so many at once, and of one address no more than its share. One waits `patience` seconds for it."""
        self._most, self._share, self._patience = most, share, patience
        self._held: Counter[str] = Counter()
        self._waiting: Counter[str] = Counter()
        self._places: set[_Place] = set()
        self._freed = asyncio.Condition()

    @asynccontextmanager
    async def held(self, request: Request) -> AsyncIterator[None]:
        """While the body of a request is read. Raises 503 where none has come free in time; 408 for a body that is slow
        while others wait."""
        if is_small(request):
            yield
            return
        gate: Porch = request.app.state.gate
        origin = gate.origins.of(request)
        await self._take(origin)
        place = _Place(request.scope[BODY], asyncio.get_running_loop().time())
        self._places.add(place)
        try:
            yield
        finally:
            self._places.discard(place)
            self._held[origin] -= 1
            self._held += Counter()  # forgets whom it is zero for
            async with self._freed:
                self._freed.notify_all()

    async def _take(self, origin: str) -> None:
        if self._waiting[origin] >= MOST_WAITING:
            raise unavailable()
        self._waiting[origin] += 1
        try:
            async with asyncio.timeout(self._patience):
                while not await self._taken(origin):
                    self._hurry(origin)
        except TimeoutError:
            raise unavailable() from None
        finally:
            self._waiting[origin] -= 1
            self._waiting += Counter()

    async def _taken(self, origin: str) -> bool:
        """Whether it has come free before others are looked at again."""
        try:
            async with self._freed, asyncio.timeout(LOOKED_EVERY):
                await self._freed.wait_for(lambda: self._is_free_for(origin))
                self._held[origin] += 1
                return True
        except TimeoutError:
            return False

    def _is_free_for(self, origin: str) -> bool:
        """Who has none comes before who has some: with many requests from few addresses nobody keeps all."""
        own = self._held[origin]
        return (
            self._held.total() < self._most
            and own < self._share
            and not any(self._held[each] < own for each in self._waiting)
        )

    def _hurry(self, origin: str) -> None:
        """End the slowest where all are taken and this one may have one: a slow body is welcome while nobody waits."""
        now = asyncio.get_running_loop().time()
        if self._held.total() < self._most or self._held[origin] >= self._share:
            return
        slow = [each for each in self._places if now - each.since >= UNHURRIED and each.pace(now) < HURRIED]
        if slow:
            min(slow, key=lambda each: each.pace(now)).body.give_up()


def is_small(request: Request) -> bool:
    """Whether a body says that it is."""
    said = request.headers.get("content-length", "")
    return said.isdecimal() and len(said) < 10 and int(said) <= SMALL
