"""What each partner is told, in order, in notify's database.

A partner's events are numbered as they are read from Kafka, without gaps. The number of the last one that it has seen
is all that a reader has to keep.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from pymongo import UpdateOne

from linli.contracts.base import Event, Scope, strict_json
from linli.contracts.envelope import Envelope
from linli.contracts.erasure import value_emptied
from linli.contracts.workflow.partner import PartnerChanged, Standing, Way
from linli.messaging.outbox import Unsent
from linli.storage import mongo


@dataclass(frozen=True, slots=True)
class Told:
    """One of a partner's events, with its place among them."""

    number: int
    event: Mapping[str, Any]
    """A CloudEvent in structured JSON."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a partner's events go: the first that is still kept, which is `last` + 1 where none is."""

    first: int
    last: int


SANDBOX = "sandbox:"
"""Begins the id of a partner's second list: that of what is only for trying."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A partner's list of events, as others read on in it."""

    id: str
    last: int
    kafka: int | None
    """Up to which number its own topics have them; None without topics."""

    def topic(self, kind: str) -> str:
        """The short name of its topic of `orders` or `receipts`; no slug has a dot."""
        partner = self.id.removeprefix(SANDBOX).replace("/", ".")
        return f"{'sandbox.' if self.id.startswith(SANDBOX) else ''}partner.{partner}.{kind}"


class FeedStore:
    """The events of all partners."""

    def __init__(self, database: mongo.Database) -> None:
        self._feeds, self._events = database.partner_feeds, database.partner_events

    # Written by the consumer ------------------------------------------------------------------------------------------

    async def add(self, theirs: Mapping[str, Sequence[Envelope[Event]]], session: mongo.Session) -> None:
        """What a batch brought, by partner; in order."""
        query = {"_id": {"$in": sorted(theirs)}}
        docs = await self._feeds.find(query, {"last": 1}, session=session).to_list(None)
        lasts = {doc["_id"]: int(doc["last"]) for doc in docs}
        # Always in one order: two replicas must not wait in a circle. Who has read the same numbers as another that was
        # quicker is refused, and the transaction begins anew.
        changes = [
            UpdateOne({"_id": partner}, {"$inc": {"last": len(events)}}, upsert=True)
            for partner, events in sorted(theirs.items())
        ]
        await self._feeds.bulk_write(changes, session=session)
        documents = [
            _document(partner, number, event)
            for partner, events in theirs.items()
            for number, event in enumerate(events, lasts.get(partner, 0) + 1)
        ]
        await self._events.insert_many(documents, ordered=False, session=session)

    async def changed(self, event: PartnerChanged, at: datetime, session: mongo.Session) -> None:
        """How a partner stands since then. Its topics begin with what has happened since it chose to have some.

        That it did may be heard of after some of it: they are told on different topics.
        """
        partner, by_kafka = f"{event.community}/{event.party}", Way.KAFKA in event.ways
        goes_on = by_kafka and event.standing is not Standing.REVOKED
        for feed in (partner, f"{SANDBOX}{partner}"):
            since = {"partner": feed, "at": {"$gte": at}}
            first = await self._events.find_one(since, {"number": 1}, sort=[("number", 1)], session=session)
            last = int(first["number"]) - 1 if first else {"$ifNull": ["$last", 0]}
            begin = {"$ifNull": ["$kafka", last]} if goes_on else "$$REMOVE"
            now = {
                "last": {"$ifNull": ["$last", 0]},
                "standing": event.standing.value,
                "kafka": begin,
                "topics": event.has_topics,
            }
            await self._feeds.update_one({"_id": feed}, [{"$set": now}], upsert=True, session=session)

    async def forget(self, subjects: Collection[str], session: mongo.Session) -> list[Unsent]:
        """Empty what people wrote in the events of these orders; nobody is told."""
        query = {"subject": {"$in": list(subjects)}}
        docs = await self._events.find(query, {"type": 1, "data": 1}, session=session).to_list(None)
        changes = [
            UpdateOne({"_id": doc["_id"]}, {"$set": {"data": value_emptied(doc["type"], doc["data"], Scope.PERSON)}})
            for doc in docs
        ]
        if changes:
            await self._events.bulk_write(changes, ordered=False, session=session)
        return []

    # Written by the process that writes to partners' topics -----------------------------------------------------------

    async def behind_on_kafka(self, limit: int) -> list[Feed]:
        """Of the partners that have topics those that have not all yet; another some each time where they are more."""
        query = {
            "topics": True,
            "standing": Standing.ACTIVE.value,
            "$expr": {"$lt": ["$kafka", "$last"]},
        }
        docs = await self._feeds.find(query).sort("published_at", 1).limit(limit).to_list(None)
        return [Feed(doc["_id"], int(doc["last"]), int(doc["kafka"])) for doc in docs]

    async def published(self, reached: Mapping[str, tuple[int, int]]) -> None:
        """Their topics have all up to there. Who had them meanwhile has gone further."""
        await self._feeds.bulk_write(
            [
                UpdateOne({"_id": id, "kafka": before}, [{"$set": {"kafka": after, "published_at": "$$NOW"}}])
                for id, (before, after) in reached.items()
            ],
            ordered=False,
        )

    async def on_kafka(self, partner: str | None) -> Mapping[str, int]:
        """Up to which number the topics of one partner, or of all that have some, have its events."""
        query: dict[str, Any] = {"kafka": {"$type": "number"}, "topics": True} | ({"_id": partner} if partner else {})
        docs = await self._feeds.find(query, {"kafka": 1}).to_list(None)
        return {doc["_id"]: int(doc["kafka"]) for doc in docs if not doc["_id"].startswith(SANDBOX)}

    # Written by the process that posts what is only for trying --------------------------------------------------------

    async def untried(self) -> list[tuple[Feed, int]]:
        """Lists of what is only for trying that have more than was posted, and up to which number it was."""
        tried = {"$ifNull": ["$tried", 0]}
        query = {"_id": {"$gte": SANDBOX, "$lt": f"{SANDBOX[:-1]};"}, "$expr": {"$lt": [tried, "$last"]}}
        docs = await self._feeds.find(query).to_list(None)
        return [(Feed(doc["_id"], int(doc["last"]), None), int(doc.get("tried", 0))) for doc in docs]

    async def tried(self, feed: str, number: int) -> None:
        """All up to there was posted, or was not to be."""
        await self._feeds.update_one({"_id": feed}, {"$max": {"tried": number}})

    # Read -------------------------------------------------------------------------------------------------------------

    async def standing(self, partner: str) -> Standing:
        """Whether it takes part. One that was never heard of does: it may have been added a moment ago."""
        feed = await self._feeds.find_one({"_id": partner}, {"standing": 1})
        return Standing(feed["standing"]) if feed and "standing" in feed else Standing.ACTIVE

    async def reach(self, partner: str) -> Reach:
        """How far its events go now."""
        feed = await self._feeds.find_one({"_id": partner})
        last = int(feed["last"]) if feed else 0
        oldest = await self._events.find_one({"partner": partner}, {"number": 1}, sort=[("number", 1)])
        return Reach(int(oldest["number"]) if oldest else last + 1, last)

    async def lasts(self, partner: str | None) -> Mapping[str, int]:
        """The newest number of one partner, or of all that take part and were told something: a handful for each
        community."""
        away = [Standing.PAUSED.value, Standing.REVOKED.value]
        query: dict[str, Any] = {"_id": partner} if partner else {"last": {"$gt": 0}, "standing": {"$nin": away}}
        docs = await self._feeds.find(query).sort("_id", 1).to_list(None)
        return {doc["_id"]: int(doc["last"]) for doc in docs if not doc["_id"].startswith(SANDBOX)}

    async def happened_at(self, partner: str, number: int) -> datetime | None:
        """When the first of its events from a number on happened; None where none is kept."""
        query = {"partner": partner, "number": {"$gte": number}}
        found = await self._events.find_one(query, {"at": 1}, sort=[("number", 1)])
        return found["at"] if found else None

    async def after(
        self, partner: str, number: int, until: int, types: Collection[str] | None, limit: int
    ) -> list[Told]:
        """Its events after one, up to another, of some types if any are named."""
        query: dict[str, Any] = {"partner": partner, "number": {"$gt": number, "$lte": until}}
        if types:
            query["type"] = {"$in": list(types)}
        docs = await self._events.find(query).sort("number", 1).limit(limit).to_list(None)
        return [Told(doc["number"], _cloud_event(doc)) for doc in docs]

    async def numbered(self, partner: str, numbers: Collection[int]) -> list[Told]:
        """Those of its events that have these numbers and are still kept, in order."""
        if not numbers:
            return []
        query = {"partner": partner, "number": {"$in": list(numbers)}}
        return [
            Told(doc["number"], _cloud_event(doc))
            for doc in await self._events.find(query).sort("number", 1).to_list(None)
        ]

    async def begun_at(self, partner: str, time: datetime) -> int:
        """The number before the first of its events from a time on; that of the last where there is none."""
        first = await self._events.find_one(
            {"partner": partner, "at": {"$gte": time}}, {"number": 1}, sort=[("number", 1)]
        )
        return int(first["number"]) - 1 if first else (await self.reach(partner)).last

    async def ended_at(self, partner: str, time: datetime) -> int:
        """The number of the last of its events before a time; 0 where there is none."""
        last = await self._events.find_one(
            {"partner": partner, "at": {"$lt": time}}, {"number": 1}, sort=[("number", -1)]
        )
        return int(last["number"]) if last else 0

    async def number_of(self, partner: str, event: str) -> int | None:
        """The number that an event of its has, the newest if it came more than once; None for none that is kept."""
        subject = event.rpartition(":")[0]
        query = {"partner": partner, "subject": subject, "id": event}
        found = await self._events.find_one(query, {"number": 1}, sort=[("number", -1)])
        return int(found["number"]) if found else None


def _document(partner: str, number: int, event: Envelope[Event]) -> mongo.Document:
    return {
        "_id": f"{partner}:{number}",
        "partner": partner,
        "number": number,
        "id": event.id,
        "source": event.source,
        "type": event.type,
        "subject": event.subject,
        "sequence": event.sequence,
        "at": event.time,
        "data": strict_json(event.data),
    }


def _cloud_event(doc: mongo.Document) -> Mapping[str, Any]:
    return {
        "specversion": "1.0",
        "id": doc["id"],
        "source": doc["source"],
        "type": doc["type"],
        "subject": doc["subject"],
        "sequence": str(doc["sequence"]),
        "time": doc["at"].astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": orjson.loads(doc["data"]) if doc["data"] else None,
    }
