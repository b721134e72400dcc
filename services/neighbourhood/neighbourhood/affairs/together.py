"""What many people do at once shares a transaction: a burst waits for the disk once."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeAlias, TypeVar

from linli.messaging.outbox import Unsent
from linli.messaging.transactions import Transactions
from linli.storage import mongo
from linli.storage.group_commit import Failures, GroupCommit, Limits, Measure

T = TypeVar("T")
Take: TypeAlias = Callable[[Sequence[T], dict[int, Exception], mongo.Session], Awaitable[list[Unsent]]]
"""Lets each take effect on what those before it have left, and says by its place in the list why one cannot. It may
run again from the start."""


class Together(Generic[T]):
    """Takes what is handed in, a batch at a time; each caller hears what became of their own."""

    def __init__(
        self,
        transactions: Transactions,
        take: Take[T],
        measure: Measure,
        limits: Limits,
        taken: Callable[[T], None] = lambda _: None,
    ) -> None:
        """`taken` is told of each once it is on disk."""
        self._transactions, self._take, self._taken = transactions, take, taken
        self._commits = GroupCommit[T](self._insert, lambda _: 1, measure, limits)

    async def hand_in(self, one: T) -> None:
        """It is on disk when this returns. Raises what it was refused for."""
        [failed] = await self._commits.admit([one])
        if failed is not None:
            raise failed

    async def _insert(self, those: Sequence[T]) -> Failures:
        failures: dict[int, Exception] = {}

        async def work(session: mongo.Session) -> tuple[None, list[Unsent]]:
            failures.clear()
            return None, await self._take(those, failures, session)

        await self._transactions.run(work)
        for at, each in enumerate(those):
            if at not in failures:
                self._taken(each)
        return failures
