"""A service's events: history and outbox in one, each written once, unsent, and kept (ADR 0007)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeAlias

import structlog

from linli.application.worker import until_done
from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.messaging import outbox
from linli.messaging.outbox import Unsent
from linli.storage import mongo

EVENTS = "events"
"""The collection."""
Follow: TypeAlias = Callable[[Sequence[Envelope[Event]], mongo.Session], Awaitable[None]]
"""Writes, in the transaction that they are written in, what follows from events; it may run again from the start."""
log = structlog.get_logger()


class EventStore:
    """The events of one database. `topic` makes a topic's full name of its short one."""

    def __init__(self, database: mongo.Database, topic: Callable[[str], str]) -> None:
        self._database, self._events, self._topic = database, database[EVENTS], topic
        self._followers: list[Follow] = []

    def followed_by(self, follow: Follow) -> None:
        """Let a context hear of all that this service tells, whichever of its contexts it is of."""
        self._followers.append(follow)

    async def append(self, envelopes: Sequence[Envelope[Event]], now: datetime, session: mongo.Session) -> list[Unsent]:
        """Write events, to be sent after the commit."""
        documents, unsent = [], []
        for envelope in envelopes:
            message = outbox.outgoing(envelope, self._topic(envelope.data.TOPIC.name))
            place = {"_id": envelope.id, "subject": envelope.subject, "sequence": envelope.sequence}
            documents.append(place | {"type": envelope.type, "at": envelope.time} | outbox.fields(message, now))
            unsent.append(Unsent(envelope.id, EVENTS, message))
        if documents:
            await self._events.insert_many(documents, ordered=False, session=session)
        for follow in self._followers:
            await follow(envelopes, session)
        return unsent

    async def resend_newest(self, newest: Callable[[], Awaitable[Sequence[str]]]) -> None:
        """Mark the newest events of a compacted topic, by their ids, as unsent, once; then wait to be cancelled.

        So the next start repairs a recreated topic, an older record inserted after the newest, and a seal by
        another key. Readers that have the event drop it.
        """

        async def mark() -> int:
            unsent = {"$set": {"unsent_since": await mongo.server_time(self._database)}}
            sent = {"_id": {"$in": list(await newest())}, "unsent_since": {"$exists": False}}
            return int((await self._events.update_many(sent, unsent)).modified_count)

        log.info("newest_resent", events=await until_done("newest_resent", mark))
        await asyncio.Event().wait()
