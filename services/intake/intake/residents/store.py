"""A resident's data in intake's database: finding and erasing it."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from intake.photos.store import PhotoStore
from intake.residents.domain import Named
from intake.submissions.domain.submission import Submission
from intake.submissions.store import (
    SUBMISSIONS,
    WITHOUT_EVENT,
    batch_id,
    found_by,
    stored_fields,
    submission_of,
)
from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.messaging.event_store import EVENTS, EventStore
from linli.messaging.outbox import Unsent, forgotten
from linli.storage import mongo
from linli.web import idempotency

MOST = 10_000
"""Submissions of one resident."""
TEXTS = 50
"""Submissions whose texts are looked through in one go."""
ANY_CASE = {"locale": "en", "strength": 2}
"""E-mail addresses differ in capitals and are the same: the collation of their index."""
_WORDS = dict.fromkeys(("title", "text", "place", "attributes"), 1)
_THERE = {"erased_at": {"$exists": False}}


class ResidentStore:
    """All submissions of one person, whatever they gave of themselves each time."""

    def __init__(self, client: mongo.Client, database: mongo.Database, events: EventStore, photos: PhotoStore) -> None:
        self._client, self._database, self._events, self._photos = client, database, events, photos
        self._submissions = database[SUBMISSIONS]

    async def submissions_of(self, named: Named, *, alone: bool = False) -> list[Submission]:
        """The named ones, and those that share a telephone number or e-mail address with one of them.

        `alone`: not those, for anybody may have left another's number.
        """
        found = {each.id: each for each in await self._found(named.field, [named.value])}
        asked: set[tuple[str, str]] = set()
        while not alone and (ways := _ways(found.values()) - asked):
            asked |= ways
            for field in {field for field, _ in ways}:
                more = await self._found(field, [value for name, value in ways if name == field])
                found |= {each.id: each for each in more}
        return sorted(found.values(), key=lambda each: each.id)

    async def _found(self, field: str, values: Sequence[str]) -> list[Submission]:
        collation = {"collation": ANY_CASE} if field == "reporter.email" else {}
        cursor = self._submissions.find({field: {"$in": list(values)}}, WITHOUT_EVENT, **collation)
        return [submission_of(document) for document in await cursor.limit(MOST).to_list(None)]

    async def find(self, id: str, session: mongo.Session) -> Submission | None:
        document = await self._submissions.find_one({"_id": id}, WITHOUT_EVENT, session=session)
        return submission_of(document) if document else None

    async def next_sequence(self, id: str, session: mongo.Session) -> int:
        """The place of the next event in a submission's story; the first one is in the submission itself."""
        return 2 + await self._database[EVENTS].count_documents(_story(id), session=session)

    async def save(
        self, before: Submission, erased: Submission, event: Envelope[Event], session: mongo.Session
    ) -> list[Unsent]:
        """Replace a submission by its erased form, and delete its photos, events and stored answers."""
        photos = await self._photos.forget(erased.id, session)
        kept = stored_fields(erased)
        change: dict[str, Any] = {
            "$set": {name: value for name, value in kept.items() if value is not None and name != "_id"},
            "$unset": {name: "" for name, value in kept.items() if value is None},
        }
        document = await self._submissions.find_one({"_id": erased.id}, {"outgoing": 1}, session=session)
        if document and (value := forgotten(document)) is not None:
            change["$set"]["outgoing.value"] = value
        await self._submissions.update_one({"_id": erased.id}, change, session=session)
        await self._forget_events(erased.id, session)
        await idempotency.forget(self._database, [erased.id, *photos], session)
        if before.repetition:
            batch = batch_id(before.repetition.key.rpartition("/")[0])
            await self._database.batches.delete_one({"_id": batch}, session=session)
        return await self._events.append([event], event.time, session)

    async def _forget_events(self, id: str, session: mongo.Session) -> None:
        events = self._database[EVENTS]
        for doc in await events.find(_story(id), {"outgoing": 1}, session=session).to_list(None):
            if (value := forgotten(doc)) is not None:
                await events.update_one({"_id": doc["_id"]}, {"$set": {"outgoing.value": value}}, session=session)

    async def record(self, id: str, at: datetime, by: str, session: mongo.Session) -> None:
        """Keep that it was erased: a backup from before brings it back, and it must be erased again then."""
        entry = {"$set": {"at": at, "by": by}, "$unset": {"purged_at": ""}}
        await self._database.erasures.update_one({"_id": id}, entry, upsert=True, session=session)

    async def erasures(self, after: str, limit: int) -> list[dict[str, Any]]:
        """What was erased, by submission id: `{id, at, by, purged_at}`."""
        cursor = self._database.erasures.find({"_id": {"$gt": after}}).sort("_id", 1).limit(limit)
        return [
            {"id": doc["_id"], "at": doc["at"], "by": doc["by"], "purged_at": doc.get("purged_at")}
            for doc in await cursor.to_list(None)
        ]

    async def texts(self) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
        """What people wrote, some submissions at a time: for what others have written about somebody."""
        cursor = self._submissions.find(_THERE, _WORDS, batch_size=TEXTS)
        while documents := await cursor.to_list(TEXTS):
            yield documents

    async def rewrite(self, id: str, masked: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> bool:
        """Put `masked`'s words in the place of a submission's, unless it has been erased meanwhile; whether it did.

        They are read again, in the transaction that writes them: an erasure of somebody else, or the time that ends
        for a contact, may have changed them since they were looked through. So is the event that told of them, which
        `linli outbox resend` sends and the end of that time takes the words from.
        """

        async def work(session: mongo.Session) -> bool:
            wanted = _WORDS | {"kind": 1, "words": 1, "outgoing.value": 1}
            document = await self._submissions.find_one({"_id": id} | _THERE, wanted, session=session)
            if document is None:
                return False
            changed, event = dict(masked(document)), orjson.loads(document["outgoing"]["value"])
            if less := masked(event):
                changed["outgoing.value"] = orjson.dumps(event | less).decode()
            if changed and "words" in document:
                changed["words"] = found_by(document | changed)
            if changed:
                await self._submissions.update_one({"_id": id}, {"$set": changed}, session=session)
            return bool(changed)

        return await mongo.transact(self._client, work, seconds=mongo.ANSWER_WITHIN)


def _ways(found: Iterable[Submission]) -> set[tuple[str, str]]:
    """What leads from these submissions to others of the same person."""
    ways: set[tuple[str, str]] = set()
    for each in found:
        if each.reporter and each.reporter.phone:
            ways.add(("reporter.phone", each.reporter.phone))
        if each.reporter and each.reporter.email:
            ways.add(("reporter.email", str(each.reporter.email).lower()))
    return ways


def _story(id: str) -> dict[str, Any]:
    """The later events of a submission: their ids are `<id>:<sequence>`."""
    return {"_id": {"$gte": f"{id}:", "$lt": f"{id};"}}
