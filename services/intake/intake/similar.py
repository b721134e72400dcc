"""Looks up what was reported before, for somebody who is about to report it. Stores nothing and logs nothing."""

import asyncio
from collections.abc import Callable

from intake.domain.directory import Directory
from intake.domain.request import NewMatter
from intake.domain.similar import SHOWN_FOR, Earlier, alike
from intake.handlers import now, storage
from intake.store import IntakeStore
from linli.errors import Problem
from linli.likeness import Likeness

AT_ONCE, MOST_ASKING = 2, 20


class AlreadyReported:
    """Few at a time, and on threads, so that what is being submitted at the same moment does not wait for it."""

    def __init__(self, store: IntakeStore, directory: Callable[[], Directory]) -> None:
        self._store, self._directory = store, directory
        self._free, self._asking = asyncio.Semaphore(AT_ONCE), 0

    async def find(self, said: NewMatter) -> list[tuple[Earlier, Likeness]]:
        """Raises `Problem` 422 for what the community does not know; 503 without a database, or when too many ask."""
        directory = self._directory()
        community = directory.community_of(said)
        places = [said.neighbourhood] if said.neighbourhood else sorted(directory.communities[community].neighbourhoods)
        if self._asking >= MOST_ASKING:
            raise Problem("overloaded", 503, "Too many ask at this moment; try again.", retry_after=2)
        self._asking += 1
        try:
            async with self._free:
                async with storage():
                    earlier = await self._store.earlier(community, places, said.location, now() - SHOWN_FOR)
                return await asyncio.to_thread(alike, said, earlier, now())
        finally:
            self._asking -= 1
