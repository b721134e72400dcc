"""Outages in workflow's database."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.contracts.workflow.outage import OutageEvent, OutageFacts, OutageState
from linli.messaging.event_store import EventStore
from linli.messaging.outbox import Unsent
from linli.storage import mongo
from linli.storage.aggregates import Aggregates, Change
from workflow.cases.unit_of_work import SOURCE
from workflow.outages.domain.outage import Outage, StillOut, event_of


class OutageStore:
    """Which outages there are, and which cases follow them."""

    def __init__(self, database: mongo.Database, events: EventStore) -> None:
        self._db = database
        self._outages = Aggregates(database.outages, events, _outage, _document)

    async def outage(self, id: str, session: mongo.Session | None = None) -> Outage | None:
        return (await self._outages.load([id], session)).get(id)

    async def running(self, community: str | None = None, session: mongo.Session | None = None) -> list[Outage]:
        """Those that are, or are still to come, the oldest first."""
        query: dict[str, Any] = {"running": True} | ({"community": community} if community else {})
        docs = await self._db.outages.find(query, session=session, hint="running").to_list(None)
        return sorted(map(_outage, docs), key=lambda outage: outage.declared_at)

    async def count_running(self, community: str, party: str, session: mongo.Session) -> int:
        """How many a company has at a time."""
        query = {"running": True, "community": community, "party": party}
        return int(await self._db.outages.count_documents(query, session=session, hint="running"))

    async def put_off(self, id: str, until: datetime) -> None:
        """Look at it no sooner than then."""
        await self._db.outages.update_one({"_id": id}, {"$set": {"due_at": until}})

    async def followed(self, cases: Collection[str], session: mongo.Session) -> list[Outage]:
        """Those of which these cases are heads, or were told that it is back."""
        wanted = {"$in": list(cases)}
        query = {"$or": [{"heads": wanted}, {"apart": wanted}]}
        return [_outage(doc) for doc in await self._db.outages.find(query, session=session).to_list(None)]

    async def due(self, now: datetime, session: mongo.Session | None = None) -> list[Outage]:
        """What is to be looked at, the longest due first; some at a time."""
        found = self._db.outages.find({"due_at": {"$lte": now}}, session=session).sort("due_at", 1).limit(20)
        return [_outage(doc) for doc in await found.to_list(None)]

    async def save(
        self, outage: Outage, before: int, kind: type[OutageEvent], now: datetime, session: mongo.Session
    ) -> list[Unsent]:
        """Write an outage after what its company has said, with the event."""
        data = event_of(outage, kind)
        envelope: Envelope[Event] = Envelope(SOURCE, outage.id, outage.version, now, outage.id, data)
        return await self._outages.save([Change(outage, before, [envelope])], now, session)

    async def keep(self, outages: Sequence[Outage], now: datetime, session: mongo.Session) -> None:
        """Write what has come to follow them: nothing that is told."""
        await self._outages.save([Change(each, each.version, []) for each in outages], now, session)

    async def newest_events(self) -> list[str]:
        """The id of the newest event of each that is running, or was over only lately: so much a new topic has."""
        lately = await mongo.server_time(self._db) - timedelta(days=30)
        query = {"$or": [{"running": True}, {"updated_at": {"$gte": lately}}]}
        return [f"{doc['_id']}:{doc['version']}" async for doc in self._db.outages.find(query, {"version": 1})]


def _outage(doc: mongo.Document) -> Outage:
    found = dict(doc)
    del found["running"]
    found |= {
        "id": found.pop("_id"),
        "facts": OutageFacts.model_validate_json(found["facts"]),
        "state": OutageState(found["state"]),
        "still_out": tuple(StillOut(**each) for each in found["still_out"]),
        **{name: tuple(found[name]) for name in ("heads", "apart", "alerted")},
    }
    return Outage(**found)


def _document(outage: Outage) -> mongo.Document:
    kept = {name: getattr(outage, name) for name in Outage.__slots__ if name != "id"}
    changed = {
        "_id": outage.id,
        "facts": outage.facts.model_dump_json(),
        "state": outage.state.value,
        "running": outage.running,
        "still_out": [asdict(each) for each in outage.still_out],
        **{name: list(kept[name]) for name in ("heads", "apart", "alerted")},
    }
    return kept | changed
