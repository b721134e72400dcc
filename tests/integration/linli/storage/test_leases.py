"""Leases on a real server: one of all has it, and whoever looks often writes seldom."""

import asyncio

from linli.storage import mongo
from tests.support.services import until


async def written(database: mongo.Database) -> object:
    return (await database.leases.find_one({"_id": "timer"}))["until"]  # type: ignore[index]


async def test_who_looks_a_hundred_times_writes_once_and_nobody_else_has_it(database: mongo.Database) -> None:
    one, another = (mongo.Lease(database, "timer", owner, 60) for owner in ("workflow:1", "workflow:2"))
    assert await one.held()
    at_first = await written(database)
    assert [await one.held() for _ in range(100)] == [True] * 100
    assert await written(database) == at_first
    assert not await another.held()


async def test_it_is_renewed_in_time_and_goes_to_another_when_nobody_renews_it(database: mongo.Database) -> None:
    one, another = (mongo.Lease(database, "timer", owner, 3) for owner in ("workflow:1", "workflow:2"))
    assert await one.held()
    at_first = await written(database)
    for _ in range(4):
        await asyncio.sleep(0.5)
        assert await one.held()
        assert not await another.held(), "it is renewed before it ends"
    assert await written(database) > at_first  # type: ignore[operator]
    await until(another.held)
    await asyncio.sleep(1.1)  # a third of its time: now the first one asks again
    assert not await one.held()
