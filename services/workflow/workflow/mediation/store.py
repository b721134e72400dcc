"""Mediations in workflow's database: where each stands, without anybody's words."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.contracts.workflow.mediation import CourtStep, MediationEvent, MediationState, Side, WhyEnded
from linli.messaging.event_store import EventStore
from linli.messaging.outbox import Unsent
from linli.storage import mongo
from linli.storage.aggregates import Aggregates, Change
from workflow.cases.unit_of_work import SOURCE
from workflow.mediation.domain.evolving import evolve
from workflow.mediation.domain.figures import Outcome
from workflow.mediation.domain.mediation import Agreement, Concerned, Mediation, Sitting, mediation_id

VISITS_BEGIN = time(9)
"""The hour of its day at which a return visit is due, where the community is."""


class MediationStore:
    """Each with its events."""

    def __init__(self, database: mongo.Database, events: EventStore) -> None:
        self._db = database
        self._mediations = Aggregates(database.mediations, events, _mediation, _document)

    async def of_case(self, case_id: str, session: mongo.Session | None = None) -> Mediation | None:
        return await self.mediation(mediation_id(case_id), session)

    async def mediation(self, id: str, session: mongo.Session | None = None) -> Mediation | None:
        return (await self._mediations.load([id], session)).get(id)

    async def save(
        self,
        before: Mediation | None,
        events: Sequence[MediationEvent],
        zone: tzinfo,
        now: datetime,
        session: mongo.Session,
        traceparent: str | None = None,
    ) -> tuple[Mediation, list[Unsent]]:
        """Let events happen, in order; the mediation after them. `zone` is the community's."""
        assert events, "nothing has happened"
        after, envelopes = before, list[Envelope[Event]]()
        for event in events:
            after = evolve(after, event, now)
            place = (SOURCE, after.id, after.version, now, after.case_id)
            envelopes.append(Envelope(*place, event, traceparent))
        assert after is not None
        change = Change(after, before.version if before else 0, envelopes)
        unsent = await self._mediations.save([change], now, session)
        if at := _visit_at(after.visits_on, zone, now):  # what was written has none
            await self._db.mediations.update_one({"_id": after.id}, {"$set": {"visit_at": at}}, session=session)
        return after, unsent

    async def due(self, now: datetime) -> list[str]:
        """Whose return visit is due, the longest due first; some at a time."""
        found = self._db.mediations.find({"visit_at": {"$lte": now}}, {"_id": 1}).sort("visit_at", 1).limit(20)
        return [doc["_id"] for doc in await found.to_list(None)]

    async def put_off(self, id: str, until: datetime) -> None:
        """Look at it no sooner than then."""
        await self._db.mediations.update_one({"_id": id}, {"$set": {"visit_at": until}})

    async def counted(self, community: str, since: datetime | None) -> list[tuple[str | None, Outcome, int]]:
        """How many there are of each category, by what has come of them."""
        query: dict[str, Any] = {"community": community} | ({"opened_at": {"$gte": since}} if since else {})
        outcome = {"$cond": [{"$gt": ["$ended", None]}, Outcome.ENDED.value, "$state"]}
        group = {"_id": {"category": "$category", "state": outcome}, "count": {"$sum": 1}}
        found = self._db.mediations.aggregate([{"$match": query}, {"$group": group}])
        return [(doc["_id"].get("category"), Outcome(doc["_id"]["state"]), doc["count"]) async for doc in found]


def _visit_at(day: date | None, zone: tzinfo, now: datetime) -> datetime | None:
    """What is to be on the very day of the agreement is due at once."""
    if day is None or day <= now.astimezone(zone).date():
        return now if day else None
    return datetime.combine(day, VISITS_BEGIN, zone).astimezone(UTC)


def _mediation(doc: mongo.Document) -> Mediation:
    found = dict(doc)
    found.pop("visit_at", None)
    return Mediation(
        **found
        | {
            "id": found.pop("_id"),
            "state": MediationState(found["state"]),
            "ended": WhyEnded(found["ended"]) if found.get("ended") else None,
            "concerned": {each["id"]: Concerned(Side(each["side"]), each["party"]) for each in found["concerned"]},
            "mediators": {each["id"]: each["party"] for each in found["mediators"]},
            "gone": frozenset(found["gone"]),
            "said": {each["id"]: each["statements"] for each in found.get("said", ())},
            "sessions": tuple(Sitting(**each) for each in found["sessions"]),
            "agreements": tuple(map(_agreement, found["agreements"])),
        }
    )


def _document(mediation: Mediation) -> mongo.Document:
    """Participants are a list: their ids may have what the name of a field may not."""
    kept = {name: getattr(mediation, name) for name in Mediation.__slots__ if name != "id"}
    changed = {
        "_id": mediation.id,
        "state": mediation.state.value,
        "ended": mediation.ended.value if mediation.ended else None,
        "concerned": [
            {"id": id, "side": each.side.value, "party": each.party} for id, each in mediation.concerned.items()
        ],
        "mediators": [{"id": id, "party": party} for id, party in mediation.mediators.items()],
        "gone": sorted(mediation.gone),
        "said": [{"id": id, "statements": times} for id, times in mediation.said.items()],
        "sessions": [asdict(each) for each in mediation.sessions],
        "agreements": [_agreement_document(each) for each in mediation.agreements],
    }
    return kept | changed


_DAYS = ("visit_on", "effective_on", "confirm_until")


def _agreement(doc: mongo.Document) -> Agreement:
    days = {name: date.fromisoformat(doc[name]) if doc[name] else None for name in _DAYS}
    court = CourtStep(doc["court"]) if doc["court"] else None
    return Agreement(**dict(doc) | days | {"signed": frozenset(doc["signed"]), "court": court})


def _agreement_document(agreement: Agreement) -> mongo.Document:
    doc = {name: getattr(agreement, name) for name in Agreement.__slots__}
    days = {name: doc[name].isoformat() if doc[name] else None for name in _DAYS}
    court = agreement.court.value if agreement.court else None
    return doc | days | {"signed": sorted(agreement.signed), "court": court}
