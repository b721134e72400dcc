"""Looks up earlier reports for somebody who is about to submit one. Stores nothing and logs nothing."""

import asyncio
from collections.abc import Awaitable, Callable

from intake.submissions.domain.directory import Directory
from intake.submissions.domain.request import NewMatter
from intake.submissions.domain.same_as import reference_to
from intake.submissions.domain.similar import SHOWN_FOR, Earlier, alike, matter_of
from intake.submissions.handlers import storage
from intake.submissions.store import IntakeStore
from linli.storage.clock import Now
from linli.text.likeness import Likeness
from linli.web.waiting_room import WaitingRoom

AT_ONCE, MOST_ASKING, MOST_OF_ONE = 2, 20, 3


class AlreadyReported:
    """Few at a time, and on threads, so that what is being submitted at the same moment does not wait for it."""

    def __init__(
        self, store: IntakeStore, directory: Callable[[], Directory], key: Callable[[], Awaitable[bytes]], now: Now
    ) -> None:
        """`key`: of references (`same_as.py`)."""
        self._store, self._directory, self._key, self._now = store, directory, key, now
        self._waiting = WaitingRoom(AT_ONCE, MOST_ASKING, MOST_OF_ONE)

    async def find(self, new: NewMatter, owner: str) -> list[tuple[Earlier, Likeness, str]]:
        """Each with how alike it is, and the reference by which it is named.

        Raises `Problem` 422 for what the community does not know; 503 without a database, or when too many ask; 429 for
        who asks again and again without waiting.
        """
        directory = self._directory()
        community = directory.community_of(new)
        new = directory.on_the_map(new, community)
        places = [new.neighbourhood] if new.neighbourhood else sorted(directory.communities[community].neighbourhoods)
        matter = matter_of(new, self._now())
        async with self._waiting.turn(owner):
            async with storage():
                earlier = await self._store.earlier(community, places, matter, matter.at - SHOWN_FOR)
                key = await self._key()
            found = await asyncio.to_thread(alike, matter, earlier)
            return [(each, like, reference_to(each.id, key)) for each, like in found]
