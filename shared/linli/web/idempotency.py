"""`Idempotency-Key`: a repeated request takes effect once and gets the same answer."""

import asyncio
import hashlib
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Annotated, Any

import orjson
from fastapi import Header
from pymongo import UpdateOne
from pymongo.errors import DuplicateKeyError

from linli.storage import mongo
from linli.storage.sharding import Sharded
from linli.web.problems import Problem

KEPT = timedelta(days=3)
"""How long a key is remembered."""
IN_FLIGHT = timedelta(seconds=60)
"""After this a request that has left no answer is taken for dead, and a repetition runs."""
PATIENCE = 5.0
"""Seconds that a repetition waits for the answer of the one in flight."""
AT_ONCE = 200
"""Answers that are written or looked through before other requests get their turn."""

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="The same key with the same body gets the same answer, once done.",
    ),
]


SHARDING = (
    Sharded(
        collection="idempotency",
        by="_id",
        why="A key is claimed, and its answer found, by the id that is made of it; so it is claimed once.",
        everywhere={"forget": "An erasure finds answers by what they tell of: rare, and by an index."},
    ),
)
"""How answers are spread over shards."""


def fingerprint(*parts: Any) -> str:
    """What makes two requests the same: the parts' canonical JSON."""
    return hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)).hexdigest()


def other_body() -> Problem:
    """The key has been used for something else."""
    return Problem("idempotency_key_reused", 422, "This Idempotency-Key was used with another request.")


async def create_index(database: mongo.Database) -> None:
    """Keys are forgotten after `KEPT`."""
    await database.idempotency.create_index("at", expireAfterSeconds=int(KEPT.total_seconds()), name="at")


async def create_subjects_index(database: mongo.Database) -> None:
    """Answers are found by what they tell of; those from before that was written down learn it."""
    answers = database.idempotency
    await answers.create_index("subjects", name="subjects")
    known: list[UpdateOne] = []
    async for doc in answers.find(_UNSAID, {"answer": 1}, batch_size=AT_ONCE):
        known.append(UpdateOne({"_id": doc["_id"]}, {"$set": {"subjects": _subjects(doc["answer"])}}))
        if len(known) == AT_ONCE:
            await answers.bulk_write(known, ordered=False)
            known.clear()
    if known:
        await answers.bulk_write(known, ordered=False)


async def once(
    database: mongo.Database,
    key: str | None,
    scope: str,
    body: str,
    act: Callable[[], Awaitable[dict[str, Any]]],
) -> dict[str, Any]:
    """The answer of `act`, run once per key within a scope (principal and route); `body` is its fingerprint.

    Only an answer is remembered: after an error the same request may be tried again. What takes effect in a transaction
    calls `remember` in it; else a process that dies right after it leaves an effect without an answer. Raises 422 for
    another body, 409 when the first one is still running after `PATIENCE` seconds.
    """
    if key is None:
        return await act()
    name = fingerprint(scope, key)
    deadline = time.monotonic() + PATIENCE
    while not await _claim(database, name, body):
        known = await database.idempotency.find_one({"_id": name})
        if known is None:
            continue
        if known["body"] != body:
            raise other_body()
        if "answer" in known:
            answer: dict[str, Any] = orjson.loads(known["answer"])
            return answer
        if time.monotonic() > deadline:
            raise Problem("request_in_flight", 409, "The first request with this key is still running.", retry_after=2)
        await asyncio.sleep(0.05)
    try:
        result = await act()
    except BaseException:
        await database.idempotency.delete_one({"_id": name, "answer": {"$exists": False}})
        raise
    await database.idempotency.update_one({"_id": name}, {"$set": _kept(result)})
    return result


class Idempotency:
    """The answers that a service's database keeps: `once` and `remember`, for routes."""

    def __init__(self, database: mongo.Database) -> None:
        self._database = database

    async def once(
        self, key: str | None, scope: str, body: str, act: Callable[[], Awaitable[dict[str, Any]]]
    ) -> dict[str, Any]:
        """As the function `once`."""
        return await once(self._database, key, scope, body, act)

    async def remember(self, key: str | None, scope: str, answer: dict[str, Any], session: mongo.Session) -> None:
        """As the function `remember`."""
        await remember(self._database, key, scope, answer, session)


async def remember(
    database: mongo.Database, key: str | None, scope: str, answer: dict[str, Any], session: mongo.Session
) -> None:
    """Within `act`'s transaction: keep its answer together with its effect."""
    if key is not None:
        kept = {"$set": _kept(answer)}
        await database.idempotency.update_one({"_id": fingerprint(scope, key)}, kept, session=session)


async def forget(database: mongo.Database, subjects: Sequence[str], session: mongo.Session) -> None:
    """Drop the answers that tell of these subjects, with a case's words: as many steps as there are such answers.

    Anybody with a code can have a million answers kept. Only those that a process of the version before has written
    since the migration are looked through.
    """
    answers = database.idempotency
    await answers.delete_many({"subjects": {"$in": list(subjects)}}, session=session)
    ids = set(subjects)
    unsaid = answers.find(_UNSAID, {"answer": 1}, batch_size=AT_ONCE, hint="subjects", session=session)
    telling = [doc["_id"] async for doc in unsaid if not ids.isdisjoint(_subjects(doc["answer"]))]
    if telling:
        await answers.delete_many({"_id": {"$in": telling}}, session=session)


_UNSAID: dict[str, Any] = {"subjects": None, "answer": {"$exists": True}}
_ID = re.compile(r'(?<=")(?=[^"]*[0-9])[A-Za-z0-9._-]{6,64}(?=")')
"""A string of JSON that can be the id of a submission, a case or a photo."""


def _kept(answer: dict[str, Any]) -> dict[str, Any]:
    written = orjson.dumps(answer)
    return {"answer": written, "subjects": _subjects(written)}


def _subjects(answer: bytes) -> list[str]:
    return sorted(set(_ID.findall(bytes(answer).decode())))


async def _claim(database: mongo.Database, name: str, body: str) -> bool:
    """Whether this request is the one that runs: the first, or the first after one that died without an answer."""
    now = await mongo.server_time(database)
    try:
        await database.idempotency.insert_one({"_id": name, "body": body, "at": now})
        return True
    except DuplicateKeyError:
        taken = await database.idempotency.update_one(
            {"_id": name, "body": body, "answer": {"$exists": False}, "at": {"$lt": now - IN_FLIGHT}},
            {"$set": {"at": now}},
        )
        return taken.modified_count == 1
