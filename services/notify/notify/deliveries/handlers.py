"""Handles the events of cases: decides who is notified, and stores the deliveries."""

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from datetime import timedelta
from functools import partial

from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.contracts.erasure import Forgetting
from linli.messaging.inbox import Eraser, Handler
from linli.messaging.outbox import Unsent
from linli.storage import mongo
from linli.storage.clock import Now
from linli.web import idempotency
from notify import metrics
from notify.deliveries.domain.deliveries import Delivery, State, delivery, skipped
from notify.deliveries.domain.digests import Bursts, made_to_wait
from notify.deliveries.recipients import NobodyToTell, Recipients
from notify.deliveries.store import DeliveryStore
from notify.notices.communities import Communities, of_cases
from notify.notices.domain.kinds import Channel
from notify.notices.domain.notices import notices, notifies_reporter

_WRITTEN: ContextVar[Sequence[Delivery]] = ContextVar("written", default=())
"""By the transaction of this task: an operator may replay a parked record beside the batch that is under way."""


class CaseHandler:
    """Applies a batch of case events within the inbox's transaction."""

    def __init__(
        self,
        deliveries: DeliveryStore,
        communities: Communities,
        recipients: Recipients,
        bursts: Bursts,
        quiet: timedelta,
        at_most: timedelta,
        now: Now,
    ) -> None:
        """A digest waits for `quiet` without news, and at most `at_most`."""
        self._deliveries, self._communities, self._recipients = deliveries, communities, recipients
        self._bursts, self._quiet, self._at_most, self._now = bursts, quiet, at_most, now

    async def prepare(self, events: Sequence[Envelope[Event]]) -> Handler:
        """Wait for the communities' data, and ask to whom nothing can be said: of most residents of an import that is
        so, and each delivery that has ended when it is written need not be taken and settled."""
        cases = [event.data for event in of_cases(events)]
        await self._communities.expect_those_of(events)
        residents = {data.case_id for data in cases if notifies_reporter(data)}  # nobody's contact is read for nothing
        return partial(self._apply, await self._recipients.nobody_of(residents))

    async def _apply(
        self, nobody: NobodyToTell, events: Sequence[Envelope[Event]], session: mongo.Session
    ) -> Sequence[Unsent]:
        """Nothing to publish yet: notify speaks when a delivery has ended."""
        now = self._now()
        deliveries: list[Delivery] = []
        for event in of_cases(events):
            directory = self._communities.directory_of(event)
            written = [delivery(event, notice, now) for notice in notices(event.data, directory)]
            why = nobody.get(event.data.case_id)
            deliveries += [skipped(each, why, now) if why and each.party is None else each for each in written]
        waiting = made_to_wait(deliveries, self._bursts, self._quiet, self._at_most)
        await self._deliveries.add(waiting, session)
        note_written(waiting)
        return ()

    def written(self) -> set[Channel]:
        """The channels on which there is something due now. For after the commit: a transaction may run more than
        once, and what was skipped is counted here."""
        written = _WRITTEN.get()
        _WRITTEN.set(())
        for each in written:
            if each.state is State.SKIPPED:
                metrics.SKIPPED.labels(each.channel).inc()
        return {each.channel for each in written if each.state is State.DUE}


def note_written(deliveries: Sequence[Delivery]) -> None:
    """For after the commit."""
    _WRITTEN.set((*_WRITTEN.get(), *deliveries))


def forget(database: mongo.Database, deliveries: DeliveryStore) -> Eraser:
    """For the inbox. It publishes nothing: notify is the last reader."""

    async def forget_cases(cases: Mapping[str, Forgetting], session: mongo.Session) -> Sequence[Unsent]:
        await deliveries.forget(cases, session)
        await idempotency.forget(database, list(cases), session)
        return ()

    return forget_cases
