"""Which cases are meant, as an address or a body says it, and as the database is asked."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from linli.contracts.base import Record, Slug
from linli.contracts.kinds import Kind
from linli.contracts.workflow.case import CaseState
from linli.contracts.workflow.community import PartyKind
from linli.security.principals import Principal
from linli.text.fields import Line
from linli.web.problems import Problem
from linli.web.rfc3339 import Moment
from workflow.cases.api.searching import between, of_kind, with_words, words_in
from workflow.cases.domain.access import seen_parties
from workflow.cases.domain.follow_up import FOLLOW_UP_WITHIN
from workflow.cases.order import Order
from workflow.cases.store import CaseStore, of_parties
from workflow.community.domain.directory import Directory

NO_FOLLOWER = {"$exists": False}
HAS_REPORTER = dict.fromkeys(("part_of", "withdrawn_at", "erased_at"))
"""Somebody who can be asked how it was: of a part, and of what was taken back or erased, there is nobody."""
MOST_COUNTED = 10_000
"""So many that one filter finds are counted, where many filters are asked for at once."""
OVERDUE = "Only those of which a deadline was missed"
AWAITING_FOLLOW_UP = "Only those that are resolved and whose reporter has not answered yet"
MERGED = "With those that follow another case"
CaseId = Annotated[str, Line(64)]


class CaseFilter(Record):
    """All that is said must hold. Followers are left out unless requested, or searched by words, number or id."""

    state: list[CaseState] | None = Field(None, max_length=8, description="One of these; repeatable")
    party: Slug | None = None
    party_kind: PartyKind | None = Field(
        None, description="What the party is: a level of the tree, or a kind of company"
    )
    community: Slug | None = None
    neighbourhood: Slug | None = None
    kind: Kind | None = None
    escalated_to: Slug | None = Field(None, description="Which level has it since a deadline was missed")
    overdue: bool = Field(False, strict=True, description=OVERDUE)
    awaiting_follow_up: bool = Field(False, strict=True, description=AWAITING_FOLLOW_UP)
    category: Slug | None = Field(None, description="With all that lies below it")
    opened_after: Moment | None = None
    opened_before: Moment | None = None
    called_after: Moment | None = Field(None, description="By when its reporter said it")
    called_before: Moment | None = None
    q: Annotated[str, Line(100)] | None = Field(
        None, description="Words of title, text or place, all of which are there"
    )
    external_id: Annotated[str, Line(128)] | None = Field(None, description="Its number at the hotline")
    id: list[CaseId] | None = Field(None, max_length=100, description="Only these; repeatable")
    merged: bool = Field(False, strict=True, description=MERGED)
    merged_into: CaseId | None = Field(None, description="Only those that follow this case")
    part_of: CaseId | None = Field(None, description="Only the parts of this case")
    sort: Order = Field(Order.NEWEST, description="newest; age: called first; due: owed first; updated: last")


class CaseQuery(CaseFilter):
    """A page of them, as an address says it: there `true` is a text."""

    model_config = ConfigDict(extra="ignore")

    overdue: bool = Field(False, description=OVERDUE)
    awaiting_follow_up: bool = Field(False, description=AWAITING_FOLLOW_UP)
    merged: bool = Field(False, description=MERGED)
    count: bool = Field(False, description="Add how many there are in all")
    limit: int = Field(50, ge=1, le=500)
    cursor: str | None = Field(None, pattern=r"^(?:[0-9]{1,15}~)?[0-9a-f-]{36}$")


class CountedFilters(Record):
    """What is to be counted, each as `GET /v1/cases` takes it."""

    filters: list[CaseFilter] = Field(
        min_length=1, max_length=20, examples=[[{"party": "water-company", "state": ["dispatched"]}, {"overdue": True}]]
    )
    at_most: int = Field(
        MOST_COUNTED, ge=1, le=MOST_COUNTED, description="Each is counted no further: a total of this stands for more"
    )


async def query_of(
    wanted: CaseFilter, who: Principal, store: CaseStore, directories: Mapping[str, Directory]
) -> dict[str, Any]:
    """For the database, narrowed to what the principal sees. Raises 422 for words that are in no case."""
    exact = ("party", "community", "neighbourhood", "kind", "merged_into", "part_of")
    filters = {name: value for name in exact if (value := getattr(wanted, name)) is not None}
    if state := wanted.state:
        filters["state"] = state[0] if len(state) == 1 else {"$in": state}
    looked_for = bool(wanted.q or wanted.external_id or wanted.id)
    if not wanted.merged and wanted.merged_into is None and not wanted.awaiting_follow_up and not looked_for:
        filters["merged_into"] = NO_FOLLOWER  # whose follow-up is awaited: each reporter is asked
    if wanted.category:
        filters["category"] = {"$regex": f"^{re.escape(wanted.category)}(\\.|$)"}
    if wanted.escalated_to or wanted.overdue:
        filters["escalated_to"] = wanted.escalated_to or {"$exists": True}
    filters |= between("opened_at", wanted.opened_after, wanted.opened_before)
    filters |= between("submitted_at", wanted.called_after, wanted.called_before)
    filters |= wanted.sort.only | ({"external_id": wanted.external_id} if wanted.external_id else {})
    if wanted.id:
        filters["_id"] = {"$in": wanted.id}
    if wanted.q:
        filters |= with_words(await store.rarest(words_in(wanted.q)))
    if wanted.awaiting_follow_up:
        since = store.now() - FOLLOW_UP_WITHIN
        unanswered = {"state": CaseState.RESOLVED.value, "answers": 0, "resolved_at": {"$gte": since}, **HAS_REPORTER}
        filters = {"$and": [filters, unanswered]} if filters else unanswered
    if wanted.party_kind:
        filters |= of_kind(wanted.party_kind, directories)
    return within(who, filters, directories)


async def query_at(
    place: int, wanted: CaseFilter, who: Principal, store: CaseStore, directories: Mapping[str, Directory]
) -> dict[str, Any]:
    """The same of one among many. Raises 422 that says which it is."""
    try:
        return await query_of(wanted, who, store, directories)
    except Problem as problem:
        if problem.status == 422:
            faults = problem.extra.get("errors") or [{"field": "q", "message": problem.detail}]
            problem.extra["errors"] = [each | {"field": f"filters.{place}.{each['field']}"} for each in faults]
        raise


def within(who: Principal, filters: Mapping[str, Any], directories: Mapping[str, Directory]) -> dict[str, Any]:
    """The filters, narrowed to what the principal sees."""
    seen = seen_parties(who, directories.get(who.community or ""))
    if seen is None:
        return dict(filters)
    return {"$and": [dict(filters), {"community": who.community, "party": of_parties(seen)}]}
