"""The operator's routes for parked records: of an inbox, and of the copies of topics that a service keeps."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal, Protocol

from fastapi import APIRouter, Query, Request
from pydantic import Field, model_validator

from linli.contracts.base import Record
from linli.messaging.inbox_store import decide_parked
from linli.privacy.masking import masked
from linli.security.audited import about, ours
from linli.security.auth import Who, needs
from linli.security.permissions import DECIDE_PARKED, READ_PARKED
from linli.security.principals import Principal
from linli.storage.mongo import Database
from linli.text.fields import Impersonal, Line
from linli.web.app import problems, router
from linli.web.localized import Localized
from linli.web.problems import Problem, Refused, not_found
from linli.web.rfc3339 import Moment

StreamId = Annotated[str, Query(max_length=300)]


class ParkedRecord(Record):
    """A record that could not be read or applied.

    Its value is shown with numbers and addresses masked, and whatever is called a name, an address and the like.
    """

    id: str
    state: str
    reason: str
    detail: str
    stream: str | None
    """Whose story it belongs to: a subject's."""
    source: str
    """Who tells that story."""
    topic: str
    partition: int
    offset: int
    parked_at: datetime
    decided_at: datetime | None = None
    decided_by: str | None = None
    """The principal."""
    decided_why: str | None = None
    waiting: int
    """Events that wait behind it."""
    value: str


class ParkedPage(Record):
    """Parked records, oldest first; `total` is how many there are in all."""

    items: list[ParkedRecord]
    total: int


class Chosen(Record):
    """Which parked records; all that is named must hold, and something must be named."""

    ids: list[Annotated[str, Line(300, 1)]] | None = Field(None, max_length=1_000)
    reason: Annotated[str, Line(80, 1)] | None = Field(None, examples=["unknown_community"])
    topic: Annotated[str, Line(249, 1)] | None = None
    partition: Annotated[int, Field(ge=0, strict=True)] | None = Field(None, examples=[0])
    offset_from: Annotated[int, Field(ge=0, strict=True)] | None = None
    """With topic and partition: from here on."""
    offset_before: Annotated[int, Field(ge=0, strict=True)] | None = None
    parked_from: Moment | None = None
    parked_before: Moment | None = None

    @model_validator(mode="after")
    def _something(self) -> "Chosen":
        if not self.model_fields_set:
            raise ValueError(Localized("name ids, a reason, a topic or a time", "请写明编号、原因、主题或时间"))
        if {self.offset_from, self.offset_before} != {None} and None in {self.topic, self.partition}:
            english = "an offset counts within a topic and a partition; name both"
            raise ValueError(Localized(english, "偏移量只在一个主题的一个分区内有意义，请两者都写明"))
        return self

    def query(self) -> dict[str, Any]:
        """For the database."""
        named: dict[str, Any] = {"reason": self.reason, "topic": self.topic, "partition": self.partition}
        if self.ids is not None:
            named["_id"] = {"$in": self.ids}
        named["offset"] = _between(self.offset_from, self.offset_before)
        named["parked_at"] = _between(self.parked_from, self.parked_before)
        return {"state": "parked"} | {name: value for name, value in named.items() if value is not None}


def _between(first: object, after: object) -> dict[str, object] | None:
    return {name: end for name, end in (("$gte", first), ("$lt", after)) if end is not None} or None


class Discard(Record):
    """Why a record is given up."""

    reason: Annotated[str, Line(500, 1), Impersonal] = Field(examples=["测试时误发的记录"])


class Decision(Record):
    """What became of it."""

    id: str
    outcome: str


class Decisions(Record):
    """What became of each, oldest first."""

    items: list[Decision]


REPLAYED, STILL_PARKED, NOT_PARKED = "replayed", "still parked", "not parked"
"""What became of a record that was tried again, in the audit log's words: `Decision.outcome` may say why."""
GONE = "decided meanwhile"
AT_ONCE = 1_000
"""Parked records that one request decides on; repeat it for more."""


class Reader(Protocol):
    """Who parked a record, and can try it again: an inbox, or the copy of a topic."""

    @property
    def group(self) -> str: ...

    async def replay(self, parked_id: str, by: str) -> str: ...

    async def discard(self, parked_id: str, by: str, why: str) -> None: ...


class _NobodyReads:
    """Stands in for a reader that no longer exists under this name: its parked records can be discarded."""

    def __init__(self, database: Database, group: str) -> None:
        self._database, self.group = database, group

    async def replay(self, parked_id: str, by: str) -> str:
        return f"parked: nobody here reads as {self.group} any more"

    async def discard(self, parked_id: str, by: str, why: str) -> None:
        await decide_parked(self._database, parked_id, "discarded", by, why=why)


_TELLING = re.compile(
    r'(\\?"[^"\\]{0,40}(?:name|phone|mobile|tel|mail|address|姓名|名字|电话|手机|手机号|邮箱|地址|住址)\\?"\s*:\s*)'
    r'\\?"(?:[^"\\]|\\.)*(?:"|\\?$)',
    re.IGNORECASE | re.DOTALL,
)
"""A member of JSON that says whose value it has; also of JSON that breaks off in it, or stands in another's string."""
SHOWN = 4_000
"""Characters of a value."""


def _shown(value: bytes) -> str:
    """A record's value with recognisable personal data masked: it may be anything that anybody has sent."""
    return masked(_TELLING.sub(r'\1"***"', value.decode("utf-8", "replace")))[:SHOWN]


def _word(outcome: str) -> str:
    return {REPLAYED: REPLAYED, GONE: NOT_PARKED}.get(outcome, STILL_PARKED)


def parked_router(database: Database, *readers: Reader) -> APIRouter:
    """`GET /v1/parked`, `POST /v1/parked/{id}:replay` and `:discard`, `POST /v1/parked:replay` for many."""
    routes = router(prefix="/v1", tags=["parked"])
    decides = needs(DECIDE_PARKED)
    by_group = {reader.group: reader for reader in readers}

    @routes.get("/parked", dependencies=[needs(READ_PARKED)])
    async def parked(
        request: Request,
        state: Literal["parked", "replayed", "discarded"] = "parked",
        reason: Annotated[str | None, Query(max_length=80)] = None,
        stream: Annotated[
            list[StreamId] | None, Query(max_length=100, description="Only of these stories; repeatable")
        ] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
    ) -> ParkedPage:
        """What waits for a decision (or, with `state`, what was `replayed` or `discarded`). In the audit log."""
        query: dict[str, Any] = {"state": state} | ({"reason": reason} if reason else {})
        if stream:
            query["subject"] = {"$in": stream}
        found = await database.inbox_parked.find(query).sort("parked_at", 1).limit(limit).to_list(None)
        total = await database.inbox_parked.count_documents(query)
        about(request, [doc["_id"] for doc in found])
        return ParkedPage(items=[await _view(doc) for doc in found], total=total)

    @routes.post("/parked:replay", dependencies=[decides], responses=problems(422))
    async def replay_many(body: Chosen, who: Who, request: Request) -> Decisions:
        """Try again all that are chosen, oldest first, up to 1,000; what fails as before stays parked, and says why."""
        found = database.inbox_parked.find(body.query(), {"_id": 1}).sort([("parked_at", 1), ("offset", 1)])
        ids = [doc["_id"] for doc in await found.limit(AT_ONCE).to_list(None)]
        done = [Decision(id=id, outcome=await _replayed(id, who)) for id in ids]
        for word in (REPLAYED, STILL_PARKED, NOT_PARKED):
            if became := [each.id for each in done if _word(each.outcome) == word]:
                about(request, became, word)
        missing = ours(set(body.ids or ()) - set(ids))
        if missing or not done:
            about(request, missing, NOT_PARKED)
        return Decisions(items=done)

    async def _reader(id: str) -> Reader:
        """Who has parked it. Raises LookupError when it does not wait for a decision."""
        found = await database.inbox_parked.find_one({"_id": id, "state": "parked"}, {"group": 1})
        if found is None:
            raise LookupError(id)
        return by_group.get(found["group"]) or _NobodyReads(database, found["group"])

    async def _replayed(id: str, who: Principal) -> str:
        try:
            return await (await _reader(id)).replay(id, who.id)
        except LookupError:
            return GONE

    async def _view(doc: dict[str, Any]) -> ParkedRecord:
        story = {"subject": doc["subject"], "source": doc["source"]}
        waiting = await database.inbox_held.count_documents(story) if doc["subject"] else 0
        value = _shown(doc["value"] or b"")
        fields = ("state", "reason", "detail", "source", "topic", "partition", "offset", "parked_at")
        decided = {name: doc.get(name) for name in ("decided_at", "decided_by", "decided_why")}
        return ParkedRecord(
            id=doc["_id"],
            stream=doc["subject"],
            waiting=waiting,
            value=value,
            **{field: doc[field] for field in fields},
            **decided,
        )

    @routes.post("/parked/{id}:replay", dependencies=[decides], responses=problems(404, 409))
    async def replay(id: str, who: Who) -> Decision:
        """Try it again, and with it what waited behind it. 409 when it fails as before."""
        try:
            outcome = await (await _reader(id)).replay(id, who.id)
        except LookupError:
            raise not_found("parked record") from None
        if outcome != REPLAYED:
            raise Refused(Problem("still_not_applicable", 409, outcome), STILL_PARKED, id)
        return Decision(id=id, outcome=outcome)

    @routes.post("/parked/{id}:discard", dependencies=[decides], responses=problems(404, 422))
    async def discard(id: str, body: Discard, who: Who) -> Decision:
        """Give it up, with the reason; what waited behind it goes on."""
        try:
            await (await _reader(id)).discard(id, who.id, body.reason)
        except LookupError:
            raise not_found("parked record") from None
        return Decision(id=id, outcome="discarded")

    return routes
