"""The next records of a consumer, past those that the client cannot even take apart."""

import struct
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.protocol.fetch import FetchRequest

from linli.messaging.kafka.clients import ClientDied, call, cause_of_death
from linli.messaging.kafka.records import Place, Received, received

log = structlog.get_logger()

ANSWER_WITHIN = 20.0
"""Seconds for an answer about a partition."""
TOLD_APART = 1_000
"""Records of a batch that nobody can take apart are told of one by one; of a larger one the first and the last."""
_BATCH_HEAD = struct.Struct(">qiibIhi")
"""A record batch's base offset, length, leader epoch, magic, check sum, attributes and last offset's delta."""


async def fetch(
    consumer: AIOKafkaConsumer, max_records: int, restore: Callable[[], Awaitable[None]], *only: Any
) -> list[Received]:
    """The next records, of certain partitions or of all, none after a second of silence.

    A record may be such that the client falls over it, again at each try: a header's name that is no UTF-8, which
    brokers take. In its place comes one with a fault, and for all others of its batch, which is from the same producer.
    `restore` goes back to what was handed out last: the client forgets what it had in hand when it fell.
    Raises KafkaError or OSError when the client is of no use.
    """
    try:
        found = await call(consumer, consumer.getmany(*only, timeout_ms=1_000, max_records=max_records), None)
    except ClientDied as error:
        if cause_of_death(consumer) is not None:
            raise
        await call(consumer, restore(), ANSWER_WITHIN)
        fault = type(error.__cause__).__name__
        for partition in only or consumer.assignment():
            if passed := await _past_the_stone(consumer, partition, max_records, fault):
                return passed
        raise
    return [received(record) for records in found.values() for record in records]


async def _past_the_stone(
    consumer: AIOKafkaConsumer, partition: Any, max_records: int, fault: str
) -> list[Received] | None:
    """What comes before the batch over which the client falls, and what stands for it; None where it does not fall."""
    begin = await call(consumer, consumer.position(partition), ANSWER_WITHIN)
    end = (await call(consumer, consumer.end_offsets([partition]), ANSWER_WITHIN))[partition]
    before: list[Received] = []
    while begin < end and len(before) < max_records:
        try:
            found = await call(consumer, consumer.getmany(partition, timeout_ms=2_000, max_records=1), ANSWER_WITHIN)
        except ClientDied:
            if cause_of_death(consumer) is not None:
                raise
            return before + await _batch_passed(consumer, partition, fault)
        if partition not in found:
            break
        before += [received(record) for record in found[partition]]
    consumer.seek(partition, begin)
    return None


async def _batch_passed(consumer: AIOKafkaConsumer, partition: Any, fault: str) -> list[Received]:
    """Move past the batch that comes next; what stands for its records."""
    begin = await call(consumer, consumer.position(partition), ANSWER_WITHIN)
    end = max(begin + 1, await _end_of_batch(consumer, partition, begin))
    log.error("unreadable_batch", topic=partition.topic, partition=partition.partition, offset=begin, end=end)
    consumer.seek(partition, end)
    offsets = range(begin, end) if end - begin <= TOLD_APART else (begin, end - 1)
    place = Place(partition.topic, partition.partition)
    return [Received(place, offset, None, None, (), fault) for offset in offsets]


async def _end_of_batch(consumer: AIOKafkaConsumer, partition: Any, offset: int) -> int:
    """The offset after the batch that this one is in, from the batch's head."""
    leader = consumer._client.cluster.leader_for_partition(partition)
    request = FetchRequest(1_000, 1, 1_000, 0, [(partition.topic, [(partition.partition, offset, 1_000)])], rack_id="")
    answer = await call(consumer, consumer._client.send(leader, request), ANSWER_WITHIN)
    batch = bytes(answer.topics[0][1][0][-1])
    base, *_, last_delta = _BATCH_HEAD.unpack_from(batch)
    return int(base + last_delta + 1)
