"""Writing to Kafka: an idempotent producer that is thrown away when it has failed."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import MessageSizeTooLargeError
from aiokafka.partitioner import murmur2

from linli.messaging.connection import Cluster
from linli.messaging.kafka.clients import START_WITHIN, ClientDied, KafkaUnavailable, call, put_away
from linli.messaging.kafka.records import Outgoing
from linli.tracing.under import UNDER

log = structlog.get_logger()

PUBLISH_TIMEOUT = 15.0
"""Seconds that a batch may wait for its acknowledgements; what is not there by then counts as unsent."""
MOST_BYTES = 8_000_000
"""Of a request, and so of a message: one above that fails alone."""
LOOK_WITHIN = 3.0
"""Seconds for an answer to the question whether Kafka is there."""


class Publisher:
    """An idempotent producer that is built when it is first needed, and built anew after a failure.

    A rejected or expired batch leaves a gap in a producer's sequence numbers that it cannot get over, so a producer
    that has failed once is thrown away.
    """

    def __init__(self, kafka: Cluster, client_id: str) -> None:
        self._kafka, self._client_id = kafka, client_id
        self._producer: AIOKafkaProducer | None = None
        self._building = asyncio.Lock()

    async def publish(self, messages: Sequence[Outgoing]) -> list[bool]:
        """Which of the messages Kafka has acknowledged, in their order. Never raises for Kafka's sake.

        What a client that died had in hand is sent once more by the next one: who reads it drops the repetition.
        """
        started = time.monotonic()
        acknowledged = await self._publish(messages)
        if (under := UNDER.get()) is not None:
            under.recorder.published(messages, acknowledged.count(True), time.monotonic() - started)
        return acknowledged

    async def _publish(self, messages: Sequence[Outgoing]) -> list[bool]:
        try:
            async with asyncio.timeout(PUBLISH_TIMEOUT):
                try:
                    outcomes = await self._send(messages)
                except ClientDied as error:
                    log.warning("kafka_client_died", client=self._client_id, error=str(error))
                    await self._discard()
                    outcomes = await self._send(messages)
        except KafkaUnavailable as error:
            log.warning("publish_failed", messages=len(messages), error=repr(error))
            await self._discard()
            return [False] * len(messages)
        failures = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        if any(not isinstance(failure, MessageSizeTooLargeError) for failure in failures):
            log.warning("publish_failed", messages=len(failures), error=repr(failures[0]))
            await self._discard()
        return [not isinstance(outcome, BaseException) for outcome in outcomes]

    async def unreachable(self) -> str | None:
        """Why Kafka cannot be reached, or None."""
        try:
            async with asyncio.timeout(LOOK_WITHIN):
                try:
                    await self._look()
                except ClientDied:
                    await self._discard()
                    await self._look()
        except KafkaUnavailable as error:
            return f"Kafka at {self._kafka.bootstrap} does not answer: {type(error).__name__}"
        return None

    async def close(self) -> None:
        await self._discard()

    async def _send(self, messages: Sequence[Outgoing]) -> list[Any]:
        producer = await self._ready()

        async def handed_over() -> list[Any]:
            outcomes: list[Any] = [MessageSizeTooLargeError()] * len(messages)

            async def deliver(batches: Sequence[_Batch]) -> None:
                """Those of one partition, each behind the one before."""
                for batch in batches:
                    outcome = await _outcome(producer, batch)
                    for place in batch.places:
                        outcomes[place] = outcome

            async def to_topic(topic: str) -> None:
                """A topic that is not there keeps back no other's messages."""
                places = [place for place, message in enumerate(messages) if message.topic == topic]
                try:
                    batches = await _batched(producer, topic, [(place, messages[place]) for place in places])
                    await asyncio.gather(*map(deliver, batches))
                except KafkaUnavailable as error:
                    for place in places:
                        outcomes[place] = error

            await asyncio.gather(*map(to_topic, {message.topic for message in messages}))
            return outcomes

        return await call(producer, handed_over(), PUBLISH_TIMEOUT)

    async def _look(self) -> None:
        producer = await self._ready()
        await call(producer, producer.client.fetch_all_metadata(), LOOK_WITHIN)

    async def _ready(self) -> AIOKafkaProducer:
        async with self._building:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    **self._kafka.client(),
                    client_id=self._client_id,
                    acks="all",
                    enable_idempotence=True,
                    max_batch_size=262_144,
                    max_request_size=MOST_BYTES,
                    compression_type="lz4",
                    request_timeout_ms=10_000,
                    retry_backoff_ms=200,
                )
                try:
                    await call(producer, producer.start(), START_WITHIN)
                except BaseException:
                    await put_away(producer)
                    raise
                self._producer = producer
            return self._producer

    async def _discard(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await put_away(producer)


@dataclass(slots=True)
class _Batch:
    """What goes to one partition in one piece, and its messages' places among those that are published together."""

    topic: str
    partition: int
    builder: Any
    places: list[int] = field(default_factory=list)


async def _outcome(producer: AIOKafkaProducer, batch: _Batch) -> Any:
    """What the broker said to it, or an error of Kafka's."""
    try:
        acknowledged = await producer.send_batch(batch.builder, batch.topic, partition=batch.partition)
        return await acknowledged
    except KafkaUnavailable as error:
        return error


async def _batched(
    producer: AIOKafkaProducer, topic: str, messages: Sequence[tuple[int, Outgoing]]
) -> list[list[_Batch]]:
    """For each partition of a topic the messages as the broker takes them, in their order, without what is too large.

    One by one, the client takes as long for each as it takes to decide on it: a future, a look at the metadata, a hash.
    """
    partitions = sorted(await producer.partitions_for(topic))
    batches: defaultdict[int, list[_Batch]] = defaultdict(list)
    for place, message in messages:
        if len(message.value) > MOST_BYTES:
            log.error("message_too_large", topic=topic, key=message.key, bytes=len(message.value))
            continue
        key, headers = message.key.encode(), list(message.headers.items())
        to = partitions[_hashed(key) % len(partitions)]
        theirs, record = batches[to], {"timestamp": None, "key": key, "value": message.value, "headers": headers}
        if not theirs or theirs[-1].builder.append(**record) is None:
            theirs.append(_Batch(topic, to, producer.create_batch()))
            theirs[-1].builder.append(**record)
        theirs[-1].places.append(place)
    for batch in (each for theirs in batches.values() for each in theirs):
        batch.builder.close()  # so that it goes at once
    return list(batches.values())


@lru_cache(maxsize=4_096)
def _hashed(key: bytes) -> int:
    """As Kafka's own clients hash a key; the events of a story come together."""
    return int(murmur2(key)) & 0x7FFFFFFF
