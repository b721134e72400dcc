"""The public timeline in notify's database: what a tracking code opens."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from pymongo import ASCENDING, UpdateMany

from linli.contracts.base import Scope
from linli.contracts.erasure import Forgetting
from linli.contracts.workflow.case import CaseState
from linli.contracts.workflow.timeline import PublicStep
from linli.messaging.outbox import Unsent
from linli.storage import mongo


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of a case's public timeline."""

    event_id: str
    case_id: str
    sequence: int
    step: PublicStep
    own: bool
    """The reporter said it, and nobody of the staff."""


@dataclass(frozen=True, slots=True)
class Story:
    """Whose tracking code opens which case."""

    case_id: str
    tracking_hash: str


class TimelineStore:
    """Lines of all cases, and whose tracking code opens which."""

    def __init__(self, database: mongo.Database) -> None:
        self._database = database

    # Written by the consumer ------------------------------------------------------------------------------------------

    async def add(self, timeline: Sequence[TimelineEntry], stories: Sequence[Story], session: mongo.Session) -> None:
        """What a batch of events brought."""
        if timeline:
            await self._database.timeline.insert_many([_document(each) for each in timeline], session=session)
        if stories:
            codes = [{"_id": story.case_id, "tracking_hash": story.tracking_hash} for story in stories]
            await self._database.stories.insert_many(codes, session=session)

    async def forget(self, cases: Mapping[str, Forgetting], session: mongo.Session) -> list[Unsent]:
        """Erase that much of these cases' text; an erased reporter's tracking code no longer works."""
        people = [id for id, forgetting in cases.items() if forgetting.scope is Scope.PERSON]
        by_staff: list[mongo.Document] = [
            {"case_id": id, "sequence": {"$lt": forgetting.before}, "own": {"$exists": False}}
            for id, forgetting in cases.items()
            if forgetting.before is not None
        ]
        lines = [{"case_id": {"$in": people}}, *by_staff]
        unsaid = [UpdateMany(line, {"$unset": {"entry.message": ""}}) for line in lines]
        await self._database.timeline.bulk_write(unsaid, ordered=False, session=session)
        await self._database.stories.delete_many({"_id": {"$in": people}}, session=session)
        return []  # nobody is told

    # Read -------------------------------------------------------------------------------------------------------------

    async def over(self, cases: Collection[str]) -> set[str]:
        """Those of the cases whose last public step was their end."""
        stages: list[dict[str, Any]] = [
            {"$match": {"case_id": {"$in": list(cases)}}},
            {"$sort": {"case_id": 1, "sequence": 1}},
            {"$group": {"_id": "$case_id", "state": {"$last": "$entry.state"}}},
            {"$match": {"state": {"$in": [CaseState.CLOSED.value, CaseState.WITHDRAWN.value]}}},
        ]
        return {doc["_id"] async for doc in self._database.timeline.aggregate(stages)}

    async def case_of(self, tracking_hash: str) -> str | None:
        story = await self._database.stories.find_one({"tracking_hash": tracking_hash}, {"_id": 1})
        return None if story is None else str(story["_id"])

    async def is_open(self, case_id: str) -> bool:
        """Whether a tracking code opens the case; none does when it was erased."""
        return await self._database.stories.find_one({"_id": case_id}, {"_id": 1}) is not None

    async def timeline(self, case_id: str, after: int, limit: int = 200) -> list[TimelineEntry]:
        """A case's public lines after a sequence, in order."""
        cursor = self._database.timeline.find({"case_id": case_id, "sequence": {"$gt": after}})
        found = await cursor.sort("sequence", ASCENDING).limit(limit).to_list(None)
        return [_timeline_entry(doc) for doc in found]

    @asynccontextmanager
    async def changes(self) -> AsyncIterator[Callable[[], Awaitable[str | None]]]:
        """Listens: each call gives a case whose timeline has grown or story is gone, None after a silent second."""
        grown = {"ns.coll": "timeline", "operationType": "insert"}
        gone = {"ns.coll": "stories", "operationType": "delete"}
        stages: list[dict[str, Any]] = [
            {"$match": {"$or": [grown, gone]}},
            {"$project": {"case_id": {"$ifNull": ["$fullDocument.case_id", "$documentKey._id"]}}},
        ]
        async with self._database.watch(stages, max_await_time_ms=1_000) as changes:

            async def next_case() -> str | None:
                change = await changes.try_next()
                return None if change is None else str(change["case_id"])

            yield next_case


def _document(entry: TimelineEntry) -> mongo.Document:
    step = entry.step.model_dump(exclude_none=True)
    step |= {name: str(step[name]) for name in ("state", "stage") if name in step}
    there = {"_id": entry.event_id, "case_id": entry.case_id, "sequence": entry.sequence, "entry": step}
    return there | ({"own": True} if entry.own else {})


def _timeline_entry(doc: mongo.Document) -> TimelineEntry:
    step = PublicStep.model_validate(doc["entry"], extra="ignore")
    return TimelineEntry(doc["_id"], doc["case_id"], doc["sequence"], step, doc.get("own", False))
