"""The communities' parties and names, always those of the newest version that has arrived."""

import asyncio
from collections.abc import Iterable, Sequence

from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.contracts.workflow.case import CaseEscalated, CaseEvent, CaseSplit
from linli.contracts.workflow.community import Community
from linli.messaging.inbox import Unappliable
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

    async def expect_those_of(self, events: Sequence[Envelope[Event]]) -> None:
        """`expect` what these events of cases name."""
        cases = [event.data for event in of_cases(events)]
        await self.expect({(data.community, party) for data in cases for party in _named(data)})

    def directory_of(self, event: Envelope[CaseEvent]) -> Directory:
        """The data of the community that a case's event is in. Raises `Unappliable` while there are none."""
        directory = self.directory(event.data.community)
        if directory is None:
            raise Unappliable(event, "unknown_community", f"no data of {event.data.community} has arrived here")
        return directory

    def _knows(self, community: str, party: str | None) -> bool:
        directory = self._directories.get(community)
        return directory is not None and (party is None or party in directory.parties)


def of_cases(events: Sequence[Envelope[Event]]) -> Sequence[Envelope[CaseEvent]]:
    """The same, for handlers of cases' events only: the inbox gives them no others."""
    return events  # type: ignore[return-value]  # `Reaction.to` names the types


def _named(event: CaseEvent) -> set[str | None]:
    """The parties that are notified of it or named in it."""
    match event:
        case CaseEscalated():
            return {event.party, event.to}
        case CaseSplit():
            return {event.party, *(part.party for part in event.parts)}
        case _:
            return {event.party}
