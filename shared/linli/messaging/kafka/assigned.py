"""Reading certain topics of one partition each, without a group: who reads them, and from where, is known elsewhere."""

from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType

from aiokafka import AIOKafkaConsumer, TopicPartition

from linli.messaging.connection import Cluster
from linli.messaging.kafka.clients import START_WITHIN, call, put_away
from linli.messaging.kafka.fetching import ANSWER_WITHIN, fetch
from linli.messaging.kafka.records import Place, Received

MOST_AHEAD = 64 * 1024
"""Bytes of each topic that are read ahead."""


class AssignedReader:
    """`async with` it. Raises KafkaError or OSError as soon as the client is of no use; then make another one."""

    def __init__(self, cluster: Cluster, client_id: str) -> None:
        self._consumer = AIOKafkaConsumer(
            **cluster.client(),
            client_id=client_id,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=200,
            max_partition_fetch_bytes=MOST_AHEAD,
        )

    async def __aenter__(self) -> "AssignedReader":
        try:
            await call(self._consumer, self._consumer.start(), START_WITHIN)
        except BaseException:
            await put_away(self._consumer)
            raise
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await put_away(self._consumer)

    async def begin(
        self, topics: list[str], positions: Callable[[Mapping[Place, tuple[int, int]]], Awaitable[Mapping[Place, int]]]
    ) -> None:
        """Read these from now on; `positions` says from where, given where each begins and ends."""
        consumer, partitions = self._consumer, [TopicPartition(topic, 0) for topic in topics]
        consumer.assign(partitions)
        begins = await call(consumer, consumer.beginning_offsets(partitions), ANSWER_WITHIN)
        ends = await call(consumer, consumer.end_offsets(partitions), ANSWER_WITHIN)
        found = await positions({Place(each.topic, 0): (begins[each], ends[each]) for each in partitions})
        for place, offset in found.items():
            consumer.seek(TopicPartition(place.topic, 0), offset)

    def seek(self, place: Place, offset: int) -> None:
        """Read this topic from there on."""
        self._consumer.seek(TopicPartition(place.topic, place.partition), offset)

    async def next(self, place: Place, most: int, position: int) -> list[Received]:
        """The next records of one topic, none after a second of silence; `position` is where it stands."""
        partition = TopicPartition(place.topic, place.partition)

        async def restore() -> None:
            self.seek(place, position)

        return await fetch(self._consumer, most, restore, partition)
