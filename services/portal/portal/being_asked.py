"""Questions that are being asked: of a crowd that wants the same at once one asks, and the others wait."""

import asyncio
from collections.abc import Hashable, Iterator
from contextlib import contextmanager


class BeingAsked:
    """Says nothing of the answer: who has waited looks whether it is there now, and else asks for itself."""

    def __init__(self) -> None:
        self._asked: dict[Hashable, asyncio.Event] = {}

    async def over(self, question: Hashable) -> None:
        """When nobody else is asking it, or the first who was has ended."""
        if (asked := self._asked.get(question)) is not None:
            await asked.wait()

    @contextmanager
    def asking(self, question: Hashable) -> Iterator[None]:
        """For as long as one asks."""
        ended = asyncio.Event()
        self._asked.setdefault(question, ended)
        try:
            yield
        finally:
            ended.set()
            if self._asked.get(question) is ended:
                del self._asked[question]
