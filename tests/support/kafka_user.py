"""What a user of Kafka gets: let in or not, a record read or written, or the code by which it is refused."""

import asyncio
from collections.abc import Awaitable, Callable

from confluent_kafka import Consumer, KafkaError, Producer

from linli.messaging.connection import Cluster
from linli_cli.operations.kafka_access import configuration, lets_in


def in_(kafka: Cluster, *, is_: bool) -> Callable[[], Awaitable[bool]]:
    """Whether the broker has heard that it is to let the user in, or not."""

    async def ask() -> bool:
        return await asyncio.to_thread(lets_in, kafka) is is_

    return ask


def write(kafka: Cluster, topic: str) -> int | None:
    """The code by which a record is refused, None where it is taken."""
    refused: list[KafkaError | None] = []
    producer = Producer(configuration(kafka) | {"enable.idempotence": True})
    producer.produce(topic, b"{}", on_delivery=lambda error, _: refused.append(error))
    assert producer.flush(20) == 0
    return refused[0].code() if refused[0] else None


def read(kafka: Cluster, topic: str, group: str) -> int | bytes | None:
    """The first record of a topic, or the code by which reading is refused."""
    consumer = Consumer(configuration(kafka) | {"group.id": group, "auto.offset.reset": "earliest"})
    try:
        consumer.subscribe([topic])
        message = consumer.poll(20)
        assert message
        error = message.error()
        return error.code() if error else message.value()
    finally:
        consumer.close()
