"""Affairs as they are kept: the state of each is one document, its events are history and outbox in one (ADR 0007)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from pydantic import TypeAdapter

from linli.contracts.envelope import Envelope
from linli.contracts.neighbourhood.affairs import Affair
from linli.messaging.event_store import EventStore
from linli.messaging.outbox import Unsent
from linli.storage import mongo
from linli.storage.aggregates import Aggregates, Change


class Versioned(Protocol):
    """A state that counts its events."""

    @property
    def version(self) -> int: ...


A = TypeVar("A", bound=Versioned)


@dataclass(frozen=True, slots=True)
class Kept(Generic[A]):
    """How affairs of one kind are kept."""

    collection: str
    kind: type[A]
    name: Callable[[A], str]
    """An affair's id, unique in the whole service: its events are told under it."""
    found_by: Callable[[A], Mapping[str, Any]]
    """The fields that lists and timers ask for. The state itself is one text, which nobody searches."""


@dataclass(frozen=True, slots=True)
class Happened(Generic[A]):
    """An affair after what has happened to it; `before` is None for a new one."""

    before: A | None
    after: A
    events: Sequence[Affair]
    trace: str | None = None


class Stories(Generic[A]):
    """All affairs of one kind."""

    def __init__(self, database: mongo.Database, events: EventStore, kept: Kept[A]) -> None:
        self.kept, self._documents = kept, database[kept.collection]
        self.written = TypeAdapter[A](kept.kind)
        self._affairs = Aggregates(self._documents, events, self._read, self._write)

    async def load(self, ids: Iterable[str], session: mongo.Session | None = None) -> dict[str, A]:
        """Those that exist, by id."""
        return await self._affairs.load(ids, session)

    async def one(self, id: str, session: mongo.Session | None = None) -> A | None:
        return (await self.load([id], session)).get(id)

    async def found(
        self,
        query: Mapping[str, Any],
        limit: int | None = None,
        after: str = "",
        session: mongo.Session | None = None,
    ) -> list[A]:
        """What a query finds by the fields of `found_by`, in the order of ids, from behind one of them."""
        wanted = {**query, "_id": {"$gt": after}} if after else dict(query)
        cursor = self._documents.find(wanted, session=session).sort("_id", 1).limit(limit or 0)
        return [self._read(document) for document in await cursor.to_list(None)]

    async def ordered(
        self, query: Mapping[str, Any], by: str, limit: int, after: tuple[str, str] | None = None
    ) -> list[A]:
        """The same in the order of another field of `found_by`, from behind its value and id."""
        wanted = dict(query)
        if after is not None:
            value, id = after
            wanted = {"$and": [wanted, {"$or": [{by: {"$gt": value}}, {by: value, "_id": {"$gt": id}}]}]}
        cursor = self._documents.find(wanted).sort([(by, 1), ("_id", 1)]).limit(limit)
        return [self._read(document) for document in await cursor.to_list(None)]

    async def save(self, happened: Sequence[Happened[A]], now: datetime, session: mongo.Session) -> list[Unsent]:
        """Write states and events, together. Whoever wrote one meanwhile makes the transaction run again."""
        return await self._affairs.save([self._change(each, now) for each in happened], now, session)

    def _change(self, each: Happened[A], now: datetime) -> Change[A]:
        before = each.before.version if each.before else 0
        envelopes = [
            Envelope(event.SOURCE, event.story, number, now, event.correlation, event, each.trace)
            for number, event in enumerate(each.events, start=before + 1)
        ]
        return Change(each.after, before, envelopes)

    def _read(self, document: mongo.Document) -> A:
        return self.written.validate_json(document["state"])

    def _write(self, affair: A) -> mongo.Document:
        state = self.written.dump_json(affair).decode()
        found_by = self.kept.found_by(affair)
        return {**found_by, "_id": self.kept.name(affair), "version": affair.version, "state": state}
