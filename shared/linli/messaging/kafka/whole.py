"""Reading a topic as a whole, outside any group."""

from collections.abc import AsyncGenerator

from aiokafka import AIOKafkaConsumer, TopicPartition

from linli.messaging.connection import Cluster
from linli.messaging.kafka.clients import START_WITHIN, call, put_away
from linli.messaging.kafka.fetching import ANSWER_WITHIN, fetch
from linli.messaging.kafka.records import Received


async def follow(kafka: Cluster, topic: str) -> AsyncGenerator[Received, None]:
    """All records of a small topic from its beginning, then new ones, for ever.

    It reads all partitions, including later ones: a key revoked on the second one is revoked. When one is added
    everything is read again. Order holds only within a partition. Raises KafkaError or OSError as soon as the client
    is unusable.
    """
    consumer = AIOKafkaConsumer(
        topic,
        **kafka.client(),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=500,
        metadata_max_age_ms=5_000,  # a partition that is added, or a topic made anew, is found within so long
    )
    try:
        await call(consumer, consumer.start(), START_WITHIN)
        place = _Place(consumer)
        while True:
            for record in place.noted(await fetch(consumer, 500, place.restore)):
                yield record
    finally:
        await put_away(consumer)


async def read_all(kafka: Cluster, topic: str) -> AsyncGenerator[Received, None]:
    """Every record that a topic holds now, partition by partition."""
    consumer = AIOKafkaConsumer(
        topic,
        **kafka.client(),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=100,
    )
    try:
        await call(consumer, consumer.start(), START_WITHIN)
        partitions = sorted(consumer.assignment())
        ends = await call(consumer, consumer.end_offsets(partitions), ANSWER_WITHIN)
        place = _Place(consumer)
        for partition in partitions:
            while await call(consumer, consumer.position(partition), ANSWER_WITHIN) < ends[partition]:
                for record in place.noted(await fetch(consumer, 500, place.restore, partition)):
                    yield record
    finally:
        await put_away(consumer)


class _Place:
    """Where a reader without a group is: after what it was handed last."""

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer
        self._next: dict[TopicPartition, int] = {}

    def noted(self, records: list[Received]) -> list[Received]:
        for record in records:
            self._next[TopicPartition(record.place.topic, record.place.partition)] = record.offset + 1
        return records

    async def restore(self) -> None:
        for partition in self._consumer.assignment():
            if partition in self._next:
                self._consumer.seek(partition, self._next[partition])
            else:
                await self._consumer.seek_to_beginning(partition)
