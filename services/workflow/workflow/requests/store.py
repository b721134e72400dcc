"""Cases as the public asks for them. Reads what `cases` has written, and writes nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson

from linli.contracts.catalogue import event_named
from linli.contracts.workflow.case import CaseEvent, CaseState
from linli.storage import mongo
from workflow.cases.document import NOT_READ, case_of
from workflow.cases.domain.case import Case
from workflow.requests.domain.public import KINDS

MOST_CHANGED = 2_000
"""Cases of which the steps are read at once."""


class By(StrEnum):
    """Which of a case's times a window is about."""

    REQUESTED = "submitted_at"
    UPDATED = "updated_at"


@dataclass(frozen=True, slots=True)
class Window:
    """Times from, and to; both included."""

    by: By = By.REQUESTED
    since: datetime | None = None
    until: datetime | None = None

    @property
    def query(self) -> dict[str, Any]:
        bounds = {name: at for name, at in (("$gte", self.since), ("$lte", self.until)) if at}
        return {self.by.value: bounds} if bounds else {}


@dataclass(frozen=True, slots=True)
class Told:
    """A step of a case that was told."""

    case: Case
    sequence: int
    at: datetime
    event: CaseEvent


@dataclass(frozen=True, slots=True)
class Counted:
    """How many cases of a category there are."""

    category: str | None
    reported: int
    solved: int


class TooMany(Exception):
    """More cases have changed in the window than are looked at."""


class RequestStore:
    """What is public of cases."""

    def __init__(self, database: mongo.Database) -> None:
        self._db = database

    async def listing(
        self, community: str, filters: Mapping[str, Any], window: Window, skip: int, limit: int
    ) -> list[Case]:
        """The newest first, by the time that the window is about."""
        query = {"community": community, **_PUBLIC, **window.query, **filters}
        hint = "calls" if window.by is By.REQUESTED else "changes"
        cursor = self._db.cases.find(query, NOT_READ, hint=hint).sort(window.by.value, -1).skip(skip).limit(limit)
        return [case_of(doc) for doc in await cursor.to_list(None)]

    async def named(self, community: str, ids: Collection[str]) -> list[Case]:
        """Those of these that there are, newest first."""
        query = {"_id": {"$in": list(ids)}, "community": community, **_PUBLIC}
        cursor = self._db.cases.find(query, NOT_READ).sort("_id", -1)
        return [case_of(doc) for doc in await cursor.to_list(None)]

    async def figures(self, community: str, neighbourhood: str, since: datetime) -> list[Counted]:
        """A neighbourhood's cases by category, most first, without those that were taken back."""
        query = {
            **{"community": community, "submitted_at": {"$gte": since}, **_PUBLIC},
            **{"neighbourhood": neighbourhood, "state": {"$ne": CaseState.WITHDRAWN.value}},
        }
        solved = {"$cond": [{"$in": ["$state", _SOLVED]}, 1, 0]}
        pipeline: list[Mapping[str, Any]] = [
            {"$match": query},
            {"$group": {"_id": "$category", "reported": {"$sum": 1}, "solved": {"$sum": solved}}},
            {"$sort": {"reported": -1, "_id": 1}},
        ]
        found = self._db.cases.aggregate(pipeline, hint="calls")
        return [Counted(row["_id"], row["reported"], row["solved"]) async for row in found]

    async def told(self, community: str, since: datetime, until: datetime, without: Collection[str]) -> list[Told]:
        """The steps of a community's cases within a time, oldest first, `without` those of some types.

        Raises `TooMany`.
        """
        query = {"community": community, **_PUBLIC, "updated_at": {"$gte": since}}
        cursor = self._db.cases.find(query, NOT_READ, hint="changes").sort("updated_at", 1).limit(MOST_CHANGED + 1)
        cases = {doc["_id"]: case_of(doc) for doc in await cursor.to_list(None)}
        if len(cases) > MOST_CHANGED:
            raise TooMany
        steps = {"subject": {"$in": list(cases)}, "at": {"$gte": since, "$lte": until}, "type": {"$nin": list(without)}}
        docs = await self._db.events.find(steps, hint="story").to_list(None)
        return sorted(_told(docs, cases), key=lambda each: (each.at, each.case.id, each.sequence))


_SOLVED = [CaseState.RESOLVED.value, CaseState.CLOSED.value]
_PUBLIC: dict[str, Any] = {"kind": {"$in": list(KINDS)}, "part_of": None}


def _told(docs: Sequence[mongo.Document], cases: Mapping[str, Case]) -> list[Told]:
    found = []
    for doc in docs:
        model = event_named(doc["type"])
        if model is not None and issubclass(model, CaseEvent):
            event = model.model_validate(orjson.loads(doc["outgoing"]["value"]), extra="ignore")
            found.append(Told(cases[doc["subject"]], doc["sequence"], doc["at"], event))
    return found
