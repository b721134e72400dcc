"""Group commit: what comes in together shares one write, and so one wait for the disk.

While no insert is under way, an item is inserted at once; those that come during an insert wait for its end and
share the next. So a single request never waits, and under load more of them share.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from linli.web.problems import Problem

T = TypeVar("T")

Failures: TypeAlias = Mapping[int, Exception]
"""What could not be inserted, by its place in the list."""
Insert: TypeAlias = Callable[[Sequence[T]], Awaitable[Failures]]
"""Puts all on disk that can be. Raises when it is not known which are there."""

Measure: TypeAlias = Callable[[int, float], None]
"""Told of each insert that was made: how many went together, and the seconds until they were on disk."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much goes together and how much may wait; `weight` is in bytes."""

    together: int = 500
    together_weight: int = 8_000_000
    in_flight: int = 2
    waiting: int = 5_000
    waiting_weight: int = 64_000_000
    seconds: float = 9.0
    """For one insert."""
    patience: float = 10.0
    """Seconds until a caller has an outcome, whatever it waits for."""


@dataclass(slots=True, eq=False)
class _Waiting(Generic[T]):
    item: T
    weight: int
    outcome: asyncio.Future[Exception | None]
    until: float
    """By the loop's clock."""


class GroupCommit(Generic[T]):
    """Stores items in shared inserts; each caller gets the outcome of its own."""

    def __init__(
        self, insert: Insert[T], weigh: Callable[[T], int], measure: Measure, limits: Limits | None = None
    ) -> None:
        self._insert, self._weigh, self._measure, self._limits = insert, weigh, measure, limits or Limits()
        self._queue: deque[_Waiting[T]] = deque()
        self._queued_weight = 0
        self._inserts: set[asyncio.Task[None]] = set()
        self._launching = False
        self._unanswered: deque[_Waiting[T]] = deque()
        self._watch: asyncio.TimerHandle | None = None

    async def admit(self, items: Sequence[T]) -> list[Exception | None]:
        """Each item's outcome, in order: None when it is on disk, else why not.

        Raises what the insert raised, `TimeoutError` after `Limits.patience`, and 503 `overloaded` when too many wait.
        A caller that gives up takes its items back as far as they have not gone.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + self._limits.patience
        waiting = [_Waiting(item, self._weigh(item), loop.create_future(), until) for item in items]
        self._enqueue(waiting)
        try:
            return [await each.outcome for each in waiting]
        finally:
            for each in waiting:
                each.outcome.cancel()

    def _enqueue(self, waiting: Sequence[_Waiting[T]]) -> None:
        weight = sum(each.weight for each in waiting)
        too_many = len(self._queue) + len(waiting) > self._limits.waiting
        if self._queue and (too_many or self._queued_weight + weight > self._limits.waiting_weight):
            raise Problem("overloaded", 503, "Too many wait to be stored; try again.", retry_after=2)
        self._queue.extend(waiting)
        self._queued_weight += weight
        self._unanswered.extend(waiting)
        if self._watch is None:
            self._give_up()
        self._launch_soon()

    def _give_up(self) -> None:
        """Tell those who have waited too long; one timer for all, where one for each costs more than all else here."""
        loop = asyncio.get_running_loop()
        while self._unanswered and (self._unanswered[0].outcome.done() or self._unanswered[0].until <= loop.time()):
            first = self._unanswered.popleft()
            if not first.outcome.done():
                first.outcome.set_exception(TimeoutError())
        first_due = self._unanswered[0].until if self._unanswered else None
        self._watch = loop.call_at(first_due, self._give_up) if first_due is not None else None

    def _launch_soon(self) -> None:
        """At the end of this turn of the loop, so that requests that woke up together go together."""
        if not self._launching:
            self._launching = True
            asyncio.get_running_loop().call_soon(self._launch)

    def _launch(self) -> None:
        self._launching = False
        while len(self._inserts) < self._limits.in_flight and (batch := self._next()):
            insert = asyncio.create_task(self._run(batch))
            self._inserts.add(insert)
            insert.add_done_callback(self._ended)

    def _ended(self, insert: asyncio.Task[None]) -> None:
        self._inserts.discard(insert)
        while self._unanswered and self._unanswered[0].outcome.done():
            self._unanswered.popleft()
        self._launch()

    def _next(self) -> list[_Waiting[T]]:
        """The oldest that fit together, without those whose caller has gone."""
        batch: list[_Waiting[T]] = []
        weight = 0
        while self._queue and len(batch) < self._limits.together:
            first = self._queue[0]
            if batch and weight + first.weight > self._limits.together_weight:
                break
            self._queue.popleft()
            self._queued_weight -= first.weight
            if not first.outcome.done():
                batch.append(first)
                weight += first.weight
        return batch

    async def _run(self, batch: Sequence[_Waiting[T]]) -> None:
        started = time.perf_counter()
        try:
            async with asyncio.timeout(self._limits.seconds):
                failures = await self._insert([each.item for each in batch])
        except Exception as error:
            for each in batch:
                if not each.outcome.done():
                    each.outcome.set_exception(error)
        else:
            self._measure(len(batch), time.perf_counter() - started)
            for place, each in enumerate(batch):
                if not each.outcome.done():
                    each.outcome.set_result(failures.get(place))
