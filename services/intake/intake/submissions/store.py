"""Intake's database, and the only file that accesses it (beside `photo_…`, `resident_store.py` and `migrations.py`).

`submissions` holds each submission with its first event, `events` those that follow, `batches` which batch a key was
used for, `keys` the key of the pseudonyms.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo.errors import AutoReconnect, BulkWriteError, DuplicateKeyError, OperationFailure

from intake.submissions.domain.request import Reporter
from intake.submissions.domain.similar import SHOWN_KINDS, Earlier
from intake.submissions.domain.submission import Repetition, Submission
from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.contracts.intake.submission import Point
from linli.contracts.kinds import Channel, Kind, Language
from linli.messaging.event_store import EVENTS, EventStore
from linli.messaging.kafka import Outgoing
from linli.messaging.outbox import Unsent, fields
from linli.storage import mongo
from linli.text.distinctive import distinctive_words, sharing_most
from linli.text.likeness import APART, Matter
from linli.web import idempotency
from linli.web.problems import Problem

SUBMISSIONS = "submissions"
OUTBOXES = (SUBMISSIONS, EVENTS)
DUPLICATE_KEY = 11000
MOST_EARLIER = 200
"""So many earlier submissions are looked at for somebody who asks; of those near a point a quarter."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A submission with its first event, as they go to disk together."""

    submission: Submission
    message: Outgoing

    @property
    def weight(self) -> int:
        """About its bytes in the database: the text is there twice, once masked."""
        return 2 * len(self.message.value) + 1_500

    @property
    def unsent(self) -> Unsent:
        return Unsent(self.submission.id, SUBMISSIONS, self.message)


class Clash(Exception):
    """Another submission has the same key, or the same id outside."""


class IntakeStore:
    """Reads and writes whole submissions."""

    def __init__(self, database: mongo.Database, events: EventStore) -> None:
        self._database, self._events = database, events

    async def pseudonyms(self) -> bytes:
        """The key of `resident_id`. Raises 503 before the migrations have run."""
        document = await self._database.keys.find_one({"_id": "pseudonyms"})
        if document is None:
            raise Problem("not_migrated", 503, "The database is not set up: run 'python -m intake migrate'.")
        return bytes(document["key"])

    async def insert(self, entries: Sequence[Entry]) -> Mapping[int, Exception]:
        """Put entries on the disks of a majority; those that clash, by their place, are left out.

        Raises when it is not known what is there.
        """
        try:
            documents = [_document(entry) for entry in entries]
            await self._database[SUBMISSIONS].insert_many(documents, ordered=False)
        except BulkWriteError as error:
            if error.details.get("writeConcernErrors"):
                raise AutoReconnect("written, but not surely on disk") from error
            return {fault["index"]: _failure(fault) for fault in error.details["writeErrors"]}
        return {}

    async def find(self, submission_id: str, session: mongo.Session | None = None) -> Submission | None:
        """A submission by its id."""
        document = await self._database[SUBMISSIONS].find_one({"_id": submission_id}, WITHOUT_EVENT, session=session)
        return None if document is None else submission_of(document)

    async def originals(self, repeated: Sequence[Submission]) -> dict[str, Submission]:
        """What is on disk with the same key or, failing that, the same id outside, by the id of the repetition."""
        collection = self._database[SUBMISSIONS]
        keys = [each.repetition.key for each in repeated if each.repetition]
        outside = [dict(zip(_OUTSIDE, _outside(each), strict=True)) for each in repeated if each.external_id]
        found: list[Submission] = []
        for query in ({"idempotency.key": {"$in": keys}} if keys else None, {"$or": outside} if outside else None):
            if query:
                found += [submission_of(document) async for document in collection.find(query, WITHOUT_EVENT)]
        by_key = {each.repetition.key: each for each in found if each.repetition}
        by_outside = {_outside(each): each for each in found if each.external_id}
        pairs = (
            (each.id, (each.repetition and by_key.get(each.repetition.key)) or by_outside.get(_outside(each)))
            for each in repeated
        )
        return {submission_id: original for submission_id, original in pairs if original}

    async def claim_batch(self, key: str, body: str, now: datetime) -> bool:
        """Whether a key is this batch's: free until now, or used for the same body before."""
        id = batch_id(key)
        try:
            await self._database.batches.insert_one({"_id": id, "body": body, "at": now})
        except DuplicateKeyError:
            known = await self._database.batches.find_one({"_id": id})
            return known is None or known["body"] == body
        return True

    async def contacts(self, submission_ids: Sequence[str]) -> list[Submission]:
        """Those of the submissions that are there."""
        query = {"_id": {"$in": list(submission_ids)}}
        return [submission_of(document) async for document in self._database[SUBMISSIONS].find(query, WITHOUT_EVENT)]

    async def earlier(
        self, community: str, neighbourhoods: Sequence[str], matter: Matter, since: datetime
    ) -> list[Earlier]:
        """Reports and demands that may be the same matter: of these neighbourhoods or of none the newest, and those
        that share most of its telling words; and the nearest to its point.

        Those that were withdrawn are left out.
        """
        filters: dict[str, Any] = {
            "community": community,
            "kind": {"$in": [kind.value for kind in SHOWN_KINDS]},
            "received_at": {"$gte": since},
            "withdrawn_at": None,
            "erased_at": None,
        }
        submissions = self._database[SUBMISSIONS]
        somewhere = {"neighbourhood": {"$in": [*neighbourhoods, None]}}
        cursor = submissions.find(filters | somewhere, _MATTER, hint="surroundings").sort("received_at", -1)
        found = await cursor.limit(MOST_EARLIER).to_list(None)
        if matter.location:
            point = {"type": "Point", "coordinates": [matter.location.lon, matter.location.lat]}
            nearby = filters | {"location": {"$nearSphere": {"$geometry": point, "$maxDistance": APART}}}
            cursor = submissions.find(nearby, _MATTER, hint="location").limit(MOST_EARLIER // 4)
            found += await cursor.to_list(None)
        distinctive = distinctive_words(matter.title, matter.text)
        alike = await sharing_most(submissions, {"community": community} | somewhere, "words", distinctive)
        others = filters | {"_id": {"$in": sorted(set(alike) - {document["_id"] for document in found})}}
        found += await submissions.find(others, _MATTER, hint="_id_").to_list(None)
        return [_earlier(document) for document in {document["_id"]: document for document in found}.values()]

    async def save_withdrawal(
        self, submission: Submission, event: Envelope[Event], session: mongo.Session
    ) -> list[Unsent]:
        """Mark a submission as withdrawn, with its event."""
        now = submission.withdrawn_at
        assert now is not None
        await self._database[SUBMISSIONS].update_one(
            {"_id": submission.id}, {"$set": {"withdrawn_at": now}, "$unset": {"words": ""}}, session=session
        )
        return await self._events.append([event], now, session)

    async def once(
        self, key: str | None, scope: str, body: str, act: Callable[[], Awaitable[dict[str, Any]]]
    ) -> dict[str, Any]:
        """The answer of `act`, run once per key (`linli.web.idempotency`)."""
        return await idempotency.once(self._database, key, scope, body, act)


_MATTER = dict.fromkeys(
    (
        *("kind", "title", "text", "place", "neighbourhood", "category", "location", "submitted_at", "received_at"),
        "reporter",
    ),
    1,
)
"""What is compared, and who is to be masked in it."""


def _earlier(document: Mapping[str, Any]) -> Earlier:
    location = document.get("location")
    matter = Matter(
        document["title"],
        document["submitted_at"],
        document.get("text", ""),
        document.get("place"),
        document.get("neighbourhood"),
        document.get("category"),
        Point(**location) if location else None,
    )
    return Earlier(document["_id"], Kind(document["kind"]), document["received_at"], matter, _reporter(document))


def batch_id(key: str) -> str:
    """Under what a batch's key is kept: callers write whatever they like into one."""
    return idempotency.fingerprint(key)


WITHOUT_EVENT = {"outgoing": 0, "attachments": 0, "words": 0}


_OUTSIDE = ("community", "channel", "external_id")
"""Together taken once: each desk counts for itself."""


def _outside(submission: Submission) -> tuple[str, Channel, str | None]:
    return submission.community, submission.channel, submission.external_id


def _failure(fault: Mapping[str, Any]) -> Exception:
    if fault["code"] == DUPLICATE_KEY:
        return Clash()
    return OperationFailure("not written", fault["code"])


def _document(entry: Entry) -> mongo.Document:
    """A submission as it is stored: a field that is not there is left out, as the partial indexes want it."""
    stored = stored_fields(entry.submission) | fields(entry.message, entry.submission.received_at)
    return {name: value for name, value in stored.items() if value is not None}


def stored_fields(submission: Submission) -> mongo.Document:
    """The fields of a submission, None where it has none."""
    stored: mongo.Document = {name: getattr(submission, name) for name in _PLAIN}
    return stored | {
        "_id": submission.id,
        "kind": submission.kind.value,
        "channel": submission.channel.value,
        "location": submission.location and submission.location.model_dump(),
        "reporter": submission.reporter and submission.reporter.model_dump(mode="json", exclude_none=True),
        "idempotency": submission.repetition and {"key": submission.repetition.key, "body": submission.repetition.body},
        "words": None
        if submission.withdrawn_at or submission.erased_at
        else found_by(stored | {"kind": submission.kind}),
    }


def found_by(submission: Mapping[str, Any]) -> list[str] | None:
    """By which words those find a submission who are about to report the same; none where they never do."""
    return (
        distinctive_words(submission["title"], submission.get("text") or "")
        if submission["kind"] in SHOWN_KINDS
        else None
    )


def submission_of(document: Mapping[str, Any]) -> Submission:
    location, repetition = (document.get(name) for name in ("location", "idempotency"))
    plain: dict[str, Any] = {name: document.get(name) for name in _PLAIN}
    return Submission(
        id=document["_id"],
        kind=Kind(document["kind"]),
        channel=Channel(document["channel"]),
        location=Point(**location) if location else None,
        reporter=_reporter(document),
        repetition=Repetition(**repetition) if repetition else None,
        **plain,
    )


def _reporter(document: Mapping[str, Any]) -> Reporter | None:
    stored = document.get("reporter")
    return Reporter.model_construct(**stored | {"language": Language(stored["language"])}) if stored else None


_PLAIN = (
    "community",
    "title",
    "text",
    "tracking_code",
    "submitted_at",
    "received_at",
    "external_id",
    "neighbourhood",
    "category",
    "place",
    "attributes",
    "resident_id",
    "withdrawn_at",
    "erased_at",
    "made_by",
    "due_from_call",
    "different",
    "same_as",
    "contact_gone",
)
"""Fields that are stored as they are."""
