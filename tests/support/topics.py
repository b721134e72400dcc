"""Topics for a test; writing to them and reading from them as another service would."""

from collections.abc import Sequence

from linli.contracts.base import Event
from linli.contracts.catalogue import topics
from linli.contracts.envelope import Envelope, decode
from linli.messaging.connection import Cluster
from linli.messaging.kafka import Outgoing, Publisher, TopicSpec, read_all
from linli.messaging.outbox import outgoing
from linli.messaging.seals import Seals
from tests.support.servers import SERVICE_KEY

SEALS = Seals([SERVICE_KEY])
"""Those of the services under test."""


def topics_of(prefix: str, partitions: int) -> list[TopicSpec]:
    """All that are declared, with fewer partitions."""
    return [
        TopicSpec(f"{prefix}.{topic.name}", topic.partitions or partitions, dict(topic.settings)) for topic in topics()
    ]


async def publish(kafka: Cluster, topic: str, *envelopes: Envelope[Event]) -> None:
    """Publish events, each acknowledged."""
    await publish_raw(kafka, *(outgoing(envelope, topic) for envelope in envelopes))


async def publish_raw(kafka: Cluster, *messages: Outgoing, seals: Seals | None = SEALS) -> None:
    """Publish messages with whatever is in them, sealed as a service of ours would unless said otherwise."""
    publisher = Publisher(kafka, "tests")
    try:
        assert all(await publisher.publish([seals.sealed(message) for message in messages] if seals else messages))
    finally:
        await publisher.close()


async def events_on(kafka: Cluster, topic: str) -> Sequence[Envelope[Event]]:
    """All events on a topic now, by partition in order."""
    records = [record async for record in read_all(kafka, topic)]
    return [decode(record.key, record.value, record.headers) for record in records]
