"""Writing to and reading from topics as another service would."""

from collections.abc import Sequence

from linli.contracts.base import Event
from linli.contracts.envelope import Envelope, decode
from linli.kafka import Outgoing, Publisher, read_all
from linli.outbox import outgoing


async def publish(bootstrap: str, topic: str, *envelopes: Envelope[Event]) -> None:
    """Publish events, each acknowledged."""
    await publish_raw(bootstrap, *(outgoing(envelope, topic) for envelope in envelopes))


async def publish_raw(bootstrap: str, *messages: Outgoing) -> None:
    """Publish messages as they are."""
    publisher = Publisher(bootstrap, "tests")
    try:
        assert all(await publisher.publish(messages))
    finally:
        await publisher.close()


async def events_on(bootstrap: str, topic: str) -> Sequence[Envelope[Event]]:
    """All events on a topic now, by partition in order."""
    records = [record async for record in read_all(bootstrap, topic)]
    return [decode(record.key, record.value, record.headers) for record in records]
