"""The database's clock, as a process keeps it: by it goes whatever is stored, compared with what is stored, or decides
that a time is over (docs/adr/0025).

The process's own clock may be set at any moment, and no two machines' are the same; the database is one for all.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import structlog
from pymongo.errors import ServerSelectionTimeoutError

from linli.application.worker import repeatedly, until_done

log = structlog.get_logger()

Now: TypeAlias = Callable[[], datetime]
"""What time it is; `ServerClock.now`, but for tests."""
ASKED_EVERY = 5.0
"""Seconds between two looks at the database's clock. Two good clocks part by less than a millisecond meanwhile."""
ASKED_AT_FIRST = 4
"""Times in a row: the first answer waits until a connection is made and the process has begun."""
STANDS_STILL_FOR = timedelta(seconds=10)
"""By so much the database's clock may go back before the process ends rather than wait for it."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
"""What the database tells is cut to it."""


class NotKnownYet(ServerSelectionTimeoutError):
    """The database has not been reached since this process began: an outage like any other."""


class SetBack(Exception):
    """The database's clock has gone back by so much that waiting for it would take too long."""


class ServerClock:
    """Counts on from what the database last told, by the clock that nobody sets; so asking it costs nothing.

    It is behind the database's by no more than the answer took, and never goes back. `run` it as a background task.
    """

    def __init__(self, ask: Callable[[], Awaitable[datetime]], counter: Callable[[], float] = time.monotonic) -> None:
        """`counter`: seconds since some moment; nobody sets it."""
        self._ask, self._counter = ask, counter
        self._start: datetime | None = None
        """What the database's clock shows when the counter is 0."""
        self._latest = EPOCH
        self._known = asyncio.Event()

    def now(self) -> datetime:
        """In whole milliseconds, as the database keeps times. Raises `NotKnownYet`."""
        if self._start is None:
            raise NotKnownYet("the database has not told its time yet")
        moment = self._start + timedelta(seconds=self._counter())
        if moment > self._latest:
            self._latest = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
        return self._latest

    async def known(self) -> None:
        """Wait until the database has told its time, while `run` runs."""
        await self._known.wait()

    async def sync(self) -> None:
        """Ask the database. Raises what that raises, and `SetBack`.

        It told its time at some moment between question and answer, so an answer that was long on its way says little;
        what it does not contradict stays as it is.
        """
        asked = self._counter()
        told = await self._ask()
        answered = self._counter()
        least = told - timedelta(seconds=answered)
        most = told + _MILLISECOND - timedelta(seconds=asked)
        before = self._start
        self._start = least if before is None else min(max(before, least), most)
        behind = self._latest - (self._start + timedelta(seconds=answered))
        if behind > STANDS_STILL_FOR:
            raise SetBack(f"the database's clock has gone back by {behind.total_seconds():.0f} s")
        if before is not None and abs(self._start - before) > timedelta(seconds=1):
            log.warning("clock_moved", seconds=(self._start - before).total_seconds())

    async def run(self) -> None:
        """Keep to the database's clock, until cancelled."""
        for _ in range(ASKED_AT_FIRST):
            await until_done("clock", self.sync)
        self._known.set()
        await repeatedly("clock", self.sync, ASKED_EVERY)
