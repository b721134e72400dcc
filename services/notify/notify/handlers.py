"""What notify does with the events of cases: work out who is told, and write the deliveries and the public timeline."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from linli import mongo
from linli.contracts.base import Event
from linli.contracts.case import CaseEscalated, CaseEvent, CaseOpened, CaseSplit
from linli.contracts.envelope import Envelope
from linli.inbox import Unappliable
from linli.outbox import Unsent
from notify.communities import Communities
from notify.domain.deliveries import Delivery, delivery
from notify.domain.digests import made_to_wait
from notify.domain.directory import Directory
from notify.domain.notices import notices
from notify.domain.said import public_entry
from notify.store import NotifyStore, Story, TimelineEntry


class CaseHandler:
    """Applies a batch of case events within the inbox's transaction."""

    def __init__(self, store: NotifyStore, communities: Communities, quiet: timedelta, at_most: timedelta) -> None:
        """A letter that tells of many waits for `quiet`, and for `at_most`."""
        self._store, self._communities, self._quiet, self._at_most = store, communities, quiet, at_most

    async def __call__(self, events: Sequence[Envelope[Event]], session: mongo.Session) -> Sequence[Unsent]:
        """Nothing to publish yet: notify speaks when a delivery has ended."""
        cases = [_of_a_case(event) for event in events]
        await self._communities.expect(
            {(event.data.community, party) for event in cases for party in _named(event.data)}
        )
        now = datetime.now(UTC)
        deliveries: list[Delivery] = []
        timeline: list[TimelineEntry] = []
        stories: list[Story] = []
        for event in cases:
            directory = self._directory(event)
            deliveries += [delivery(event, notice, now) for notice in notices(event.data, directory)]
            if isinstance(event.data, CaseOpened):
                stories.append(Story(event.data.case_id, event.data.tracking_hash))
            if (entry := public_entry(event, directory)) is not None:
                own = "message" not in event.data.staff_words()
                timeline.append(TimelineEntry(event.id, event.data.case_id, event.sequence, entry, own))
        waiting = made_to_wait(deliveries, self._quiet, self._at_most)
        await self._store.add(waiting, timeline, stories, session)
        return ()

    def _directory(self, event: Envelope[CaseEvent]) -> Directory:
        directory = self._communities.directory(event.data.community)
        if directory is None:
            raise Unappliable(event, "unknown_community", f"no data of {event.data.community} has arrived here")
        return directory


def _named(event: CaseEvent) -> set[str | None]:
    """The parties that are told of it, or named in it."""
    match event:
        case CaseEscalated():
            return {event.party, event.to}
        case CaseSplit():
            return {event.party, *(part.party for part in event.parts)}
        case _:
            return {event.party}


def _of_a_case(event: Envelope[Event]) -> Envelope[CaseEvent]:
    if not isinstance(event.data, CaseEvent):
        raise Unappliable(event, "not_of_a_case", f"{event.type} does not belong on this topic")
    return event  # type: ignore[return-value]  # its data has just been looked at
