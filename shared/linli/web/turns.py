"""Fair turns at a scarce resource: a caller with many requests does not delay others."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class Turns:
    """So much to share out. Who waits is served in rounds, one of each name; no name has two turns at a time."""

    def __init__(self, whole: int) -> None:
        self._free = whole
        self._served: set[str] = set()
        self._waiting: OrderedDict[str, deque[tuple[int, asyncio.Future[None]]]] = OrderedDict()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(len(queue) for queue in self._waiting.values())

    @asynccontextmanager
    async def of(self, owner: str, share: int) -> AsyncIterator[None]:
        """Hold a share for the block."""
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(owner, deque()).append((share, turn))
        self._serve()
        try:
            await turn
            yield
        finally:
            if turn.done() and not turn.cancelled():
                self._free += share
                self._served.discard(owner)
                if owner in self._waiting:
                    self._waiting.move_to_end(owner)
            elif queue := self._waiting.get(owner):  # gave up while it waited
                with suppress(ValueError):
                    queue.remove((share, turn))
            self._serve()

    def _serve(self) -> None:
        """Next are those whose name is not being served; a large share is waited for, or it would never come."""
        for owner in [name for name in self._waiting if name not in self._served]:
            queue = self._waiting[owner]
            while queue and queue[0][1].cancelled():
                queue.popleft()
            if queue and queue[0][0] > self._free:
                return
            if queue:
                share, turn = queue.popleft()
                self._free -= share
                self._served.add(owner)
                turn.set_result(None)
            if not queue:
                del self._waiting[owner]
