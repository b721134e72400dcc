"""`Idempotency-Key`: the same request said twice takes effect once and gets the same answer."""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import orjson
from fastapi import Header
from pymongo.errors import DuplicateKeyError

from linli import mongo
from linli.errors import Problem

KEPT = timedelta(days=3)
"""How long a key is remembered."""
IN_FLIGHT = timedelta(seconds=60)
"""After this a request that has left no answer is taken for dead, and a repetition runs."""
PATIENCE = 5.0
"""Seconds that a repetition waits for the answer of the one in flight."""
AT_ONCE = 200
"""Answers that are looked through before other requests get their turn."""

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


def fingerprint(*parts: Any) -> str:
    """What makes two requests the same: the parts' canonical JSON."""
    return hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)).hexdigest()


def other_body() -> Problem:
    """The key has been used for something else."""
    return Problem("idempotency_key_reused", 422, "This Idempotency-Key was used with another request.")


async def create_index(database: mongo.Database) -> None:
    """Keys are forgotten after `KEPT`."""
    await database.idempotency.create_index("at", expireAfterSeconds=int(KEPT.total_seconds()), name="at")


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
    await database.idempotency.update_one({"_id": name}, {"$set": {"answer": orjson.dumps(result)}})
    return result


async def remember(
    database: mongo.Database, key: str | None, scope: str, answer: dict[str, Any], session: mongo.Session
) -> None:
    """Within `act`'s transaction: keep its answer together with its effect."""
    if key is not None:
        kept = {"$set": {"answer": orjson.dumps(answer)}}
        await database.idempotency.update_one({"_id": fingerprint(scope, key)}, kept, session=session)


async def forget(database: mongo.Database, subjects: Sequence[str], session: mongo.Session) -> None:
    """Drop the answers that tell of these subjects, with a case's words. Few days' answers are looked through.

    An id stands in an answer's JSON as a string of its own, so that many subjects take no longer than one.
    """
    ids = {subject.encode() for subject in subjects}
    kept = database.idempotency.find({"answer": {"$exists": True}}, {"answer": 1}, batch_size=AT_ONCE, session=session)
    telling = [doc["_id"] async for doc in kept if not ids.isdisjoint(bytes(doc["answer"]).split(b'"'))]
    if telling:
        await database.idempotency.delete_many({"_id": {"$in": telling}}, session=session)


async def _claim(database: mongo.Database, name: str, body: str) -> bool:
    """Whether this request is the one that runs: the first, or the first after one that died without an answer."""
    now = datetime.now(UTC)
    try:
        await database.idempotency.insert_one({"_id": name, "body": body, "at": now})
        return True
    except DuplicateKeyError:
        taken = await database.idempotency.update_one(
            {"_id": name, "body": body, "answer": {"$exists": False}, "at": {"$lt": now - IN_FLIGHT}},
            {"$set": {"at": now}},
        )
        return taken.modified_count == 1
