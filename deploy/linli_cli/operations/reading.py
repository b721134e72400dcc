"""How far each service has read and sent: what MongoDB and Kafka say, not what the service says of itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from linli_cli.operations.databases import OUTBOXES, READS, Databases

if TYPE_CHECKING:
    from linli.messaging.kafka import TopicState

Positions = Mapping[tuple[str, int], int]
"""Topic and partition → the next offset."""


def topics_read(databases: Databases) -> dict[str, Sequence[str]]:
    """Reader → the topics that it reads as a member of its group, by their full names."""
    return {reader: [databases.settings.topic(topic) for topic in topics] for reader, topics in READS.items()}


def read_of(service: str) -> Mapping[str, Sequence[str]]:
    """Reader → the topics of a service that it reads as a member of its group, by their short names."""
    from linli.contracts.catalogue import written_by  # noqa: PLC0415 - `linli --help` need not wait for it

    own = written_by(service)
    found = {reader: [topic for topic in topics if topic in own] for reader, topics in READS.items()}
    return {reader: topics for reader, topics in found.items() if topics}


async def positions(databases: Databases, reader: str) -> Positions:
    """Where a service stands, as it stored together with what it did."""
    found = {}
    async for document in databases.of(reader).inbox_offsets.find({}, {"next": 1}):
        _, topic, partition = document["_id"].rsplit("/", 2)
        found[topic, int(partition)] = int(document["next"])
    return found


def lag(topic: str, state: "TopicState", read: Positions) -> int:
    """Records of a topic that wait. What was never read is read from the topic's beginning."""
    return sum(
        max(0, end - max(begin, read.get((topic, partition), begin)))
        for partition, (begin, end) in enumerate(zip(state.begins, state.ends, strict=True))
    )


async def unsent(databases: Databases, service: str) -> tuple[int, datetime | None]:
    """Events that a service has on disk and Kafka has not, and the time of the oldest."""
    waits = {"unsent_since": {"$exists": True}}
    count, oldest = 0, None
    for name in OUTBOXES[service]:
        collection = databases.of(service)[name]
        count += await collection.count_documents(waits)
        first = await collection.find_one(waits, {"unsent_since": 1}, sort=[("unsent_since", 1)])
        if first and (oldest is None or first["unsent_since"] < oldest):
            oldest = first["unsent_since"]
    return count, oldest


async def parked(databases: Databases, service: str) -> int:
    """Records that wait for an operator."""
    return int(await databases.of(service).inbox_parked.count_documents({"state": "parked"}))
