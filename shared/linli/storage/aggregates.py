"""Aggregates: decided on and changed as a whole.

The state of each is one document with a version; its events are history and outbox in one (ADR 0007).
Load many, decide, save: state, history and outbox in one transaction.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from pymongo import ReplaceOne

from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.messaging.event_store import EventStore
from linli.messaging.outbox import Unsent
from linli.storage import mongo

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Change(Generic[A]):
    """An aggregate after what has happened to it, and the events of that; `before` is the version that was read, 0 if
    new."""

    after: A
    before: int
    events: Sequence[Envelope[Event]]


class Outdated(Exception):
    """Something else has happened to an aggregate since it was read."""


class Aggregates(Generic[A]):
    """Those of one kind, in a collection of their own."""

    def __init__(
        self,
        collection: mongo.Collection,
        events: EventStore,
        read: Callable[[mongo.Document], A],
        write: Callable[[A], mongo.Document],
        without: mongo.Document | None = None,
    ) -> None:
        """`write` makes a document with `_id` and `version`, `read` an aggregate of one; `without` is not loaded."""
        self._collection, self._events = collection, events
        self._read, self._write, self._without = read, write, without

    async def load(self, ids: Iterable[str], session: mongo.Session | None = None) -> dict[str, A]:
        """Those that exist, by id."""
        cursor = self._collection.find({"_id": {"$in": list(ids)}}, self._without, session=session)
        return {document["_id"]: self._read(document) for document in await cursor.to_list(None)}

    async def save(self, changes: Sequence[Change[A]], now: datetime, session: mongo.Session) -> list[Unsent]:
        """Write them and their events, together. Who wrote one meanwhile makes the transaction run again.

        Raises `Outdated` for one that was read before the transaction, and has moved on.
        """
        new = [self._write(change.after) for change in changes if change.before == 0]
        moved = [_replaced(change.before, self._write(change.after)) for change in changes if change.before]
        if new:
            await self._collection.insert_many(new, ordered=False, session=session)
        if moved:
            result = await self._collection.bulk_write(moved, ordered=False, session=session)
            if result.matched_count < len(moved):
                raise Outdated(f"{len(moved) - result.matched_count} of {len(moved)} {self._collection.name}")
        return await self._events.append([event for change in changes for event in change.events], now, session)


def _replaced(before: int, document: mongo.Document) -> ReplaceOne[mongo.Document]:
    """One from a time when its kind had no versions has none: the transaction alone keeps it apart from others."""
    return ReplaceOne({"_id": document["_id"], "version": {"$in": [before, None]}}, document)
