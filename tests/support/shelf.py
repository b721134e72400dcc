"""A database that is a dictionary: inserts as intake's store does, at the pace that a test sets."""

import asyncio
from collections.abc import Sequence

from intake.submissions.store import Clash
from linli.storage.group_commit import Failures


class Shelf:
    """Items are `name` or `name=value`; a name is taken once. Counts the inserts; `gate` holds them back."""

    def __init__(self) -> None:
        self.there: dict[str, str] = {}
        self.inserts: list[list[str]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.broken: Exception | None = None

    async def insert(self, items: Sequence[str]) -> Failures:
        """See `linli.storage.group_commit.Insert`."""
        self.inserts.append(list(items))
        await self.gate.wait()
        if self.broken:
            raise self.broken
        failures: dict[int, Exception] = {}
        for place, item in enumerate(items):
            name = item.partition("=")[0]
            if name in self.there:
                failures[place] = Clash()
            else:
                self.there[name] = item
        return failures
