"""Two processes of one name on real servers: the one that was there first says so, and both go on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from prometheus_client import REGISTRY

from linli.messaging.membership import Membership
from linli.storage import mongo
from tests.integration.linli.messaging.test_inbox import IDS, Consumer, consumer  # noqa: F401 - a fixture
from tests.support.builders import submitted
from tests.support.services import until
from tests.support.topics import publish


@asynccontextmanager
async def living(membership: Membership) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(membership.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def written_down(database: mongo.Database, membership: Membership) -> None:
    async def there() -> bool:
        return await database.members.find_one({"process": membership._process}) is not None

    await until(there)


async def test_a_process_that_finds_a_namesake_says_so_and_takes_another_name(database: mongo.Database) -> None:
    renamed: list[str] = []
    first = Membership(database, "workflow:8102", renamed.append, every=0.05)
    second = Membership(database, "workflow:8102", every=0.05)
    async with living(first):
        await written_down(database, first)
        assert await first.namesake() is None
        async with living(second):
            said = await until(first.namesake)
            assert said is not None
            assert "LINLI_INSTANCE" in said
            assert len(renamed) == 1
            assert renamed[0].startswith("workflow:8102-")
            assert await second.namesake() is None
            assert await names(database) == {"workflow:8102", renamed[0]}, "so that whoever looks sees both"
        await second.release()

        async def alone_again() -> bool:
            return await first.namesake() is None

        await until(alone_again)
        assert renamed[1:] == ["workflow:8102"]
        assert await names(database) == {"workflow:8102"}


async def test_a_successor_of_a_process_that_was_killed_has_its_name_without_a_word(database: mongo.Database) -> None:
    killed, successor = (Membership(database, "workflow:8102", every=0.05) for _ in range(2))
    async with living(killed):
        await written_down(database, killed)
    async with living(successor):
        await written_down(database, successor)
        assert await successor.namesake() is None


async def test_a_namesake_that_has_not_been_heard_of_is_not_there_any_more(database: mongo.Database) -> None:
    first, second = (Membership(database, "workflow:8102", every=0.05) for _ in range(2))
    async with living(first):
        await written_down(database, first)
        async with living(second):
            await until(first.namesake)
        long_ago = await mongo.server_time(database) - timedelta(seconds=20)
        await database.members.update_one({}, {"$set": {"at": long_ago}})

        async def alone() -> bool:
            return await first.namesake() is None

        await until(alone)


async def test_who_was_killed_is_counted_as_silent_and_forgotten_after_an_hour(
    database: mongo.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linli.messaging.membership.COUNT_EVERY", 0.05)
    now = await mongo.server_time(database)
    ages = {"killed:8102": timedelta(minutes=1), "taken-away:8102": timedelta(hours=2)}
    await database.members.insert_many([{"_id": name, "process": name, "at": now - age} for name, age in ages.items()])
    async with living(Membership(database, "workflow:8102", every=0.05)):

        async def forgotten() -> bool:
            return await names(database) == {"workflow:8102", "killed:8102"}

        await until(forgotten)

        async def counted() -> bool:
            told = [REGISTRY.get_sample_value("linli_members", {"state": state}) for state in ("heard", "silent")]
            return told == [1, 1]

        await until(counted)


async def test_a_process_that_was_stopped_until_it_was_forgotten_comes_back(database: mongo.Database) -> None:
    stopped = Membership(database, "workflow:8102", every=0.05)
    async with living(stopped):
        await written_down(database, stopped)
        await database.members.delete_many({})  # as another process does with whom it has not heard of for an hour
        await written_down(database, stopped)
        assert await stopped.namesake() is None


async def names(database: mongo.Database) -> set[str]:
    return {str(each["_id"]) async for each in database.members.find({})}


async def test_who_gives_its_name_up_gives_its_leases_back(database: mongo.Database) -> None:
    membership = Membership(database, "workflow:8102", every=0.05)
    assert await mongo.lease(database, "sweeper", "workflow:8102", 60)
    async with living(membership):
        await written_down(database, membership)
    await membership.release()
    assert await mongo.lease(database, "sweeper", "another", 60)


async def test_two_readers_of_one_name_share_the_topic_once_they_have_found_out(consumer: Consumer) -> None:  # noqa: F811
    first, other = consumer.inbox(), Consumer(consumer.settings)
    second = other.inbox()
    tasks = [asyncio.create_task(first.run())]
    memberships = [Membership(consumer.database, "one", each.rename, every=0.2) for each in (first, second)]
    async with living(memberships[0]):
        await written_down(consumer.database, memberships[0])
        tasks.append(asyncio.create_task(second.run()))
        async with living(memberships[1]):
            await until(memberships[0].namesake)

            async def both_have_some() -> bool:
                places = [set(each._reader._consumer.assignment()) for each in (first, second)]
                return all(places) and not places[0] & places[1] and len(places[0] | places[1]) == 3

            await until(both_have_some)
            await publish(consumer.settings.kafka, consumer.settings.topic("intake"), *map(submitted, IDS))
            assert set((await consumer.reaches(60)).values()) == {1}
            assert not [task for task in tasks if task.done()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    other.client.close()
