"""The operator's routes for parked records, for a service that has an inbox."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from linli.auth import Who, needs
from linli.contracts.base import Record
from linli.errors import Problem, not_found
from linli.inbox import Inbox
from linli.mongo import Database
from linli.principals import Permission
from linli.text import Line, masked
from linli.web import problems, router


class ParkedRecord(Record):
    """A record that could not be read or applied. Its value is shown with numbers and addresses masked."""

    id: str
    state: str
    reason: str
    detail: str
    stream: str | None
    topic: str
    partition: int
    offset: int
    parked_at: datetime
    decided_at: datetime | None = None
    decided_why: str | None = None
    waiting: int
    """Events that wait behind it."""
    value: str


class ParkedPage(Record):
    """Parked records, oldest first."""

    items: list[ParkedRecord]


class Discard(Record):
    """Why a record is given up."""

    reason: Annotated[str, Line(500, 1)] = Field(examples=["测试时误发的记录"])


class Decision(Record):
    """What became of it."""

    id: str
    outcome: str


def parked_router(database: Database, inbox: Inbox) -> APIRouter:
    """`GET /v1/parked`, `POST /v1/parked/{id}:replay` and `:discard`."""
    routes = router(prefix="/v1/parked", tags=["parked"])
    decides = needs(Permission.DECIDE_PARKED)

    @routes.get("", dependencies=[needs(Permission.READ_PARKED)])
    async def parked(state: str = "parked", limit: Annotated[int, Query(ge=1, le=500)] = 50) -> ParkedPage:
        """What waits for a decision (or, with `state`, what was `replayed` or `discarded`)."""
        found = await database.inbox_parked.find({"state": state}).sort("parked_at", 1).limit(limit).to_list(None)
        return ParkedPage(items=[await _view(doc) for doc in found])

    async def _view(doc: dict[str, Any]) -> ParkedRecord:
        waiting = await database.inbox_held.count_documents({"stream": doc["stream"]}) if doc["stream"] else 0
        value = masked((doc["value"] or b"").decode("utf-8", "replace"))[:4_000]
        fields = ("state", "reason", "detail", "stream", "topic", "partition", "offset", "parked_at")
        decided = {name: doc.get(name) for name in ("decided_at", "decided_why")}
        return ParkedRecord(id=doc["_id"], waiting=waiting, value=value, **{f: doc[f] for f in fields}, **decided)

    @routes.post("/{id}:replay", dependencies=[decides], responses=problems(404, 409))
    async def replay(id: str, who: Who) -> Decision:
        """Try it again, and with it what waited behind it. 409 when it fails as before."""
        try:
            outcome = await inbox.replay(id, who.id)
        except LookupError:
            raise not_found("parked record") from None
        if outcome != "replayed":
            raise Problem("still_not_applicable", 409, outcome)
        return Decision(id=id, outcome=outcome)

    @routes.post("/{id}:discard", dependencies=[decides], responses=problems(404, 422))
    async def discard(id: str, body: Discard, who: Who) -> Decision:
        """Give it up, with the reason; what waited behind it goes on."""
        try:
            await inbox.discard(id, who.id, body.reason)
        except LookupError:
            raise not_found("parked record") from None
        return Decision(id=id, outcome="discarded")

    return routes
