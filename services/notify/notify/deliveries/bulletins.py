"""Letters to residents who read a neighbourhood's bulletins; who that is, as intake tells it: ids and no mailbox."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.contracts.intake.subscription import (
    Hears,
    OfSubscription,
    SubscriptionAsked,
    SubscriptionConfirmed,
    SubscriptionEnded,
    SubscriptionThinned,
)
from linli.contracts.neighbourhood.affairs import Affair
from linli.messaging.outbox import Unsent
from linli.storage import mongo
from linli.storage.clock import Now
from notify.deliveries.domain.deliveries import Delivery, delivery_id
from notify.deliveries.handlers import note_written
from notify.deliveries.store import DeliveryStore
from notify.notices.domain.bulletin_rules import BULLETIN_RULES
from notify.notices.domain.kinds import Channel, NoticeKind


class ReaderStore:
    """Who reads what, by subscription."""

    def __init__(self, database: mongo.Database) -> None:
        self._readers = database.bulletin_readers

    async def keep(self, event: OfSubscription, session: mongo.Session) -> None:
        values = {"community": event.community, "neighbourhood": event.neighbourhood, "hears": event.hears.value}
        await self._readers.update_one({"_id": event.subscription_id}, {"$set": values}, upsert=True, session=session)

    async def thin(self, event: OfSubscription, session: mongo.Session) -> None:
        """Where it is one: a mailbox that was only asked is none."""
        change = {"$set": {"hears": event.hears.value}}
        await self._readers.update_one({"_id": event.subscription_id}, change, session=session)

    async def drop(self, id: str, session: mongo.Session) -> None:
        await self._readers.delete_one({"_id": id}, session=session)

    async def of(self, community: str, neighbourhood: str, hears: Sequence[Hears], session: mongo.Session) -> list[str]:
        """Whose level is one of these."""
        query = {"community": community, "neighbourhood": neighbourhood, "hears": {"$in": [e.value for e in hears]}}
        found = await self._readers.find(query, {"_id": 1}, session=session).sort("_id", 1).to_list(None)
        return [each["_id"] for each in found]


class Bulletins:
    """Applies events within the inbox's transaction."""

    def __init__(self, readers: ReaderStore, deliveries: DeliveryStore, now: Now) -> None:
        self._readers, self._deliveries, self._now = readers, deliveries, now

    async def of_subscriptions(self, events: Sequence[Envelope[Event]], session: mongo.Session) -> Sequence[Unsent]:
        """Nobody is a reader before the mailbox' owner has said so."""
        written: list[Delivery] = []
        for event in events:
            match event.data:
                case SubscriptionAsked() as asked:
                    facts = {"neighbourhood": asked.neighbourhood}
                    kind, community = NoticeKind.BULLETINS_ASKED, asked.community
                    written.append(_letter(event, kind, community, asked.subscription_id, facts, self._now()))
                case SubscriptionEnded() as ended:
                    await self._readers.drop(ended.subscription_id, session)
                case SubscriptionConfirmed() as confirmed:
                    await self._readers.keep(confirmed, session)
                case SubscriptionThinned() as thinned:
                    await self._readers.thin(thinned, session)
        await self._write(written, session)
        return ()

    async def of_affairs(self, events: Sequence[Envelope[Event]], session: mongo.Session) -> Sequence[Unsent]:
        """A letter to each who wants to hear so much."""
        written: list[Delivery] = []
        for event in events:
            rule = BULLETIN_RULES.get(type(event.data)) if isinstance(event.data, Affair) else None
            if rule is None:
                continue
            place: tuple[str, str] = (getattr(event.data, "community", ""), getattr(event.data, "neighbourhood", ""))
            facts = event.data.model_dump(mode="json", exclude_none=True)
            for reader in await self._readers.of(*place, rule.levels, session):
                written.append(_letter(event, NoticeKind.BULLETIN, place[0], reader, facts, self._now()))
        await self._write(written, session)
        return ()

    async def _write(self, written: Sequence[Delivery], session: mongo.Session) -> None:
        await self._deliveries.add(written, session)
        note_written(written)


def _letter(
    event: Envelope[Event], kind: NoticeKind, community: str, reader: str, facts: dict[str, Any], now: datetime
) -> Delivery:
    recipient = f"resident:{reader}"
    return Delivery(
        id=delivery_id(event, recipient, Channel.EMAIL),
        case_id="",
        community=community,
        event_id=event.id,
        event_type=event.type,
        event_time=event.time,
        correlationid=event.correlationid,
        traceparent=event.traceparent,
        kind=kind,
        recipient=recipient,
        channel=Channel.EMAIL,
        facts=facts,
        created_at=now,
        due_at=now,
    )
