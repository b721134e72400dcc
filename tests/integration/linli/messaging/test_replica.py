"""The copy of a small topic on real servers: all its partitions count, and nothing on it ends the process."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import pytest

from linli.application.settings import Settings
from linli.contracts.envelope import Envelope
from linli.contracts.workflow.key import KeyPublished
from linli.messaging import inbox_store
from linli.messaging.kafka import TopicSpec, apply_topics
from linli.messaging.replica import Replica
from linli.storage import mongo
from linli.storage.clock import NotKnownYet
from tests.support.builders import NOON, submitted
from tests.support.poison import every_sort, send_raw
from tests.support.services import until
from tests.support.topics import SEALS, publish

KEYS = [f"key{number:07}" for number in range(12)]


def key(id: str, version: int = 1, **changes: object) -> Envelope[KeyPublished]:
    """A key as workflow tells of it: made, or (version 2) revoked."""
    data = KeyPublished.model_validate(
        {
            "key_id": id,
            "version": version,
            "role": "operator",
            "sha256": "0" * 64,
            "expires_at": NOON + timedelta(days=90),
            "revoked_at": NOON if version == 2 else None,
        }
        | changes
    )
    return Envelope("linli/workflow", id, version, NOON, id, data)


async def seen(condition: Callable[[], bool]) -> None:
    """Wait until it holds."""

    async def holds() -> bool:
        return condition()

    await until(holds)


class Copy:
    """A replica of keys with its own topic of several partitions."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.topic = settings, f"{settings.topic_prefix}.wide"
        self.client = mongo.connect(settings)
        self.database = self.client[settings.database("copy")]
        self.refused: set[str] = set()

    async def topic_with(self, partitions: int) -> None:
        await apply_topics(self.settings.kafka, [TopicSpec(self.topic, partitions, {"cleanup.policy": "compact"})])

    def replica(self) -> Replica[KeyPublished]:
        def changed() -> None:
            if self.refused & made.newest.keys():
                raise RuntimeError("a fault of ours")

        made = Replica(
            self.database,
            "principals",
            self.settings.kafka,
            self.topic,
            KeyPublished,
            SEALS,
            changed=changed,
        )
        return made

    @asynccontextmanager
    async def following(self) -> AsyncIterator[Replica[KeyPublished]]:
        replica = self.replica()
        task = asyncio.create_task(replica.run())
        try:
            yield replica
            assert not task.done(), "it goes on whatever comes"
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def reasons(self) -> list[str]:
        return sorted([doc["reason"] async for doc in self.database.inbox_parked.find({})])


@pytest.fixture
async def copy(settings_for: Callable[..., Awaitable[Settings]]) -> AsyncIterator[Copy]:
    made = Copy(await settings_for(Settings))
    await inbox_store.create_parked_index(made.database)
    yield made
    made.client.close()


async def test_a_key_is_known_and_revoked_on_whatever_partition_it_is_told(copy: Copy) -> None:
    await copy.topic_with(3)
    async with copy.following() as replica:
        await publish(copy.settings.kafka, copy.topic, *(key(id) for id in KEYS))
        await seen(lambda: len(replica.newest) == 12)
        await publish(copy.settings.kafka, copy.topic, *(key(id, 2) for id in KEYS))
        await seen(lambda: all(each.revoked_at for each in replica.newest.values()))


async def test_before_it_has_read_its_copy_a_process_says_of_no_key_that_there_is_none(copy: Copy) -> None:
    await copy.topic_with(1)
    async with copy.following() as replica:
        await publish(copy.settings.kafka, copy.topic, key(KEYS[0]))
        await seen(lambda: len(replica.newest) == 1)
        assert await replica.find(KEYS[1]) is None
    begun = copy.replica()
    with pytest.raises(NotKnownYet):
        await begun.find(KEYS[0])
    async with copy.following() as again:
        await seen(lambda: len(again.newest) == 1)
        assert await again.find(KEYS[0]) is not None


async def test_a_key_that_moves_to_a_partition_added_later_is_revoked_all_the_same(copy: Copy) -> None:
    await copy.topic_with(1)
    async with copy.following() as replica:
        await publish(copy.settings.kafka, copy.topic, *(key(id) for id in KEYS))
        await seen(lambda: len(replica.newest) == 12)
        await copy.topic_with(3)
        await publish(copy.settings.kafka, copy.topic, *(key(id, 2) for id in KEYS))
        await seen(lambda: all(each.revoked_at for each in replica.newest.values()))
    async with copy.following() as again:
        await seen(lambda: len(again.newest) == 12)
        assert all(each.revoked_at for each in again.newest.values())


async def test_poison_of_every_sort_is_parked_and_what_comes_after_it_is_heard(copy: Copy) -> None:
    await copy.topic_with(2)
    poison = [raw for raw in every_sort(KEYS[0]) if raw.key]  # a compacted topic takes none without a key
    async with copy.following() as replica:
        await send_raw(copy.settings.kafka, copy.topic, poison)
        await publish(copy.settings.kafka, copy.topic, submitted("s1"), key(KEYS[2]), key(KEYS[3]))
        await seen(lambda: len(replica.newest) == 2)

        async def all_parked() -> bool:
            return len(await copy.reasons()) == len(poison) + 1

        await until(all_parked)


async def test_what_a_listener_refuses_is_parked_and_neither_kept_nor_in_its_way_again(copy: Copy) -> None:
    await copy.topic_with(1)
    copy.refused = {KEYS[0]}
    async with copy.following() as replica:
        await publish(copy.settings.kafka, copy.topic, key(KEYS[0]), key(KEYS[1]))
        await seen(lambda: KEYS[1] in replica.newest)
        assert list(replica.newest) == [KEYS[1]]
    assert await copy.reasons() == ["handler_failed"]
    async with copy.following() as again:
        await seen(lambda: KEYS[1] in again.newest)
    copy.refused = set()
    async with copy.following() as mended:
        [parked] = await copy.database.inbox_parked.find({}).to_list(None)
        assert await mended.replay(parked["_id"], "operator") == "replayed"
        assert KEYS[0] in mended.newest


async def test_what_is_not_for_this_copy_stays_parked_when_it_is_tried_again(copy: Copy) -> None:
    await copy.topic_with(1)
    async with copy.following() as replica:
        await publish(copy.settings.kafka, copy.topic, submitted("s1"))

        async def parked() -> bool:
            return await copy.reasons() == ["unexpected_type"]

        await until(parked)
        [document] = await copy.database.inbox_parked.find({}).to_list(None)
        assert "does not belong" in await replica.replay(document["_id"], "operator")
        await replica.discard(document["_id"], "operator", "a mistake")
    [document] = await copy.database.inbox_parked.find({}).to_list(None)
    assert document["state"] == "discarded"
