"""How workflow writes events: its `events` are history and outbox in one, each written once, unsent, and kept."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

import structlog

from linli.application.worker import until_done
from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.messaging import outbox
from linli.messaging.outbox import Unsent
from linli.storage import mongo
from linli.storage.sharding import Sharded

log = structlog.get_logger()


SHARDING = (
    Sharded(
        collection="events",
        by="subject",
        why="A story is read whole, and `story` keeps two events from one place in it. An `_id` has the subject in it.",
        everywhere={
            "Relay._send": "A batch of many stories, marked as sent by id: it would go to most shards anyhow.",
            "Relay.sweep": "One process by lease, by an index that holds what is unsent alone.",
            "Relay._measure": "Counts by the same index, which is all but empty.",
            "_sent": "An operator sends again what Kafka has lost.",
            "resend": "The same.",
            "CaseStore.forget": "An erasure: rare.",
            "told_again": "Once at a start.",
        },
    ),
)
"""How events are spread over shards."""


async def append(
    database: mongo.Database,
    topic: Callable[[str], str],
    envelopes: Sequence[Envelope[Event]],
    now: datetime,
    session: mongo.Session,
) -> list[Unsent]:
    """Write events, to be sent after the commit. `topic` makes a topic's full name of its short one."""
    documents, unsent = [], []
    for envelope in envelopes:
        message = outbox.outgoing(envelope, topic(envelope.data.TOPIC))
        place = {"_id": envelope.id, "subject": envelope.subject, "sequence": envelope.sequence}
        documents.append(place | {"type": envelope.type, "at": envelope.time} | outbox.fields(message, now))
        unsent.append(Unsent(envelope.id, "events", message))
    if documents:
        await database.events.insert_many(documents, ordered=False, session=session)
    return unsent


async def told_again(database: mongo.Database, newest: Callable[[], Awaitable[Sequence[str]]]) -> None:
    """Mark the newest events of a compacted topic, by their ids, as unsent, once; then wait to be cancelled.

    So a topic that was made anew, an older record that somebody has put after the newest, and a seal by another key
    last no longer than until the next start. Who knows it already drops it.
    """

    async def mark() -> int:
        unsent = {"$set": {"unsent_since": datetime.now(UTC)}}
        sent = {"_id": {"$in": list(await newest())}, "unsent_since": {"$exists": False}}
        return int((await database.events.update_many(sent, unsent)).modified_count)

    log.info("told_again", events=await until_done("told_again", mark))
    await asyncio.Event().wait()
