"""Notify's database: deliveries, their outcomes as events, and the key of the webhook secrets."""

import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from pymongo import ASCENDING, DESCENDING, ReturnDocument, UpdateMany, UpdateOne

from linli.contracts.base import Event, Scope
from linli.contracts.envelope import Envelope
from linli.contracts.erasure import Forgetting
from linli.messaging.event_store import EVENTS, EventStore
from linli.messaging.outbox import Unsent
from linli.messaging.transactions import Transactions
from linli.privacy.retention import BATCH, oldest_of
from linli.storage import mongo
from notify.deliveries.domain.deliveries import Delivery, State
from notify.deliveries.domain.tries import Verdict
from notify.notices.domain.facts import facts_emptied
from notify.notices.domain.kinds import Channel, NoticeKind

Over: TypeAlias = Callable[[Collection[str]], Awaitable[Collection[str]]]
REFUSALS = "^(address_refused|http_[34])"
"""Reasons of an endpoint's that speak of the endpoint, and not of the way there."""
CLOCKS_DIFFER = timedelta(seconds=10)
"""What is made later than now by more than this was made by a clock that was wrong."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A delivery with the verdict after an attempt, and its final event, if it has ended."""

    delivery: Delivery
    verdict: Verdict
    event: Envelope[Event] | None
    further: Delivery | None = None
    """The same notice on another channel, which this one's try has shown to be needed."""
    digest: str | None = None
    """The delivery whose letter told this one as well."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What an operator looks for among the deliveries."""

    state: State | None = None
    channel: Channel | None = None
    recipient: str | None = None
    case: str | None = None
    kind: NoticeKind | None = None
    reason: str | None = None
    since: datetime | None = None
    """Made since then."""
    until: datetime | None = None
    """Made before then."""
    ended_before: datetime | None = None

    def query(self) -> dict[str, Any]:
        named: dict[str, Any] = {
            "state": self.state,
            "channel": self.channel,
            "recipient": self.recipient,
            "case_id": self.case,
            "kind": self.kind,
        }
        query = {name: value for name, value in named.items() if value is not None}
        if self.state and not self.channel:  # each by name, so that the index has them in the order of a list
            query["channel"] = {"$in": [channel.value for channel in Channel]}
        if self.reason is not None:  # of what is tried again, why it did not succeed yet
            query["$or"] = [{"reason": self.reason}, {"state": State.DUE, "last_error": self.reason}]
        made = {"$gte": self.since, "$lt": self.until}
        if bounds := {how: time for how, time in made.items() if time is not None}:
            query["created_at"] = bounds
        if self.ended_before is not None:
            query["finished_at"] = {"$lt": self.ended_before}
        return query


class DeliveryStore:
    """Deliveries and their outcomes. `over` says which of some cases have ended, for what is let go with them."""

    def __init__(
        self,
        client: mongo.Client,
        database: mongo.Database,
        events: EventStore,
        transactions: Transactions,
        over: Over,
    ) -> None:
        self._client, self._database, self._over = client, database, over
        self._events, self._transactions = events, transactions

    # Written by the consumer ------------------------------------------------------------------------------------------

    async def add(self, deliveries: Sequence[Delivery], session: mongo.Session) -> None:
        """What a batch of events brought. The inbox lets each event through once, so nothing is there already."""
        if deliveries:
            await self._database.deliveries.insert_many([_document(each) for each in deliveries], session=session)

    async def add_once(self, deliveries: Sequence[Delivery]) -> int:
        """What no event brought, by ids that say what it is: what is there already stays. How many were not."""
        added = 0
        for each in deliveries:
            document = _document(each)
            found = await self._database.deliveries.update_one(
                {"_id": document.pop("_id")}, {"$setOnInsert": document}, upsert=True
            )
            added += found.upserted_id is not None
        return added

    async def forget(self, cases: Mapping[str, Forgetting], session: mongo.Session) -> None:
        """Erase that much of these cases' text.

        If the reporter is erased too, so are the deliveries to them, with their outcomes. Of the others remains who
        was notified of which step.
        """
        people = [id for id, forgetting in cases.items() if forgetting.scope is Scope.PERSON]
        to_them = {"case_id": {"$in": people}, "recipient": {"$regex": "^resident:"}}
        deliveries = self._database.deliveries
        for doc in await deliveries.find(to_them, {"_id": 1}, session=session).to_list(None):
            outcomes = {"_id": {"$gte": f"{doc['_id']}:", "$lt": f"{doc['_id']};"}}  # ids are <delivery>:<sequence>
            await self._database[EVENTS].delete_many(outcomes, session=session)
        await deliveries.delete_many(to_them, session=session)
        fields = {"case_id": 1, "event_type": 1, "facts": 1}
        stay = []
        for doc in await deliveries.find({"case_id": {"$in": list(cases)}}, fields, session=session).to_list(None):
            forgetting = cases[doc["case_id"]]
            if forgetting.reaches(doc["facts"].get("sequence")):
                facts = facts_emptied(doc["facts"], doc["event_type"], forgetting.scope)
                stay.append(UpdateOne({"_id": doc["_id"]}, {"$set": {"facts": facts}}))
        if stay:
            await deliveries.bulk_write(stay, ordered=False, session=session)

    # Let go when their time is over -----------------------------------------------------------------------------------

    async def oldest_ended(self) -> datetime | None:
        return await oldest_of(self._database.deliveries, _ENDED, "created_at")

    async def count_ended(self, before: datetime) -> int:
        return await self._database.deliveries.count_documents(_ended(before))

    async def let_go_of_deliveries(self, before: datetime) -> AsyncIterator[int]:
        """Delete deliveries that ended before a time, with their outcomes; none of an open case."""
        seen: mongo.Document = {}
        while True:
            cursor = self._database.deliveries.find(_ended(before) | seen, {"case_id": 1, "created_at": 1})
            found = await cursor.sort([("created_at", ASCENDING), ("_id", ASCENDING)]).limit(BATCH).to_list(None)
            if not found:
                return
            over = {"", *await self._over({doc["case_id"] for doc in found} - {""})}  # what is about no case
            ids = [doc["_id"] for doc in found if doc["case_id"] in over]
            for id in ids:
                outcomes = {"_id": {"$gte": f"{id}:", "$lt": f"{id};"}}  # ids are <delivery>:<sequence>
                await self._database[EVENTS].delete_many(outcomes | {"unsent_since": {"$exists": False}})
            yield (await self._database.deliveries.delete_many({"_id": {"$in": ids}})).deleted_count
            last, at = found[-1]["_id"], found[-1]["created_at"]
            seen = {"$or": [{"created_at": {"$gt": at}}, {"created_at": at, "_id": {"$gt": last}}]}

    # Taken and settled by the senders ---------------------------------------------------------------------------------

    async def claim(self, channel: Channel, owner: str, now: datetime, limit: int, lease: timedelta) -> list[Delivery]:
        """Take up to `limit` deliveries that are due on a channel, oldest first, until `now + lease`.

        While it is taken a delivery's `due_at` is the lease's end, so one whose sender died comes up again by itself.
        """
        due = {"state": State.DUE, "channel": channel, "due_at": {"$lte": now}}
        deliveries = self._database.deliveries
        found = await deliveries.find(due).sort("due_at", ASCENDING).limit(limit).to_list(None)
        if not found:
            return []
        ids = [document["_id"] for document in found]
        taken = await deliveries.update_many(
            due | {"_id": {"$in": ids}}, {"$set": {"owner": owner, "due_at": now + lease}}, hint="_id_"
        )
        if taken.modified_count < len(ids):  # another process was quicker with some of them
            found = await deliveries.find({"_id": {"$in": ids}, "owner": owner}).to_list(None)
        return [_delivery(document) for document in found]

    async def waiting_since(self, alike: Delivery) -> tuple[datetime, datetime]:
        """When the first and the last was made of what waits of one kind for one recipient, `alike` among it."""
        made = [alike.created_at]
        for way in (ASCENDING, DESCENDING):
            cursor = self._database.deliveries.find(_waiting(alike), {"created_at": 1}, hint="waiting")
            cursor = cursor.sort("created_at", way).limit(1)
            made += [document["created_at"] for document in await cursor.to_list(None)]
        return min(made), max(made)

    async def gather(self, owner: str, alike: Delivery, now: datetime, limit: int, lease: timedelta) -> list[Delivery]:
        """Take what else waits of one kind for one recipient, due or not, the oldest first."""
        deliveries = self._database.deliveries
        waiting = _waiting(alike) | {"owner": {"$exists": False}}
        cursor = deliveries.find(waiting, {"_id": 1}, hint="waiting").sort("created_at", ASCENDING).limit(limit)
        ids = [document["_id"] for document in await cursor.to_list(None)]
        if not ids:
            return []
        taken = {"$set": {"owner": owner, "due_at": now + lease}}
        await deliveries.update_many(waiting | {"_id": {"$in": ids}}, taken)
        found = await deliveries.find({"_id": {"$in": ids}, "owner": owner}).to_list(None)
        return [_delivery(document) for document in found]

    async def look_at_next(self, alike: Delivery, now: datetime) -> None:
        """Make one of those due that still wait: the one that gathers them may have gone with the letter before."""
        deliveries, waiting = self._database.deliveries, _waiting(alike) | {"owner": {"$exists": False}}
        while found := await deliveries.find_one(waiting, {"_id": 1}, hint="waiting"):
            changed = await deliveries.update_one(waiting | {"_id": found["_id"]}, {"$set": {"due_at": now}})
            if changed.matched_count:  # else another letter has just taken that one
                return

    async def release(self, instance: str, held: Collection[str], now: datetime) -> int:
        """Make due again what an instance had claimed, but for the claims that it holds; how many there were.

        For what a killed predecessor had taken, also when it was just writing what had become of it, and for a claim
        that an outage kept from being heard of.
        """
        await mongo.end_predecessors(self._client)
        result = await self._database.deliveries.update_many(
            {
                "state": State.DUE,
                "due_at": {"$gt": now},
                "owner": {"$regex": f"^{re.escape(instance)}/", "$nin": list(held)},
            },
            {"$set": {"due_at": now}, "$unset": {"owner": ""}},
        )
        return result.modified_count

    async def bring_back(self, now: datetime) -> int:
        """Make due what a clock that was ahead has made, and nobody has tried; how many there were.

        It would wait until that clock's time has come.
        """
        ahead = {"$gt": now + CLOCKS_DIFFER}
        result = await self._database.deliveries.update_many(
            {"state": State.DUE, "tries": 0, "created_at": ahead, "due_at": ahead, "owner": {"$exists": False}},
            {"$set": {"due_at": now}},
        )
        return result.modified_count

    async def settle(self, owner: str, ended: Sequence[Ended], now: datetime) -> None:
        """Store a claim's outcomes and their events in one transaction.

        Deliveries taken over by another process are left to it.
        """

        async def work(session: mongo.Session) -> tuple[None, list[Unsent]]:
            deliveries = self._database.deliveries
            ids = [each.delivery.id for each in ended]
            cursor = deliveries.find({"_id": {"$in": ids}, "owner": owner}, {"_id": 1}, session=session)
            ours = {document["_id"] for document in await cursor.to_list(None)}
            mine = [each for each in ended if each.delivery.id in ours]
            alike: dict[tuple[Verdict, str | None], list[str]] = {}
            for each in mine:  # one change for all that ended alike: most of a claim does
                alike.setdefault((each.verdict, each.digest), []).append(each.delivery.id)
            changes = [
                UpdateMany({"_id": {"$in": ids}}, _change(verdict, digest, now))
                for (verdict, digest), ids in alike.items()
            ]
            if changes:
                await deliveries.bulk_write(changes, ordered=False, session=session)
            await self._add_further([each.further for each in mine if each.further], session)
            return None, await self._events.append([each.event for each in mine if each.event], now, session)

        await self._transactions.run_patiently(work)

    async def _add_further(self, further: Sequence[Delivery], session: mongo.Session) -> None:
        """A delivery that is tried twice asks for the same one twice."""
        if not further:
            return
        ids = [each.id for each in further]
        cursor = self._database.deliveries.find({"_id": {"$in": ids}}, {"_id": 1}, session=session)
        there = {document["_id"] for document in await cursor.to_list(None)}
        if new := [_document(each) for each in further if each.id not in there]:
            await self._database.deliveries.insert_many(new, session=session)

    async def due(self) -> int:
        """How many deliveries wait for their time or are under way."""
        due = Filter(state=State.DUE).query()
        return await self._database.deliveries.count_documents(due, hint="by_state")  # reads keys alone

    async def sent(self, channel: Channel, recipients: Collection[str], since: datetime) -> Counter[str]:
        """How many deliveries each recipient has had on a channel, of those made since then."""
        wanted = {"recipient": {"$in": list(recipients)}, "created_at": {"$gte": since}}
        wanted |= {"channel": channel, "state": State.SENT}
        stages: list[dict[str, Any]] = [{"$match": wanted}, {"$group": {"_id": "$recipient", "sent": {"$sum": 1}}}]
        found = await self._database.deliveries.aggregate(stages, hint="recipient").to_list(None)
        return Counter({group["_id"]: int(group["sent"]) for group in found})

    # Asked for and decided by operators -------------------------------------------------------------------------------

    async def delivery(self, id: str) -> Delivery | None:
        document = await self._database.deliveries.find_one({"_id": id})
        return _delivery(document) if document else None

    async def deliveries(self, wanted: Filter, limit: int, after: tuple[datetime, str] | None) -> list[Delivery]:
        """Newest first, so what comes in meanwhile moves no page; `after` is the last one's `created_at` and id."""
        query = wanted.query()
        if after is not None:
            created_at, id = after
            place = [{"created_at": {"$lt": created_at}}, {"created_at": created_at, "_id": {"$lt": id}}]
            query = {"$and": [query, {"created_at": {"$lte": created_at}}, {"$or": place}]}
        cursor = self._database.deliveries.find(query).sort([("created_at", DESCENDING), ("_id", DESCENDING)])
        return [_delivery(document) for document in await cursor.limit(limit).to_list(None)]

    async def count(self, wanted: Filter) -> int:
        return await self._database.deliveries.count_documents(wanted.query())

    async def counts(self, case: str | None) -> dict[str, dict[str, int]]:
        """How many deliveries there are: channel → state → number."""
        stages: list[dict[str, Any]] = [{"$match": {"case_id": case}}] if case else []
        stages.append({"$group": {"_id": {"channel": "$channel", "state": "$state"}, "number": {"$sum": 1}}})
        hint = {} if case else {"hint": "by_state"}
        counted: dict[str, dict[str, int]] = {}
        for group in await self._database.deliveries.aggregate(stages, **hint).to_list(None):
            counted.setdefault(group["_id"]["channel"], {})[group["_id"]["state"]] = group["number"]
        return counted

    async def make_due(self, id: str, now: datetime) -> Delivery | None:
        """A delivery that was given up becomes due again, at the beginning of its schedule; None when it was not."""
        document = await self._database.deliveries.find_one_and_update(
            {"_id": id, "state": State.FAILED},
            {"$set": {"state": State.DUE, "due_at": now, "tries": 0}, "$unset": {"reason": "", "finished_at": ""}},
            return_document=ReturnDocument.AFTER,
        )
        return _delivery(document) if document else None

    async def make_all_due(self, wanted: Filter, now: datetime, limit: int) -> int:
        """The same for up to `limit` of those that were given up, the oldest first; how many there were."""
        deliveries, query = self._database.deliveries, wanted.query() | {"state": State.FAILED}
        cursor = deliveries.find(query, {"_id": 1}).sort([("created_at", ASCENDING), ("_id", ASCENDING)])
        ids = [document["_id"] for document in await cursor.limit(limit).to_list(None)]
        again = {"$set": {"state": State.DUE, "due_at": now, "tries": 0}, "$unset": {"reason": "", "finished_at": ""}}
        result = await deliveries.update_many({"_id": {"$in": ids}, "state": State.FAILED}, again)
        return result.modified_count

    async def given_up(self, since: datetime) -> dict[tuple[str, str], int]:
        """(channel, reason) → how many deliveries ended since then untold: given up, or without any channel."""
        wanted = {"state": {"$in": [State.FAILED, State.UNDELIVERABLE]}, "finished_at": {"$gte": since}}
        stages: list[dict[str, Any]] = [
            {"$match": wanted},
            {"$group": {"_id": {"channel": "$channel", "reason": "$reason"}, "number": {"$sum": 1}}},
        ]
        found = await self._database.deliveries.aggregate(stages, hint="by_state").to_list(None)
        return {(each["_id"]["channel"], each["_id"].get("reason") or ""): each["number"] for each in found}

    async def refusing(self) -> int:
        """How many parties' endpoints refuse what they are sent, or lead where nothing may be sent."""
        wanted = {"state": State.DUE, "channel": Channel.WEBHOOK, "last_error": {"$regex": REFUSALS}}
        stages: list[dict[str, Any]] = [
            {"$match": wanted},
            {"$group": {"_id": {"community": "$community", "recipient": "$recipient"}}},
        ]
        return len(await self._database.deliveries.aggregate(stages).to_list(None))

    async def substitute(self, old: Delivery, new: Sequence[Delivery], now: datetime) -> bool:
        """Put deliveries on channels that a party has now in the place of one that had none. Whether it was there."""

        async def work(session: mongo.Session) -> bool:
            result = await self._database.deliveries.update_one(
                {"_id": old.id, "state": State.UNDELIVERABLE},
                {"$set": {"state": State.REPLACED, "finished_at": now}},
                session=session,
            )
            if result.modified_count:
                await self._database.deliveries.insert_many([_document(each) for each in new], session=session)
            return bool(result.modified_count)

        return await mongo.transact(self._client, work, seconds=mongo.ANSWER_WITHIN)

    async def webhook_key(self) -> bytes:
        """The key that `m002_webhook_key` made. Raises LookupError when the migrations have not run."""
        document = await self._database["keys"].find_one({"_id": "webhook"})
        if document is None:
            raise LookupError("there is no webhook key: run the migrations")
        return bytes(document["key"])


# Documents ------------------------------------------------------------------------------------------------------------


def _waiting(alike: Delivery) -> mongo.Document:
    """What one letter may tell together with a delivery."""
    same = {name: getattr(alike, name) for name in ("recipient", "channel", "kind", "community")}
    return {"state": State.DUE, "together": True} | same


def _document(delivery: Delivery) -> mongo.Document:
    document = {name: value for name in _FIELDS if (value := getattr(delivery, name)) is not None}
    document["_id"] = document.pop("id")
    return document


def _delivery(document: mongo.Document) -> Delivery:
    fields: dict[str, Any] = {name: document.get(name) for name in _FIELDS}
    fields["id"] = document["_id"]
    for name, kind in (("kind", NoticeKind), ("channel", Channel), ("state", State)):
        fields[name] = kind(document[name])
    return Delivery(**fields)


_FIELDS = tuple(Delivery.__dataclass_fields__)


_ENDED: mongo.Document = {"state": {"$ne": State.DUE}}


def _ended(before: datetime) -> mongo.Document:
    """What ended before a time was made before it too, and that is indexed."""
    return _ENDED | {"created_at": {"$lt": before}, "finished_at": {"$lt": before}}


def _change(verdict: Verdict, digest: str | None, now: datetime) -> mongo.Document:
    """What a try changes. `digest` counts for what was sent: nothing else was told by another's letter."""
    put: mongo.Document = {"state": verdict.state}
    drop, counted = {"owner": ""}, dict.fromkeys(("attempts", "tries"), int(verdict.tried))
    match verdict.state:
        case State.DUE:
            put["due_at"] = verdict.due_at
            if verdict.tried:
                put["last_error"] = verdict.reason
            return {"$set": put, "$unset": drop, "$inc": counted}
        case State.SENT:
            put |= {"digest": digest} if digest else {}
            drop["last_error"] = ""
        case State.FAILED:
            put |= {"reason": verdict.reason, "last_error": verdict.reason}
        case _:
            put["reason"] = verdict.reason
            counted = {}
    outcome = {"outcomes": 1} if verdict.state in (State.SENT, State.FAILED) else {}
    changed = {"$set": put | {"finished_at": now}, "$unset": drop | {"due_at": ""}}
    return changed | ({"$inc": counted | outcome} if counted else {})
