"""Peer (d): a FastStream subscriber that inserts each event as it comes. `ack`, or `default` for its own policy."""

import asyncio
import sys
from typing import Any

import uvloop
from faststream import AckPolicy, FastStream
from faststream.kafka import KafkaBroker

from linli.application.settings import Settings
from linli.storage import mongo


def application(settings: Settings, policy: str) -> FastStream:
    """Inserts are durable as Linli's are: on the disks of a majority."""
    events = mongo.connect(settings)[settings.database("workflow")].cases
    broker = KafkaBroker(settings.kafka_bootstrap, logger=None)
    options: dict[str, Any] = {"ack_policy": AckPolicy.ACK} if policy == "ack" else {}

    @broker.subscriber(
        settings.topic("intake"), group_id=f"faststream-{policy}", auto_offset_reset="earliest", **options
    )
    async def insert(event: dict[str, Any]) -> None:
        await events.insert_one(
            {"_id": event["submission_id"], "tracking_hash": event["tracking_hash"], "event": event}
        )

    return FastStream(broker, logger=None)


if __name__ == "__main__":
    uvloop.install()
    asyncio.run(application(Settings(), sys.argv[1]).run())
