"""Adds the events of cases to the public timeline."""

from collections.abc import Sequence

from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.contracts.workflow.case import CaseOpened
from linli.contracts.workflow.timeline import public_step
from linli.messaging.inbox import Handler
from linli.messaging.outbox import Unsent
from linli.storage import mongo
from notify.notices.communities import Communities, of_cases
from notify.timeline.store import Story, TimelineEntry, TimelineStore


class Lines:
    """Writes the lines of a batch of case events within the inbox's transaction."""

    def __init__(self, timeline: TimelineStore, communities: Communities) -> None:
        self._timeline, self._communities = timeline, communities

    async def prepare(self, events: Sequence[Envelope[Event]]) -> Handler:
        """Wait for the communities' data."""
        await self._communities.expect_those_of(events)
        return self._apply

    async def _apply(self, events: Sequence[Envelope[Event]], session: mongo.Session) -> Sequence[Unsent]:
        """Nothing to publish."""
        timeline: list[TimelineEntry] = []
        stories: list[Story] = []
        for event in of_cases(events):
            data = event.data
            if isinstance(data, CaseOpened):
                stories.append(Story(data.case_id, data.tracking_hash))
            party = self._communities.directory_of(event).parties.get(data.party or "")
            if (step := public_step(data, event.time, party)) is not None:
                own = "message" not in data.staff_words()
                timeline.append(TimelineEntry(event.id, data.case_id, event.sequence, step, own))
        await self._timeline.add(timeline, stories, session)
        return ()
