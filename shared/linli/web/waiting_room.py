"""Limits expensive work: few run at once, some may wait, and nobody takes more than their share."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from linli.security.rates import LIMITED
from linli.web.problems import Problem
from linli.web.turns import Turns


class WaitingRoom:
    """Whoever asks for much waits behind themselves (`Turns`), and is sent away before others have no room to wait."""

    def __init__(self, at_once: int, most: int, most_of_one: int) -> None:
        """`most` and `most_of_one` count who has a turn and who waits for one."""
        self._turns = Turns(at_once)
        self._most, self._most_of_one = most, most_of_one
        self._of: Counter[str] = Counter()

    @asynccontextmanager
    async def turn(self, owner: str) -> AsyncIterator[None]:
        """Wait for a turn and have it. Raises 429 for who has asked for too many, 503 when too many ask."""
        if self._of[owner] >= self._most_of_one:
            LIMITED.labels("turns").inc()
            raise Problem("too_many_at_once", 429, "Wait for the answers to come before asking again.", retry_after=2)
        if self._of.total() >= self._most:
            LIMITED.labels("turns").inc()
            raise Problem("overloaded", 503, "Too many ask at this moment; try again.", retry_after=2)
        self._of[owner] += 1
        try:
            async with self._turns.of(owner, 1):
                yield
        finally:
            self._of[owner] -= 1
            if not self._of[owner]:
                del self._of[owner]
