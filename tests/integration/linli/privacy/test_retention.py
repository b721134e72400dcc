"""The retention job on a real MongoDB: by whose clock it goes, and who does it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from prometheus_client import REGISTRY

from linli.privacy.retention import BATCH, LOOKED, Retention, Unanswered, decided_parked
from linli.storage import mongo


async def decided(database: mongo.Database, number: int, days_ago: float, state: str = "discarded") -> None:
    at = datetime.now(UTC) - timedelta(days=days_ago)
    documents = [
        {"_id": f"{state}-{days_ago}-{each}", "state": state, "parked_at": at} | _decision(state, at)
        for each in range(number)
    ]
    await database.inbox_parked.insert_many(documents)


def _decision(state: str, at: datetime) -> dict[str, datetime]:
    return {} if state == "parked" else {"decided_at": at}


def job(database: mongo.Database, days: int = 180, owner: str = "one") -> Retention:
    return Retention(database, owner, 3_600, [decided_parked(database, days)])


def looked() -> float | None:
    return REGISTRY.get_sample_value("linli_retention_looked_timestamp_seconds")


async def left(database: mongo.Database) -> int:
    return await database.inbox_parked.count_documents({})


async def test_what_is_older_goes_in_batches_and_what_waits_for_a_decision_stays(database: mongo.Database) -> None:
    await decided(database, 2 * BATCH + 3, days_ago=181)
    await decided(database, 2, days_ago=179)
    await decided(database, 1, days_ago=900, state="parked")
    (before,) = (await job(database).state()).items
    assert (before.kind, before.older) == ("parked", 2 * BATCH + 3)
    assert before.due_at is not None and before.due_at < datetime.now(UTC)
    assert await job(database).look() == 2 * BATCH + 3
    assert await left(database) == 3
    (after,) = (await job(database).state()).items
    assert after.older == 0 and after.due_at is not None and after.due_at > datetime.now(UTC)


@pytest.mark.parametrize("years", [10, -10])
async def test_a_process_whose_clock_has_jumped_deletes_what_the_database_says_and_no_more(
    database: mongo.Database, years: int
) -> None:
    await decided(database, 1, days_ago=181)
    await decided(database, 1, days_ago=179)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=366 * years), tick=True):
        assert await job(database).look() == 1
    assert await left(database) == 1


async def test_one_process_does_it_at_a_time(database: mongo.Database) -> None:
    await decided(database, 1, days_ago=181)
    assert await mongo.lease(database, "retention", "another", seconds=60)
    assert await job(database).look() == 0
    assert await job(database, owner="another").look() == 1


async def test_zero_days_is_for_ever(database: mongo.Database) -> None:
    await decided(database, 1, days_ago=9_000)
    assert await job(database, days=0).look() == 0
    (kind,) = (await job(database, days=0).state()).items
    assert (kind.due_at, kind.older) == (None, 0)


async def test_only_who_has_looked_at_everything_says_so(database: mongo.Database) -> None:
    async def unanswered(_: datetime) -> AsyncIterator[int]:
        raise Unanswered("nobody there")
        yield 0

    await decided(database, 1, days_ago=181)
    there = decided_parked(database, 180)
    asks = replace(there, kind="asks", let_go=unanswered)
    LOOKED.set(0)
    assert await mongo.lease(database, "retention", "another", seconds=60)
    assert await job(database).look() == 0
    assert looked() == 0, "another process has the lease"
    assert await Retention(database, "another", 3_600, [asks, there]).look() == 1, "the other kinds go on"
    assert looked() == 0, "one kind had to be left"
    assert await job(database, owner="another").look() == 0
    assert looked() == pytest.approx(datetime.now(UTC).timestamp(), abs=30)
