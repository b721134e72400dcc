"""Connections to Kafka that are reset hundreds of times, on the services' own event loop: everybody goes on at once."""

import asyncio
import random
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from pathlib import Path

import pytest
import structlog
import uvloop

from linli.messaging.connection import Cluster
from linli.messaging.kafka import (
    GroupReader,
    KafkaUnavailable,
    Outgoing,
    Place,
    Publisher,
    TopicSpec,
    apply_topics,
    follow,
    look_at,
)
from tests.support.servers import ProxiedServers
from tests.support.services import until

pytestmark = pytest.mark.long

RESETS = 300
TOPIC = "resets.all"


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[ProxiedServers]:
    made = ProxiedServers(tmp_path)
    for proxy in (made.kafka_proxy, made.mongo_proxy):
        proxy.start()
    try:
        made.start_kafka()
        yield made
    finally:
        made.stop_kafka()
        for proxy in (made.kafka_proxy, made.mongo_proxy):
            proxy.stop()


class Worker:
    """What a service does with Kafka: writes, reads in a group, follows a topic as a whole, looks at the cluster."""

    def __init__(self, kafka: Cluster) -> None:
        self._kafka = kafka
        self.publisher = Publisher(kafka, "tests")
        self.reader = GroupReader(kafka, "resets", "one", [TOPIC], self._positions, 20, self._died)
        self.sent, self.read, self.followed = set[bytes](), set[bytes | None](), set[bytes | None]()
        self.deaths: list[str] = []
        self.looks = 0
        self._next: dict[Place, int] = {}

    def _died(self, cause: str) -> None:
        self.deaths.append(cause)

    async def _positions(self, ranges: Mapping[Place, tuple[int, int]]) -> Mapping[Place, int]:
        return {place: self._next.get(place, begin) for place, (begin, _) in ranges.items()}

    async def publish(self) -> None:
        number = 0
        while True:
            values = [b"%d" % (number + n) for n in range(5)]
            done = await self.publisher.publish([Outgoing(TOPIC, str(value), value, {}) for value in values])
            self.sent |= {value for value, acknowledged in zip(values, done, strict=True) if acknowledged}
            number += 5
            await asyncio.sleep(0.02)

    async def read_in_a_group(self) -> None:
        while True:
            try:
                await self.reader.start()
                break
            except KafkaUnavailable:
                await asyncio.sleep(0.1)
        while True:
            async with self.reader.batch() as records:
                await asyncio.sleep(0.02)  # a batch in flight
                for record in records:
                    self.read.add(record.value)
                    self._next[record.place] = record.offset + 1
                await self.reader.advise(self._next)

    async def watch_the_lag(self) -> None:
        while True:
            try:
                await self.reader.ends()
            except (*KafkaUnavailable, AttributeError):  # it has not been started yet
                pass
            await asyncio.sleep(0.1)

    async def follow(self) -> None:
        while True:
            try:
                async with aclosing(follow(self._kafka, TOPIC)) as records:
                    async for record in records:
                        self.followed.add(record.value)
            except KafkaUnavailable:
                await asyncio.sleep(0.1)

    async def look(self) -> None:
        while True:
            try:
                await look_at(self._kafka, [TOPIC])
                self.looks += 1
            except KafkaUnavailable:
                pass
            await asyncio.sleep(0.2)

    async def goes_on(self) -> float:
        """Seconds until twenty more have been sent, everything has been read by both, and the cluster was looked at."""
        started, before, looks = time.monotonic(), len(self.sent), self.looks

        async def all_of_it() -> bool:
            sent = set(self.sent)
            return len(sent) >= before + 20 and sent <= self.read and sent <= self.followed and self.looks > looks

        await until(all_of_it)
        return time.monotonic() - started


def test_no_reset_of_connections_stops_a_reader_a_writer_or_a_look_at_the_cluster(servers: ProxiedServers) -> None:
    with ThreadPoolExecutor(1) as apart:  # the services' event loop, beside that of the tests
        apart.submit(uvloop.run, _storm(servers)).result()


async def _storm(servers: ProxiedServers) -> None:
    """A write to a connection that is closed raises RuntimeError on this loop, which the client expects nowhere."""
    await apply_topics(servers.kafka, [TopicSpec(TOPIC, 4, {})])
    worker = Worker(servers.kafka)
    work = (worker.publish, worker.read_in_a_group, worker.watch_the_lag, worker.follow, worker.look)
    tasks = [asyncio.create_task(each(), name=each.__name__) for each in work]
    chance = random.Random(77)
    slowest = await worker.goes_on()
    for number in range(RESETS):
        servers.kafka_proxy.reset()
        await asyncio.sleep(chance.choice([0.0, 0.01, 0.03, 0.1, 0.3]))
        if number % 10 == 9:  # one that has died unseen would read nothing more
            slowest = max(slowest, await worker.goes_on())
            assert not [task for task in tasks if task.done()], "a task that is done has raised"
    structlog.get_logger().info("resets", sent=len(worker.sent), rebuilt=len(worker.deaths), slowest=round(slowest, 1))
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await worker.reader.stop()
    await worker.publisher.close()
