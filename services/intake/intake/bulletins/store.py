"""Subscriptions in intake's database: the mailbox with the code that goes to it alone."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from intake.bulletins.domain import Subscription
from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.contracts.intake.submission import OfSubmission
from linli.contracts.intake.subscription import DemandThinned, Hears, OfSubscription
from linli.contracts.kinds import Language
from linli.messaging.event_store import EventStore
from linli.messaging.outbox import Unsent
from linli.storage import mongo

ANY_CASE = {"locale": "en", "strength": 2}
WAITS = timedelta(days=7)
"""So long a mailbox is kept that nobody has confirmed."""


class SubscriptionStore:
    """Mailboxes are few beside submissions: a document for each that reads a neighbourhood's bulletins."""

    def __init__(self, database: mongo.Database, events: EventStore) -> None:
        self._there, self._demands, self._events = database.subscriptions, database.demands_thinned, events

    async def add(self, made: Subscription, event: OfSubscription, session: mongo.Session) -> list[Unsent]:
        """Raises `DuplicateKeyError` where the mailbox is known for this neighbourhood."""
        await self._there.insert_one(_document(made), session=session)
        return await self._tell(made, event, made.asked_at, session)

    async def save(
        self, after: Subscription, event: OfSubscription, now: datetime, session: mongo.Session
    ) -> list[Unsent]:
        await self._there.replace_one({"_id": after.id}, _document(after), session=session)
        return await self._tell(after, event, now, session)

    async def remove(
        self, after: Subscription, event: OfSubscription, now: datetime, session: mongo.Session
    ) -> list[Unsent]:
        """Nothing of the mailbox stays."""
        await self._there.delete_one({"_id": after.id}, session=session)
        return await self._tell(after, event, now, session)

    async def by_code(self, code: str, session: mongo.Session | None = None) -> Subscription | None:
        found = await self._there.find_one({"code": code}, session=session)
        return _subscription(found) if found else None

    async def known(self, email: str, session: mongo.Session | None = None) -> list[Subscription]:
        """Of one mailbox, of whatever neighbourhood."""
        cursor = self._there.find({"email": email}, session=session, collation=ANY_CASE)
        return [_subscription(each) for each in await cursor.to_list(None)]

    async def contacts(self, ids: Sequence[str]) -> list[Subscription]:
        cursor = self._there.find({"_id": {"$in": list(ids)}})
        return [_subscription(each) for each in await cursor.to_list(None)]

    async def thin(self, submission: str, hears: Hears, now: datetime, session: mongo.Session) -> list[Unsent]:
        """How much is told of a demand's way; nothing where it is so already."""
        before = await self._demands.find_one({"_id": submission}, session=session) or {"version": 0}
        if before.get("hears") == hears.value:
            return []
        version = int(before["version"]) + 1
        change = {"$set": {"hears": hears.value, "version": version}}
        await self._demands.update_one({"_id": submission}, change, upsert=True, session=session)
        event = DemandThinned(submission_id=submission, hears=hears)
        return await self._events.append([_envelope(event, event.story, version, now)], now, session)

    async def _tell(
        self, of: Subscription, event: OfSubscription, now: datetime, session: mongo.Session
    ) -> list[Unsent]:
        return await self._events.append([_envelope(event, of.id, of.version, now)], now, session)


def _envelope(event: Event, subject: str, sequence: int, now: datetime) -> Envelope[Event]:
    return Envelope(OfSubmission.SOURCE, subject, sequence, now, subject, event)


def _document(of: Subscription) -> mongo.Document:
    values = asdict(of) | {"hears": of.hears.value, "language": of.language.value}
    if of.confirmed_at is None:
        values["waits_until"] = of.asked_at + WAITS
    return {"_id": values.pop("id")} | values


def _subscription(doc: mongo.Document) -> Subscription:
    found = {name: value for name, value in doc.items() if name not in {"_id", "waits_until"}}
    found |= {"hears": Hears(doc["hears"]), "language": Language(doc["language"])}
    return Subscription(id=doc["_id"], **found)
