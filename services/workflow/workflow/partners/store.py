"""Partners, their orders and updates in workflow's database."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

from pymongo import UpdateOne

from linli.contracts.base import Event, Scope
from linli.contracts.envelope import Envelope
from linli.contracts.workflow.order import Ended, OrderEvent
from linli.contracts.workflow.partner import Outcome, Standing, UpdateReceived, Way
from linli.frozen import replace
from linli.messaging import outbox
from linli.messaging.event_store import EventStore
from linli.messaging.outbox import Unsent
from linli.storage import mongo
from linli.storage.aggregates import Aggregates, Change
from workflow.cases.unit_of_work import SOURCE
from workflow.partners.domain.orders import Order, OrderStep
from workflow.partners.domain.partner import Login, Partner, changed, partner_id

LOOKED_THROUGH = 200
"""Updates of one partner in which those of some orders are looked for."""
M = TypeVar("M", OrderEvent, UpdateReceived)


@dataclass(frozen=True, slots=True)
class Received:
    """An update that has been taken: what it was, and what became of it."""

    fingerprint: str
    receipt: UpdateReceived


class NoPartner(Exception):
    """It is no partner any more, or takes no part at the moment."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Orders of which no word has come in its time."""

    orders: int
    oldest: datetime
    """When a word of the oldest was due."""


class PartnerStore:
    """Which parties take part with a system of their own, what they have to do, and what they said."""

    def __init__(self, database: mongo.Database, events: EventStore, *, sandbox: bool = False) -> None:
        """`sandbox`: of the orders and updates that are only for trying, which lie apart, and whose events say so."""
        self._db, self._events, self._sandbox = database, events, sandbox
        apart = "sandbox_" if sandbox else ""
        self._listed, self._updates = database[f"{apart}orders"], database[f"{apart}partner_updates"]
        self._orders = Aggregates(self._listed, events, _order, _order_document)

    # Partners --------------------------------------------------------------------------------------------------------

    async def save(self, before: Partner | None, after: Partner, now: datetime, session: mongo.Session) -> list[Unsent]:
        """Write a partner that was read in this transaction, and what others are to hear of it."""
        event = changed(before, after)
        told = replace(after, told=after.told + 1) if event else after
        document = asdict(told)
        if before is None:
            await self._db.partners.insert_one({"_id": after.id, "receipts": 0} | document, session=session)
        else:
            await self._db.partners.update_one({"_id": after.id}, {"$set": document}, session=session)
        if event is None:
            return []
        return await self._events.append([Envelope(SOURCE, event.story, told.told, now, after.id, event)], now, session)

    async def partner(self, id: str, session: mongo.Session | None = None) -> Partner | None:
        found = await self._db.partners.find_one({"_id": id}, session=session)
        return _partner(found) if found else None

    async def partners(self, session: mongo.Session | None = None) -> list[Partner]:
        """All, by community and party, those that are no more too. They are few: a handful for each community."""
        return [_partner(doc) for doc in await self._db.partners.find({}, session=session).sort("_id", 1).to_list(None)]

    # Orders ----------------------------------------------------------------------------------------------------------

    async def orders(self, ids: Collection[str], session: mongo.Session | None = None) -> dict[str, Order]:
        """Those that exist, by id."""
        return await self._orders.load(ids, session)

    async def listing(self, filters: Mapping[str, Any], after: str | None, limit: int) -> list[Order]:
        """Orders, newest first, those that come after one."""
        query = {**filters, "_id": {"$lt": after}} if after else dict(filters)
        docs = await self._listed.find(query).sort("_id", -1).limit(limit).to_list(None)
        return [_order(doc) for doc in docs]

    async def save_orders(
        self, steps: Sequence[OrderStep], before: Mapping[str, int], now: datetime, session: mongo.Session
    ) -> list[Unsent]:
        """Write orders as they are after steps, with the events; `before` has the versions that were read."""
        stories: dict[str, list[Envelope[Event]]] = {}
        last: dict[str, Order] = {}
        for order, said in steps:
            event = self._marked(said)
            envelope: Envelope[Event] = Envelope(SOURCE, order.id, order.version, now, order.case_id, event)
            stories.setdefault(order.id, []).append(envelope)
            last[order.id] = order
        changes = [Change(order, before.get(id, 0), stories[id]) for id, order in last.items()]
        return await self._orders.save(changes, now, session)

    async def answered(self, ids: Collection[str], session: mongo.Session) -> None:
        """No word of the partner is waited for any more. No event, so the version stays."""
        if ids:
            await self._listed.update_many({"_id": {"$in": list(ids)}}, {"$unset": {"update_by": ""}}, session=session)

    async def unanswered(self, now: datetime) -> dict[str, Unanswered]:
        """By partner: of how many of its orders no word has come in its time, and since when of the oldest."""
        stages: list[dict[str, Any]] = [
            {"$match": {"update_by": {"$lte": now}}},
            {
                "$group": {
                    "_id": {"community": "$community", "party": "$party"},
                    "orders": {"$sum": 1},
                    "oldest": {"$min": "$update_by"},
                }
            },
        ]
        found = await self._listed.aggregate(stages, hint="update_by").to_list(None)
        return {
            partner_id(each["_id"]["community"], each["_id"]["party"]): Unanswered(each["orders"], each["oldest"])
            for each in found
        }

    async def forget(self, ids: Collection[str], session: mongo.Session) -> None:
        """Erase what people wrote from the stories of these orders."""
        query = {"subject": {"$in": list(ids)}}
        docs = await self._db.events.find(query, {"type": 1, "outgoing": 1}, session=session).to_list(None)
        changes = [
            UpdateOne({"_id": doc["_id"]}, {"$set": {"outgoing.value": value}})
            for doc in docs
            if (value := outbox.forgotten(doc, Scope.PERSON)) is not None
        ]
        if changes:
            await self._db.events.bulk_write(changes, ordered=False, session=session)

    def _marked(self, event: M) -> M:
        return event.model_copy(update={"sandbox": True}) if self._sandbox else event

    # Updates ---------------------------------------------------------------------------------------------------------

    async def received(
        self, partner: Partner, update_ids: Collection[str], session: mongo.Session
    ) -> dict[str, Received]:
        """Which of these updates this partner has sent before, by their ids."""
        keys = [f"{partner.id}:{each}" for each in update_ids]
        docs = await self._updates.find({"_id": {"$in": keys}}, session=session).to_list(None)
        return {
            doc["update_id"]: Received(doc["fingerprint"], UpdateReceived.model_validate_json(doc["receipt"]))
            for doc in docs
        }

    async def last_update(self, partner: Partner) -> datetime | None:
        """When it said something last that was taken."""
        found = await self._updates.find_one({"partner": partner.id}, {"at": 1}, sort=[("at", -1)])
        return found["at"] if found else None

    async def said_of(self, partner: Partner, orders: Collection[str]) -> dict[str, list[tuple[str, Outcome]]]:
        """For each of these orders the names of updates and what they came to, oldest first: a partner's few newest."""
        docs = await self._updates.find({"partner": partner.id}).sort("at", -1).limit(LOOKED_THROUGH).to_list(None)
        said: dict[str, list[tuple[str, Outcome]]] = {}
        for doc in reversed(docs):
            receipt = UpdateReceived.model_validate_json(doc["receipt"])
            if (order := receipt.order_id) is not None and order in orders:
                said.setdefault(order, []).append((doc["update_id"], receipt.outcome))
        return said

    async def answer(
        self,
        partner: Partner,
        taken: Mapping[str, Received],
        receipts: Sequence[UpdateReceived],
        now: datetime,
        session: mongo.Session,
        *,
        anyhow: bool = False,
    ) -> list[Unsent]:
        """Remember updates that were taken, by their ids, and publish what became of each, in order.

        Raises `NoPartner` when it is one no more: whatever pauses or revokes it writes to the same document.
        `anyhow`: the office has said it for one that may rest or have gone.
        """
        documents = [
            {"_id": f"{partner.id}:{id}", "partner": partner.id, "update_id": id, "at": now}
            | {"fingerprint": each.fingerprint, "receipt": each.receipt.model_dump_json()}
            for id, each in taken.items()
        ]
        if documents:
            await self._updates.insert_many(documents, ordered=False, session=session)
        active: dict[str, Any] = {"_id": partner.id}
        if not anyhow:
            active["standing"] = {"$in": [Standing.ACTIVE.value, None]}
        counted = await self._db.partners.find_one_and_update(
            active, {"$inc": {"receipts": len(receipts)}}, session=session
        )
        if counted is None:
            raise NoPartner(partner.id)
        first = int(counted["receipts"]) + 1
        envelopes: list[Envelope[Event]] = [
            Envelope(SOURCE, partner.id, sequence, now, partner.id, self._marked(receipt))
            for sequence, receipt in enumerate(receipts, first)
        ]
        return await self._events.append(envelopes, now, session)


def _partner(doc: Any) -> Partner:
    """One from a time when partners had nothing but a name and a day has the rest by default."""
    known = {name: doc[name] for name in _FIELDS if name in doc}
    known |= {"ways": tuple(Way(each) for each in doc.get("ways", ()))}
    known |= {"standing": Standing(doc.get("standing", Standing.ACTIVE))}
    return Partner(**known | {"logins": tuple(Login(**each) for each in doc.get("logins", ()))})


_FIELDS = tuple(each.name for each in fields(Partner))


def _order(doc: mongo.Document) -> Order:
    found = dict(doc) | {"ended": Ended(doc["ended"]) if doc["ended"] else None}
    return Order(id=found.pop("_id"), **found)


def _order_document(order: Order) -> mongo.Document:
    document = asdict(order) | {"ended": order.ended.value if order.ended else None}
    if order.update_by is None:
        del document["update_by"]  # so that the index has those alone of which a word is waited for
    return {"_id": document.pop("id")} | document
