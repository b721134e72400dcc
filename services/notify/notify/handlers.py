"""What notify does with the events of cases: work out who is told, and write the deliveries and the public timeline."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from linli.contracts.base import Event
from linli.contracts.case import CaseEscalated, CaseEvent, CaseOpened, CaseSplit
from linli.contracts.envelope import Envelope
from linli.contracts.erasure import Forgetting
from linli.messaging.inbox import Eraser, Handler, Unappliable
from linli.messaging.outbox import Unsent
from linli.storage import mongo
from linli.web import idempotency
from notify import metrics
from notify.deliveries.domain.deliveries import Delivery, State, delivery, skipped
from notify.deliveries.domain.digests import Bursts, made_to_wait
from notify.deliveries.recipients import NobodyToTell, Recipients
from notify.deliveries.store import DeliveryStore
from notify.notices.communities import Communities
from notify.notices.domain.directory import Directory
from notify.notices.domain.notices import notices, tells_reporter
from notify.notices.domain.said import public_entry
from notify.timeline.store import Story, TimelineEntry, TimelineStore


class CaseHandler:
    """Applies a batch of case events within the inbox's transaction."""

    def __init__(
        self,
        deliveries: DeliveryStore,
        timeline: TimelineStore,
        communities: Communities,
        recipients: Recipients,
        bursts: Bursts,
        quiet: timedelta,
        at_most: timedelta,
    ) -> None:
        """A letter that tells of many waits for `quiet`, and for `at_most`."""
        self._deliveries, self._timeline = deliveries, timeline
        self._communities, self._recipients = communities, recipients
        self._bursts, self._quiet, self._at_most = bursts, quiet, at_most
        self._written: Sequence[Delivery] = ()

    async def prepare(self, events: Sequence[Envelope[Event]]) -> Handler:
        """Wait for the communities' data, and ask to whom nothing can be said: of most residents of an import that is
        so, and each delivery that has ended when it is written need not be taken and settled."""
        cases = [event.data for event in events if isinstance(event.data, CaseEvent)]
        await self._communities.expect({(data.community, party) for data in cases for party in _named(data)})
        residents = {data.case_id for data in cases if tells_reporter(data)}  # nobody's contact is read for nothing
        return partial(self._apply, await self._recipients.nobody_of(residents))

    async def _apply(
        self, nobody: NobodyToTell, events: Sequence[Envelope[Event]], session: mongo.Session
    ) -> Sequence[Unsent]:
        """Nothing to publish yet: notify speaks when a delivery has ended."""
        cases = [_of_a_case(event) for event in events]
        now = datetime.now(UTC)
        deliveries: list[Delivery] = []
        timeline: list[TimelineEntry] = []
        stories: list[Story] = []
        for event in cases:
            directory = self._directory(event)
            written = [delivery(event, notice, now) for notice in notices(event.data, directory)]
            why = nobody.get(event.data.case_id)
            deliveries += [skipped(each, why, now) if why and each.party is None else each for each in written]
            if isinstance(event.data, CaseOpened):
                stories.append(Story(event.data.case_id, event.data.tracking_hash))
            if (entry := public_entry(event, directory)) is not None:
                own = "message" not in event.data.staff_words()
                timeline.append(TimelineEntry(event.id, event.data.case_id, event.sequence, entry, own))
        waiting = made_to_wait(deliveries, self._bursts, self._quiet, self._at_most)
        await self._deliveries.add(waiting, session)
        await self._timeline.add(timeline, stories, session)
        self._written = waiting
        return ()

    def count(self) -> None:
        """In the metrics, after the commit: a transaction may run more than once."""
        for each in self._written:
            if each.state is State.SKIPPED:
                metrics.SKIPPED.labels(each.channel).inc()
        self._written = ()

    def _directory(self, event: Envelope[CaseEvent]) -> Directory:
        directory = self._communities.directory(event.data.community)
        if directory is None:
            raise Unappliable(event, "unknown_community", f"no data of {event.data.community} has arrived here")
        return directory


def forget(database: mongo.Database, deliveries: DeliveryStore, timeline: TimelineStore) -> Eraser:
    """For the inbox. There is nothing to tell of it: notify is the last that hears."""

    async def forget_cases(cases: Mapping[str, Forgetting], session: mongo.Session) -> Sequence[Unsent]:
        await deliveries.forget(cases, session)
        await timeline.forget(cases, session)
        await idempotency.forget(database, list(cases), session)
        return ()

    return forget_cases


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
