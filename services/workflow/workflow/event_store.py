"""How workflow writes events: its `events` are history and outbox in one, each written once, unsent, and kept."""

from collections.abc import Callable, Sequence
from datetime import datetime

from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.messaging import outbox
from linli.messaging.outbox import Unsent
from linli.storage import mongo


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
