"""A consumer's next records, skipping those that the client cannot decode."""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.protocol.fetch import FetchRequest
from aiokafka.record.memory_records import MemoryRecords

from linli.messaging.kafka.clients import ClientDied, call, cause_of_death
from linli.messaging.kafka.records import Place, Received, received

log = structlog.get_logger()

ANSWER_WITHIN = 20.0
"""Seconds for an answer about a partition."""
TOLD_APART = 1_000
"""Records of a batch that nobody can take apart are told of one by one; of a larger one the first and the last."""
MAX_ANSWER = 50 << 20
"""Bytes of an answer, where a batch alone is not larger; the client's own bound."""


async def fetch(
    consumer: AIOKafkaConsumer, max_records: int, restore: Callable[[], Awaitable[None]], *only: Any
) -> list[Received]:
    """The next records, of certain partitions or of all, none after a second of silence.

    A record may be such that the client falls over it, again at each try: a header's name that is no UTF-8, which
    brokers take. It is replaced by one with a fault, and so are all others of its batch, which is from the same
    producer. `restore` goes back to what was handed out last: the client forgets what it had in hand when it fell.
    Raises KafkaError or OSError when the client is of no use.
    """
    try:
        found = await call(consumer, consumer.getmany(*only, timeout_ms=1_000, max_records=max_records), None)
    except ClientDied:
        if cause_of_death(consumer) is not None:
            raise
        await call(consumer, restore(), ANSWER_WITHIN)
        for partition in only or consumer.assignment():
            if passed := await _past_the_stone(consumer, partition, max_records):
                return passed
        raise
    return [received(record) for records in found.values() for record in records]


async def _past_the_stone(
    consumer: AIOKafkaConsumer, partition: TopicPartition, max_records: int
) -> list[Received] | None:
    """Move past the first batch that cannot be taken apart; what comes before it, and what stands for its records.

    Where much comes before it, move to that alone. None, and nothing moved, where no batch of a fetch is such: the
    client falls over nothing else. Partitions are not tried by the client itself, which waits for each in turn.
    """
    place = Place(partition.topic, partition.partition)
    begin = await call(consumer, consumer.position(partition), ANSWER_WITHIN)
    batches = MemoryRecords(await _raw(consumer, partition, begin))
    before: list[Received] = []
    while batches.has_next():
        batch = batches.next_batch()
        try:
            for record in batch:
                if record.offset >= begin and not batch.is_control_batch:
                    before.append(Received(place, record.offset, record.key, record.value, tuple(record.headers)))
                    begin = record.offset + 1
        except Exception as error:
            if len(before) > max_records:
                consumer.seek(partition, before[max_records].offset)
                return before[:max_records]
            end = max(begin + 1, batch.next_offset)
            log.error("unreadable_batch", topic=place.topic, partition=place.partition, offset=begin, end=end)
            consumer.seek(partition, end)
            offsets = range(begin, end) if end - begin <= TOLD_APART else (begin, end - 1)
            return before + [Received(place, offset, None, None, (), type(error).__name__) for offset in offsets]
        begin = max(begin, batch.next_offset)
    return None


async def _raw(consumer: AIOKafkaConsumer, partition: TopicPartition, offset: int) -> bytes:
    """What the broker has from an offset on, as much as the consumer's own fetch brings; none is waited for."""
    leader = consumer._client.cluster.leader_for_partition(partition)
    of_partition = (partition.partition, offset, consumer._fetcher._max_partition_fetch_bytes)
    request = FetchRequest(0, 0, MAX_ANSWER, 0, [(partition.topic, [of_partition])], rack_id="")
    answer = await call(consumer, consumer._client.send(leader, request), ANSWER_WITHIN)
    return bytes(answer.topics[0][1][0][-1] or b"")
