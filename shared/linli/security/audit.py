"""The audit log: who read personal data, who did what, who was refused. It can only be appended to and queried; the
job of `linli.privacy.retention` deletes old entries.

A read or an action is on disk before its answer goes out. Refusals are collected and appended at most a few times a
second, equal ones as one, so that a flood does not cost a write each (docs/adr/0017).
"""

import asyncio
import contextlib
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import structlog
from prometheus_client import Counter
from pymongo import DESCENDING
from pymongo.errors import BulkWriteError

from linli.application.worker import repeatedly
from linli.frozen import replace
from linli.security.permissions import Role
from linli.security.principals import Principal
from linli.storage import mongo
from linli.storage.clock import Now
from linli.storage.sharding import Sharded

log = structlog.get_logger()

APPENDED = Counter("linli_audit_appended_total", "Entries of the audit log", ["outcome"])
DROPPED = Counter("linli_audit_dropped_total", "Refusals that came too many at once to be told one by one")
EVERY = 1.0
"""Seconds between two appendings of refusals: what a crash may lose of them."""
MOST_OF_KNOWN, MOST_OF_STRANGERS = 1_000, 200
"""Different refusals that wait at most, each for its own: a flood of strangers does not displace what staff tried."""
MOST_OBJECTS = 1_000
MOST_MERGED = 20
"""Objects that are kept of refusals that are told as one."""
DUPLICATE_KEY = 11000


SHARDING = (
    Sharded(
        collection="audit",
        by="_id",
        why="Entries are appended all the time, and their ids begin with the moment.",
        everywhere={
            "Audit.entries": "An operator looks into the log: rare, by an index, a page at a time.",
            "kept_since": "Once a day, or when an operator asks what is kept.",
            "oldest_of": "The same.",
        },
    ),
)
"""How the log is spread over shards."""


class Outcome(StrEnum):
    """What became of it."""

    READ = "read"
    """Personal data, or a secret, were given out."""
    DONE = "done"
    REFUSED = "refused"


NOT_SAID = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log. It holds ids and slugs, never anything that somebody wrote."""

    principal: str
    """Its id; `unknown` for whoever came with a wrong key."""
    role: Role
    what: str
    """The permission that was needed."""
    outcome: Outcome
    party: str | None = None
    route: str | None = None
    status: int | None = None
    reason: str | None = None
    """Why it was refused, or why somebody had to see it."""
    objects: tuple[str, ...] = ()
    """Ids of submissions, cases, keys, parked records …"""
    origin: str | None = None
    """Of refusals: a name for the address, which is not the address (`linli.web.origin`)."""
    times: int = 1
    """How many refusals alike are told here, the first of them at `at`."""
    dropped: int = 0
    """How many different ones there was no room for before this."""
    at: datetime = NOT_SAID
    """Said as it is gathered or appended."""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; all that is named must hold."""

    principal: str | None = None
    outcome: Outcome | None = None
    what: str | None = None
    object: str | None = None
    since: datetime | None = None
    before: datetime | None = None

    def query(self, after: str | None) -> dict[str, Any]:
        """For the database. An id begins with its moment, so ids do for times."""
        named = {"principal": self.principal, "outcome": self.outcome, "what": self.what, "objects": self.object}
        ends = [end for end in (after, first_id(self.before) if self.before else None) if end]
        ids = ({"$gte": first_id(self.since)} if self.since else {}) | ({"$lt": min(ends)} if ends else {})
        return {name: value for name, value in named.items() if value is not None} | ({"_id": ids} if ids else {})


def first_id(moment: datetime) -> str:
    """What no entry of that moment or a later one sorts before."""
    return f"{max(0, int(moment.timestamp() * 1000)):012x}"


async def create_indexes(database: mongo.Database) -> None:
    """Newest first by whatever can be asked for; `at` is for the job that applies the retention time."""
    for name in ("principal", "outcome", "what", "objects"):
        await database.audit.create_index([(name, 1), ("_id", DESCENDING)], name=name)
    await database.audit.create_index("at", name="at")


class Audit:
    """The log of one service. `run` it as a background task, `close` it at the end."""

    def __init__(self, database: mongo.Database, now: Now) -> None:
        self._log, self._now = database.audit, now
        self._known: dict[Entry, Entry] = {}
        self._strangers: dict[Entry, Entry] = {}
        self._dropped = 0

    async def read(self, who: Principal, what: str, ids: Sequence[str], **more: Any) -> None:
        """Personal data are about to be given out; on disk when this returns."""
        await self.append(_entry(who, what, Outcome.READ, ids, more))

    async def done(self, who: Principal, what: str, ids: Sequence[str], **more: Any) -> None:
        """Something was done; on disk when this returns."""
        await self.append(_entry(who, what, Outcome.DONE, ids, more))

    async def append(self, entry: Entry) -> None:
        """On the disks of a majority when this returns."""
        async with asyncio.timeout(mongo.ANSWER_WITHIN):
            await self._log.insert_one(_document(self._numbered(entry)))
        APPENDED.labels(entry.outcome).inc()

    def refused(self, entry: Entry) -> None:
        """Gather a refusal. It is appended within a second; alike ones become one, what is too many is counted."""
        stranger = entry.role is Role.RESIDENT
        waiting, most = (self._strangers, MOST_OF_STRANGERS) if stranger else (self._known, MOST_OF_KNOWN)
        alike = replace(entry, objects=(), at=NOT_SAID)
        before = waiting.get(alike)
        if before is not None:
            objects = tuple(dict.fromkeys((*before.objects, *entry.objects)))[:MOST_MERGED]
            waiting[alike] = replace(before, times=before.times + 1, objects=objects)
        elif len(waiting) < most:
            waiting[alike] = self._numbered(entry)
        else:
            self._dropped += 1
            DROPPED.inc()

    async def entries(self, wanted: Wanted, limit: int, after: str | None = None) -> list[Entry]:
        """Newest first, from before the entry `after`."""
        found = self._log.find(wanted.query(after)).sort("_id", DESCENDING).limit(limit)
        return [_read(document) for document in await found.to_list(None)]

    async def run(self) -> None:
        """Append what was gathered, until cancelled."""
        await repeatedly("audit", self.flush, EVERY)

    async def flush(self) -> None:
        """Append what has been gathered until now. What cannot be written waits on; the next try does not double it.

        What comes in meanwhile waits for the next time: a flood has an entry a second, and not one for each write.
        """
        for gathered in (self._known, self._strangers):
            batch = dict(gathered)
            if not batch:
                continue
            dropped, self._dropped = self._dropped, 0
            documents = [_document(entry) for entry in batch.values()]
            documents[-1]["dropped"] = dropped
            for alike in batch:
                del gathered[alike]
            try:
                await self._insert(documents)
            except BaseException:  # also when the process is about to stop: `close` tries once more
                self._dropped += dropped
                for alike, entry in batch.items():
                    since = gathered[alike].times if alike in gathered else 0
                    gathered[alike] = replace(entry, times=entry.times + since)
                raise
            APPENDED.labels(Outcome.REFUSED).inc(len(batch))

    async def _insert(self, documents: Sequence[mongo.Document]) -> None:
        """What an earlier try has brought in already is left."""
        try:
            await self._log.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            others = [fault for fault in error.details["writeErrors"] if fault["code"] != DUPLICATE_KEY]
            if others or error.details.get("writeConcernErrors"):
                raise

    def _numbered(self, entry: Entry) -> Entry:
        at = self._now() if entry.at == NOT_SAID else entry.at
        return replace(entry, at=at, id=f"{first_id(at)}-{secrets.token_hex(8)}")

    async def close(self) -> None:
        """Append what is left, if MongoDB is there."""
        with contextlib.suppress(*mongo.OUTAGES):
            async with asyncio.timeout(5):
                await self.flush()


def _entry(who: Principal, what: str, outcome: Outcome, ids: Sequence[str], more: dict[str, Any]) -> Entry:
    objects = tuple(ids[:MOST_OBJECTS])
    return Entry(who.id, who.role, what, outcome, party=who.party, objects=objects, **more)


def _document(entry: Entry) -> mongo.Document:
    """Without what says nothing."""
    stored = asdict(entry)
    stored["_id"], stored["objects"] = stored.pop("id"), list(entry.objects)
    return {name: value for name, value in stored.items() if value not in (None, [])}


def _read(document: mongo.Document) -> Entry:
    known = {name: document[name] for name in _FIELDS if name in document}
    known |= {"role": Role(document["role"]), "outcome": Outcome(document["outcome"])}
    return Entry(**known | {"objects": tuple(document.get("objects", ())), "id": document["_id"]})


_FIELDS = ("principal", "what", "party", "route", "status", "reason", "origin", "times", "dropped", "at")
