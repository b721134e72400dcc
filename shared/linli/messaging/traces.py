"""One story's way through a service: what was written of it, and how far the service has read what others wrote.

Every service has the route, so that the portal can put a case's whole way together. It tells types, numbers and times,
and nobody's words.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path

from linli.contracts.base import Record
from linli.contracts.catalogue import event_types
from linli.contracts.portal.permissions import READ_TOPOLOGY
from linli.security.auth import needs
from linli.storage.mongo import Database
from linli.tracing.under import trace_of
from linli.web.app import router

MOST = 500
"""Events of one story that are told of."""


class Written(Record):
    """An event that this service wrote."""

    id: str
    type: str
    topic: str
    at: datetime
    """When it happened."""
    sent: bool
    """Whether Kafka has acknowledged it."""
    trace: str | None = None
    """W3C trace id of the request that caused it; a collector of spans knows it by this."""


class HasRead(Record):
    """How far this service has read a story that another one tells."""

    source: str
    subject: str
    next: int
    """The sequence that is due."""
    at: datetime | None
    """When it moved last; None: before this was kept."""
    waits: bool
    """Whether it stands still behind a parked record."""


class Trace(Record):
    """A story in one service."""

    written: list[Written]
    read: list[HasRead]
    held: int
    """Events of it that wait for an earlier one."""
    parked: list[str]
    """Records of it that wait for a person, by id."""


@dataclass(frozen=True, slots=True)
class Traces:
    """Asks a service's own database."""

    database: Database
    outboxes: Sequence[str]
    has_inbox: bool

    async def of(self, subject: str) -> Trace:
        """Of a case: its own story, and those of its orders, whose subjects begin with it."""
        written = [each for name in self.outboxes for each in await self._written(name, subject)]
        written.sort(key=lambda each: (each.at, each.id))
        if not self.has_inbox:
            return Trace(written=written, read=[], held=0, parked=[])
        sources = sorted({event.SOURCE for event in event_types()})
        read = [each for source in sources async for each in self._read(source, subject)]
        subjects = sorted({subject, *(each.subject for each in read)})
        held = await self.database.inbox_held.count_documents({"subject": {"$in": subjects}})
        parked = self.database.inbox_parked.find({"state": "parked", "subject": {"$in": subjects}}, {"_id": 1})
        return Trace(written=written, read=read, held=held, parked=[doc["_id"] for doc in await parked.to_list(MOST)])

    async def _written(self, collection: str, subject: str) -> list[Written]:
        those = {"_id": {"$gte": subject, "$lt": f"{subject}\x7f"}}
        shown = {"outgoing.topic": 1, "outgoing.headers": 1, "unsent_since": 1}
        found = await self.database[collection].find(those, shown).sort("_id", 1).to_list(MOST)
        return [_written(doc) for doc in found if "outgoing" in doc and _is_of(doc["_id"], subject)]

    async def _read(self, source: str, subject: str) -> AsyncIterator[HasRead]:
        begin = f"{source}|{subject}"
        those = {"_id": {"$gte": begin, "$lt": f"{begin}\x7f"}}
        for doc in await self.database.inbox_streams.find(those).sort("_id", 1).to_list(MOST):
            whose = doc["_id"].partition("|")[2]
            if _is_of(whose, subject):
                yield HasRead(
                    source=source,
                    subject=whose,
                    next=doc["next"],
                    at=doc.get("at"),
                    waits=bool(doc.get("blocked_by")),
                )


def _is_of(id: str, subject: str) -> bool:
    """`<case>`, `<case>:2`, an order's `<case>~water-company:1`, a delivery's `<case>.2.….email:1`."""
    return id.removeprefix(subject)[:1] in {"", ":", "~", "."}


def _written(document: dict[str, Any]) -> Written:
    headers = document["outgoing"]["headers"]
    return Written(
        id=headers["ce_id"],
        type=headers["ce_type"],
        topic=document["outgoing"]["topic"],
        at=datetime.fromisoformat(headers["ce_time"]),
        sent="unsent_since" not in document,
        trace=trace_of(headers.get("ce_traceparent")),
    )


def traces_router(traces: Traces) -> APIRouter:
    """`GET /v1/traces/{subject}`."""
    routes = router(prefix="/v1/traces", tags=["operations"])

    @routes.get("/{subject}", dependencies=[needs(READ_TOPOLOGY)])
    async def trace(subject: Annotated[str, Path(max_length=200)]) -> Trace:
        """What this service wrote of a case's story, and how far it has read what others wrote of it."""
        return await traces.of(subject)

    return routes
