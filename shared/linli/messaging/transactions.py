"""Transact, then offer: what a transaction wrote to the outbox goes to the relay once it is committed."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeAlias, TypeVar

from linli.messaging.outbox import Unsent
from linli.storage import mongo

T = TypeVar("T")
Work: TypeAlias = Callable[[mongo.Session], Coroutine[Any, Any, tuple[T, Sequence[Unsent]]]]
"""Reads and writes with the session that it is given: what comes of it, and what it wrote to the outbox."""


class Transactions:
    """Those of one service. `offer` gets the events of each commit: the relay, and other listeners."""

    def __init__(self, client: mongo.Client, offer: Callable[[Sequence[Unsent]], None]) -> None:
        self._client, self._offer = client, offer

    async def run(self, work: Work[T]) -> T:
        """For somebody who waits for the answer. It may run `work` more than once. Raises TimeoutError."""
        return await self._run(work, None, mongo.ANSWER_WITHIN)

    async def run_patiently(self, work: Work[T], session: mongo.Session | None = None) -> T:
        """For what has to be done, however long it takes; with `session`, that one is used, and stays open."""
        return await self._run(work, session, None)

    async def _run(self, work: Work[T], session: mongo.Session | None, seconds: float | None) -> T:
        result, unsent = await mongo.transact(self._client, work, session, seconds=seconds)
        self._offer(unsent)
        return result
