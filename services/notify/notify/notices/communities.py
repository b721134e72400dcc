"""The communities' parties and names, always those of the newest version that has arrived."""

import asyncio
from collections.abc import Iterable

from linli.contracts.community import Community
from notify.notices.domain.directory import Directory


class Communities:
    """Directories made from the replica, one per community."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._directories: dict[str, Directory] = {}
        self._changed = asyncio.Event()
        self._waited_for: set[tuple[str, str | None]] = set()

    def refresh(self, communities: Iterable[Community]) -> None:
        """The replica has changed: index what is new."""
        for community in communities:
            known = self._directories.get(community.id)
            if known is None or known.community is not community:
                self._directories[community.id] = Directory.of(community)
        self._waited_for.clear()
        self._changed.set()
        self._changed = asyncio.Event()

    def directory(self, community: str) -> Directory | None:
        """What is known of a community now."""
        return self._directories.get(community)

    async def expect(self, wanted: Iterable[tuple[str, str | None]]) -> None:
        """Wait, within reason, until each (community, party) is known; whoever was waited for in vain once is not
        waited for again before the data changes."""
        missing = {each for each in wanted if not self._knows(*each)} - self._waited_for
        try:
            async with asyncio.timeout(self._patience):
                while missing := {each for each in missing if not self._knows(*each)}:
                    await self._changed.wait()
        except TimeoutError:
            self._waited_for |= missing

    def _knows(self, community: str, party: str | None) -> bool:
        directory = self._directories.get(community)
        return directory is not None and (party is None or party in directory.parties)
