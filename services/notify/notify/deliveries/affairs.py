"""Letters about common affairs and mediations: one for each party that a row of `affair_rules` names."""

from collections.abc import Sequence
from datetime import datetime

from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.messaging.inbox import Handler, Unappliable
from linli.messaging.outbox import Unsent
from linli.storage import mongo
from linli.storage.clock import Now
from notify.deliveries.domain.deliveries import Delivery, State, delivery_id
from notify.deliveries.handlers import note_written
from notify.deliveries.store import DeliveryStore
from notify.notices.communities import Communities
from notify.notices.domain.affair_rules import AFFAIR_RULES, parties_told
from notify.notices.domain.directory import Directory
from notify.notices.domain.kinds import Channel, NoticeKind
from notify.notices.domain.notices import Notice, to_party


class AffairHandler:
    """Applies a batch of events of common affairs within the inbox's transaction."""

    def __init__(self, deliveries: DeliveryStore, communities: Communities, now: Now) -> None:
        self._deliveries, self._communities, self._now = deliveries, communities, now

    async def prepare(self, events: Sequence[Envelope[Event]]) -> Handler:
        """Wait for the communities' data of what somebody hears of."""
        told = [event for event in events if type(event.data) in AFFAIR_RULES]
        await self._communities.expect({(_community(event), None) for event in told})
        return self._apply

    async def _apply(self, events: Sequence[Envelope[Event]], session: mongo.Session) -> Sequence[Unsent]:
        now = self._now()
        written: list[Delivery] = []
        for event in events:
            if type(event.data) in AFFAIR_RULES:
                directory = self._communities.directory(_community(event))
                if directory is None:
                    raise Unappliable(event, "unknown_community", f"no data of {_community(event)} has arrived here")
                written += letters_of(event, directory, now)
        await self._deliveries.add(written, session)
        note_written(written)
        return ()


def letters_of(event: Envelope[Event], directory: Directory, now: datetime) -> list[Delivery]:
    """What each party hears, by the first row that names it, on every channel that it has; one without is recorded."""
    told: dict[str, list[Delivery]] = {}
    for at, rule in enumerate(AFFAIR_RULES[type(event.data)]):
        for party in parties_told(rule, event.data, directory):
            if party not in told:
                notices = to_party(NoticeKind.AFFAIR, party, directory)
                told[party] = [_letter(event, at, notice, directory, now) for notice in notices]
    return [each for letters in told.values() for each in letters]


def _letter(event: Envelope[Event], rule: int, notice: Notice, directory: Directory, now: datetime) -> Delivery:
    possible = notice.channel is not Channel.NONE
    return Delivery(
        id=delivery_id(event, notice.recipient, notice.channel),
        case_id="",
        community=directory.community.id,
        event_id=event.id,
        event_type=event.type,
        event_time=event.time,
        correlationid=event.correlationid,
        traceparent=event.traceparent,
        kind=notice.kind,
        recipient=notice.recipient,
        channel=notice.channel,
        facts=event.data.model_dump(mode="json", exclude_none=True) | {"rule": rule, "sequence": event.sequence},
        created_at=now,
        state=State.DUE if possible else State.UNDELIVERABLE,
        reason=notice.reason,
        due_at=now if possible else None,
        finished_at=None if possible else now,
    )


def _community(event: Envelope[Event]) -> str:
    return str(getattr(event.data, "community", ""))
