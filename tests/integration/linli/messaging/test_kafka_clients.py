"""The Kafka client on a real broker: a task of its that dies unseen, records that it cannot take apart, resets."""

import asyncio
import gc
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, suppress

import pytest
from aiokafka.partitioner import DefaultPartitioner

from linli.application.settings import Settings
from linli.messaging.connection import Cluster
from linli.messaging.kafka import GroupReader, Outgoing, Place, Publisher, Received, follow, read_all
from linli.messaging.kafka.clients import _endless, _passing, call, cause_of_death
from linli.messaging.kafka.publisher import MOST_BYTES
from tests.support.poison import send_with_a_broken_header_name
from tests.support.services import until


@pytest.fixture(scope="module", autouse=True)
async def nothing_left_open() -> AsyncIterator[None]:
    """What a client leaves open when it is cut short is closed as it is collected: while the loop still runs."""
    yield
    gc.collect()
    await asyncio.sleep(0.1)


class Reading:
    """A member of a group that writes down what it reads, by how many lanes, and goes on from where it was."""

    def __init__(self, kafka: Cluster, topic: str, member: str = "one", lanes: int = 1) -> None:
        self.topic, self.values = topic, list[bytes | None]()
        self.records = list[Received]()
        self.deaths: list[str] = []
        self._next: dict[Place, int] = {}
        self.reader = GroupReader(kafka, f"{topic}.group", member, [topic], self._positions, 50, self._died, lanes)
        self.told = 0.0

    def _died(self, cause: str) -> None:
        self.deaths.append(cause)
        self.told = time.monotonic()

    async def _positions(self, ranges: Mapping[Place, tuple[int, int]]) -> Mapping[Place, int]:
        return {place: self._next.get(place, begin) for place, (begin, _) in ranges.items()}

    async def run(self) -> None:
        await self.reader.start()
        try:
            async with asyncio.TaskGroup() as tasks:
                for lane in range(self.reader.lanes):
                    tasks.create_task(self._read(lane))
        finally:
            await self.reader.stop()

    async def _read(self, lane: int) -> None:
        while True:
            async with self.reader.batch(lane) as records:
                for record in records:
                    self.records.append(record)
                    self.values.append(record.value)
                    self._next[record.place] = record.offset + 1
                if records:
                    await self.reader.advise(self._next)

    async def has(self, *values: bytes, seconds: float = 60.0) -> None:
        async def there() -> bool:
            return set(values) <= set(self.values)

        await until(there, seconds)


@pytest.fixture
def lanes() -> int:
    return 1


@pytest.fixture
async def reading(settings_for: Callable[..., Awaitable[Settings]], lanes: int) -> AsyncIterator[Reading]:
    settings = await settings_for(Settings)
    made = Reading(settings.kafka, settings.topic("intake"), lanes=lanes)
    task = asyncio.create_task(made.run())
    yield made
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def publish(kafka: Cluster, topic: str, *values: bytes) -> None:
    publisher = Publisher(kafka, "tests")
    assert all(await publisher.publish([Outgoing(topic, value.decode(), value, {}) for value in values]))
    await publisher.close()


@pytest.mark.parametrize("lanes", [2])
async def test_lanes_read_every_partition_once_and_in_order(reading: Reading) -> None:
    names = [f"{number:03}" for number in range(400)]
    publisher = Publisher(reading.reader.kafka, "tests")
    messages = [Outgoing(reading.topic, f"key {int(name) % 20}", name.encode(), {}) for name in names]
    assert all(await publisher.publish(messages))
    await publisher.close()
    await reading.has(*(name.encode() for name in names))
    assert len(reading.values) == len(names)
    by_partition = defaultdict[int, list[int]](list)
    for record in reading.records:
        by_partition[record.place.partition].append(record.offset)
    assert all(offsets == sorted(offsets) for offsets in by_partition.values())
    assert {partition % 2 for partition in by_partition} == {0, 1}


async def test_what_is_published_together_lies_where_the_clients_put_it_and_in_order(reading: Reading) -> None:
    publisher, large = Publisher(reading.reader.kafka, "tests"), bytes(150_000)
    named = [(f"key {number % 5}", b"%03d" % number + (large if number % 3 else b"")) for number in range(60)]
    messages = [Outgoing(reading.topic, key, value, {"ce_id": b"1"}) for key, value in named]
    messages.insert(30, Outgoing(reading.topic, "too large", bytes(MOST_BYTES + 1), {}))
    assert [n for n, went in enumerate(await publisher.publish(messages)) if not went] == [30]
    await publisher.close()
    await reading.has(*(value for _, value in named))
    by_key = defaultdict[bytes, list[Received]](list)
    for record in reading.records:
        by_key[record.key or b""].append(record)
    partitions = sorted(reading.reader._consumer.partitions_for_topic(reading.topic))
    for key, records in by_key.items():
        assert [record.value for record in records] == [value for name, value in named if name.encode() == key]
        assert {record.place.partition for record in records} == {DefaultPartitioner()(key, partitions, partitions)}
    assert all(record.headers == (("ce_id", b"1"),) for record in reading.records)


async def test_a_topic_that_is_not_there_keeps_back_no_other(reading: Reading) -> None:
    publisher = Publisher(reading.reader.kafka, "tests")
    topics = (reading.topic, f"{reading.topic}.gone", reading.topic)
    went = await publisher.publish([Outgoing(topic, "one", b"%d" % n, {}) for n, topic in enumerate(topics)])
    assert went == [True, False, True]
    await publisher.close()
    await reading.has(b"0", b"2")


@pytest.mark.parametrize("lanes", [1, 2])
@pytest.mark.parametrize("dying", ["metadata", "fetching", "coordination", "heartbeat"])
async def test_a_reader_whose_client_has_lost_a_task_reads_on(reading: Reading, dying: str) -> None:
    kafka = reading.reader.kafka
    await publish(kafka, reading.topic, b"before")
    await reading.has(b"before")
    consumer = reading.reader._consumer
    task = dict([*_endless(consumer), *_passing(consumer)])[dying]
    if dying == "heartbeat":  # it ends well when it is cancelled, as it is at every rebalance; what it must not is fail
        task = asyncio.create_task(_failing())
        consumer._coordinator._heartbeat_task = task
        await asyncio.sleep(0)
    task.cancel()
    died = time.monotonic()
    await publish(kafka, reading.topic, b"after")
    await reading.has(b"after")

    async def noticed() -> bool:  # a heartbeat's death keeps nothing from being read meanwhile
        return bool(reading.deaths)

    await until(noticed)
    assert len(reading.deaths) == 1
    assert reading.told > died
    assert dying in reading.deaths[0]


async def _failing() -> None:
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        raise RuntimeError("the handler is closed") from None


async def test_the_death_of_a_task_ends_a_call_that_waits_for_it(reading: Reading) -> None:
    await publish(reading.reader.kafka, reading.topic, b"before")
    await reading.has(b"before")
    consumer = reading.reader._consumer
    started = time.monotonic()
    waiting = asyncio.create_task(call(consumer, asyncio.Event().wait(), None))
    await asyncio.sleep(0)
    consumer._client._sync_task.cancel()
    outcome = (await asyncio.gather(waiting, return_exceptions=True))[0]
    assert isinstance(outcome, Exception)
    assert "metadata" in str(outcome)
    assert time.monotonic() - started < 10
    assert cause_of_death(consumer)


@pytest.mark.parametrize("dying", ["metadata", "sending"])
async def test_a_publisher_whose_client_has_lost_a_task_publishes_at_once(reading: Reading, dying: str) -> None:
    publisher = Publisher(reading.reader.kafka, "tests")
    assert await publisher.publish([Outgoing(reading.topic, "a", b"before", {})]) == [True]
    dict(_endless(publisher._producer))[dying].cancel()
    started = time.monotonic()
    assert await publisher.publish([Outgoing(reading.topic, "a", b"after", {})]) == [True]
    assert time.monotonic() - started < 10
    assert await publisher.unreachable() is None
    dict(_endless(publisher._producer))[dying].cancel()
    assert await publisher.unreachable() is None, "Kafka is there; it was the client that was not"
    await publisher.close()


async def test_a_member_that_stops_leaves_its_partitions_to_others_at_once(reading: Reading) -> None:
    kafka = reading.reader.kafka
    await publish(kafka, reading.topic, b"before")
    await reading.has(b"before")
    await reading.reader.stop()
    stopped = time.monotonic()
    other = Reading(kafka, reading.topic, "another")
    task = asyncio.create_task(other.run())
    await other.has(b"before")
    assert time.monotonic() - stopped < 10, "and not when its session is over, after 15 s"
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_batch_that_the_client_cannot_take_apart_is_told_of_and_what_comes_after_it_is_read(
    reading: Reading,
) -> None:
    kafka = reading.reader.kafka
    await publish(kafka, reading.topic, b"a", b"b", b"c")
    for partition in range(3):
        await send_with_a_broken_header_name(kafka, reading.topic, [b"x", b"y", b"z"], partition)
        await send_with_a_broken_header_name(kafka, reading.topic, [b"alone"], partition)
    await publish(kafka, reading.topic, b"d", b"e", b"f")
    await reading.has(*(letter.encode() for letter in "abcdef"))

    async def all_told() -> bool:
        return len({(record.place, record.offset) for record in reading.records if record.fault}) == 12

    await until(all_told)
    assert len(reading.records) == 18, "each once"
    assert {record.fault for record in reading.records} == {None, "UnicodeDecodeError"}
    everything = [record async for record in read_all(kafka, reading.topic)]
    assert len(everything) == 18
    followed = []
    async with aclosing(follow(kafka, reading.topic)) as records:
        async for record in records:
            followed.append(record)
            if len(followed) == 18:
                break
    assert {record.offset for record in followed if record.fault} == {r.offset for r in everything if r.fault}
