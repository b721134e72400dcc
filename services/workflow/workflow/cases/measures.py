"""Figures of cases: how many, in which state, in time or late, how long they took, and their reporters' answers."""

import itertools
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from linli.contracts.workflow.case import CaseState
from linli.storage import mongo
from workflow.cases.domain.case import BEFORE_IT_IS_TAKEN_ON

Row = dict[str, Any]
"""`key`, the sums in `NOTHING`, and `took`: milliseconds until the resolution, of each resolved case."""
ANSWERS = ("contacted", "solved", "satisfied")
NOTHING = dict.fromkeys(
    (
        *("cases", "open", "open_late", "resolved", "in_time", "late", "withdrawn", "returned", "escalated"),
        *("followers", "parts", "answers", *ANSWERS),
    ),
    0,
)
_RESOLVED = [CaseState.RESOLVED.value, CaseState.CLOSED.value]


class Statistics:
    """Sums over cases. `dated` is the field by which a case belongs to a month, and from which it is counted."""

    def __init__(self, database: mongo.Database) -> None:
        self._cases = database.cases

    async def of(self, filters: Mapping[str, Any], by: str, dated: str, zone: str, now: datetime) -> list[Row]:
        """By a field of a case, or by `month`; sorted by it.

        A follower is no matter of its own, and a part one for its party alone: they are counted apart. Their
        reporters' answers count like any.
        """
        month = {"$dateToString": {"date": f"${dated}", "format": "%Y-%m", "timezone": zone}}
        sums = {name: {"$sum": _if(condition)} for name, condition in _conditions(now, by_party=by == "party").items()}
        took = _if(_matter(by == "party", _RESOLVED), {"$subtract": ["$resolved_at", f"${dated}"]}, "$$REMOVE")
        pipeline: list[Mapping[str, Any]] = [
            {"$match": dict(filters)},
            {"$group": {"_id": month if by == "month" else f"${by}", "took": {"$push": took}} | sums},
            {"$sort": {"_id": 1}},
        ]
        return [{"key": row.pop("_id")} | row async for row in self._cases.aggregate(pipeline, allowDiskUse=True)]

    async def returns(self, filters: Mapping[str, Any]) -> dict[str, int]:
        """How often each party has handed a case back."""
        pipeline: list[Mapping[str, Any]] = [
            {"$match": dict(filters)},
            {"$unwind": "$returned_by"},
            {"$group": {"_id": "$returned_by", "times": {"$sum": 1}}},
        ]
        return {row["_id"]: row["times"] async for row in self._cases.aggregate(pipeline)}


def together(rows: list[Row], key: str | None) -> Row:
    """One row for several."""
    sums: Row = {name: sum(row[name] for row in rows) for name in NOTHING}
    return {"key": key, "took": list(itertools.chain.from_iterable(row["took"] for row in rows))} | sums


def _conditions(now: datetime, *, by_party: bool) -> dict[str, Any]:
    """What each sum counts; `cases` = open + resolved + withdrawn, and resolved = in time + late."""
    counts = _matter(by_party)
    resolved = _matter(by_party, _RESOLVED)
    ended = [*_RESOLVED, CaseState.WITHDRAWN.value]
    still_open = {"$and": [counts, {"$not": [{"$in": ["$state", ended]}]}]}
    in_time = {"$or": [{"$eq": [{"$ifNull": ["$resolve_by", None]}, None]}, {"$lte": ["$resolved_at", "$resolve_by"]}]}
    waits = {"$in": ["$state", sorted(state.value for state in BEFORE_IT_IS_TAKEN_ON)]}
    overdue = {"$or": [_passed("$resolve_by", now), {"$and": [waits, _passed("$accept_by", now)]}]}
    return {
        "cases": counts,
        "open": still_open,
        "open_late": {"$and": [still_open, overdue, {"$eq": [{"$ifNull": ["$paused_at", None]}, None]}]},
        "resolved": resolved,
        "in_time": {"$and": [resolved, in_time]},
        "late": {"$and": [resolved, {"$not": [in_time]}]},
        "withdrawn": _matter(by_party, [CaseState.WITHDRAWN.value]),
        "returned": {"$and": [counts, {"$gt": [{"$size": {"$ifNull": ["$returned_by", []]}}, 0]}]},
        "escalated": {"$and": [counts, {"$gt": ["$escalations", 0]}]},
        "followers": {"$gt": ["$merged_into", None]},
        "parts": {"$gt": ["$part_of", None]},
        "answers": {"$gt": ["$followed_up_at", None]},
    } | {name: {"$eq": [f"${name}", True]} for name in ANSWERS}


def _matter(by_party: bool, states: list[str] | None = None) -> dict[str, Any]:
    """A case that counts, in one of these states."""
    others = [{"$gt": ["$merged_into", None]}] + ([] if by_party else [{"$gt": ["$part_of", None]}])
    counts: dict[str, Any] = {"$not": [{"$or": others}]}
    return counts if states is None else {"$and": [counts, {"$in": ["$state", states]}]}


def _passed(by: str, now: datetime) -> dict[str, Any]:
    return {"$and": [{"$gt": [by, None]}, {"$lt": [by, now]}]}


def _if(condition: Mapping[str, Any], then: Any = 1, otherwise: Any = 0) -> dict[str, Any]:
    return {"$cond": [condition, then, otherwise]}
