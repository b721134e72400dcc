"""Records that are no events, as anybody who reaches Kafka may write them; the client's own producer refuses none."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.protocol.produce import ProduceRequest
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.util import calc_crc32c

from linli.messaging.connection import Cluster
from linli.messaging.kafka import Place, Received
from linli.messaging.outbox import outgoing
from tests.support.builders import submitted

Headers = Sequence[tuple[str, bytes | None]]
DIGITS = b"9" * 5_000


@dataclass(frozen=True, slots=True)
class Raw:
    """A record as it goes to Kafka."""

    key: bytes | None
    value: bytes | None
    headers: Headers = ()


def every_sort(named: str = "poison") -> list[Raw]:
    """One record of each sort that has ended or wedged a reader, here or elsewhere."""
    good = outgoing(submitted(named), "topic")
    key, value = named.encode(), good.value

    def but(**headers: bytes | None) -> Headers:
        return tuple({**good.headers, **headers}.items())

    return [
        Raw(None, b""),
        Raw(b"\xff\xfe", b"\xff not an event"),
        Raw(key, b"{}"),
        Raw(key, value, but(ce_type=None)),
        Raw(key, value, tuple((name, None) for name in good.headers)),
        Raw(None, value, but(ce_sequence=DIGITS)),
        Raw(key, value, but(ce_sequence=DIGITS, ce_id=key + b":" + DIGITS)),
        Raw(key, value, but(ce_time=b"9999-12-31T24:00:00Z")),
        Raw(key, value, but(ce_time=b"0001-01-01T00:00:00+23:59")),
        Raw(key, value, but(ce_subject=b"\xff")),
        Raw(key, value, but(ce_subject=b"somebody-else")),
        Raw(key, value, but(ce_type=b"\x1b]0;owned\x07")),
        Raw(key, value, (*good.headers.items(), ("ce_type", b"linli.report.submitted.v1"))),
        Raw(key, value, tuple(("", b"") for _ in range(20_000))),
        Raw(key, b'{"a":' * 100_000, but()),
        Raw(key, b"[" * 800_000, but()),
        Raw(key, None, but()),
    ]


async def send_raw(kafka: Cluster, topic: str, records: Sequence[Raw]) -> list[Received]:
    """Write records as they are; how they come back."""
    written = []
    producer = AIOKafkaProducer(**kafka.client())
    await producer.start()
    try:
        for record in records:
            at = await producer.send_and_wait(topic, record.value, key=record.key, headers=list(record.headers))
            place = Place(at.topic, at.partition)
            written.append(Received(place, at.offset, record.key, record.value, tuple(record.headers)))
    finally:
        await producer.stop()
    return written


async def send_with_a_broken_header_name(
    kafka: Cluster, topic: str, values: Sequence[bytes], partition: int, key: bytes | None = None
) -> list[Received]:
    """Write one batch whose records have a header whose name is no UTF-8. Brokers take it, clients choke on it.

    How it is told of when it comes back.
    """
    now = int(time.time() * 1_000)  # of an older segment the broker makes an end by itself
    builder = DefaultRecordBatchBuilder(2, 0, 0, -1, -1, -1, 1_000_000)
    for offset, value in enumerate(values):
        assert builder.append(offset, timestamp=now, key=key, value=value, headers=[("NAMENAME", b"x")])
    batch = bytearray(bytes(builder.build()).replace(b"NAMENAME", b"\xff\xfe\xfd\xfc\xff\xff\xff\xff"))
    checked = 21  # the check sum stands before it, and is of all that follows
    batch[checked - 4 : checked] = calc_crc32c(bytes(batch[checked:])).to_bytes(4, "big")
    producer = AIOKafkaProducer(**kafka.client())
    await producer.start()
    try:
        await producer.partitions_for(topic)
        leader = producer.client.cluster.leader_for_partition(TopicPartition(topic, partition))
        request = ProduceRequest(None, -1, 10_000, [(topic, [(partition, bytes(batch))])])
        answer = await producer.client.send(leader, request)
        _, error, first, *_ = answer.topics[0][1][0]
        assert error == 0, answer
    finally:
        await producer.stop()
    place = Place(topic, partition)
    return [Received(place, first + number, None, None, (), "UnicodeDecodeError") for number in range(len(values))]
