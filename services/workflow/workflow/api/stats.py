"""The three rates 三率 by which an office is measured: response, resolution, satisfaction."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any

from fastapi import Request

from linli.auth import needs
from linli.contracts.base import Record, Slug
from linli.errors import not_found
from linli.moments import Moment
from linli.principals import Permission
from linli.web import problems, router
from workflow.domain.directory import Directory
from workflow.store import WorkflowStore

routes = router(prefix="/v1", tags=["stats"])


class By(StrEnum):
    """What cases are put together by."""

    ALL = "all"
    PARTY = "party"
    LEVEL = "level"
    CATEGORY = "category"
    NEIGHBOURHOOD = "neighbourhood"
    MONTH = "month"


class Rate(Record):
    """A share, and how many cases stand behind it. Nothing is claimed where nobody answered."""

    rate: float | None
    """From 0 to 1; null when `of` is 0."""
    yes: int
    of: int


class Measures(Record):
    """What cases came to that have something in common."""

    key: str | None
    name: str | None
    cases: int
    resolved: int
    escalated: int
    """Of which a deadline was missed."""
    returns: int | None = None
    """By party: how often it has handed a case back. 退单"""
    response: Rate
    """Reporters who were contacted, of those who answered the follow-up. 响应率"""
    resolution: Rate
    """Whose matter was solved. 解决率"""
    satisfaction: Rate
    """Who were satisfied. 满意率"""


class Stats(Record):
    """The rates of a community's cases that were opened in a period."""

    community: str
    opened_from: datetime | None
    opened_before: datetime | None
    by: By
    rows: list[Measures]


NOTHING = dict.fromkeys(("cases", "resolved", "escalated", "answers", "contacted", "solved", "satisfied"), 0)


@routes.get("/stats", dependencies=[needs(Permission.READ_STATS)], responses=problems(404, 422))
async def stats(
    request: Request,
    community: Slug,
    by: By = By.ALL,
    opened_from: Moment | None = None,
    opened_before: Moment | None = None,
) -> Stats:
    """Response, resolution and satisfaction, with the number of answers behind each rate."""
    store: WorkflowStore = request.app.state.store
    directory = await store.directory(community)
    if directory is None:
        raise not_found("community")
    period = {"$gte": opened_from, "$lt": opened_before}
    filters: dict[str, Any] = {"community": community}
    if any(period.values()):
        filters["opened_at"] = {name: moment for name, moment in period.items() if moment}
    field = {By.ALL: "community", By.LEVEL: "party"}.get(by, by.value)
    rows = await store.measures(filters, field, directory.zone.key)
    if by is By.LEVEL:
        rows = _by_level(rows, directory)
    name = _namer(by, directory)
    returns = await store.returns(filters) if by is By.PARTY else None
    if returns:  # who has handed everything back has no cases, and is to be seen all the same
        present = {row["key"] for row in rows}
        rows += [NOTHING | {"key": party} for party in sorted(returns) if party not in present]
    found = [_measures(row, name(row["key"]), returns) for row in rows]
    return Stats(community=community, opened_from=opened_from, opened_before=opened_before, by=by, rows=found)


def _by_level(rows: list[dict[str, Any]], directory: Directory) -> list[dict[str, Any]]:
    """Parties of one level together; those outside the tree under their kind."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        party = directory.party(row["key"] or "")
        key = party.kind.value if party else "unknown"
        sums = found.setdefault(key, {"key": key} | dict.fromkeys((name for name in row if name != "key"), 0))
        for name in row:
            if name != "key":
                sums[name] += row[name]
    return list(found.values())


def _namer(by: By, directory: Directory) -> Callable[[str | None], str | None]:
    community = directory.community
    sections: dict[By, tuple[Any, ...]] = {
        By.PARTY: community.parties,
        By.CATEGORY: community.categories,
        By.NEIGHBOURHOOD: community.neighbourhoods,
        By.ALL: (community,),
    }
    names = {entry.id: entry.name for entry in sections.get(by, ())}
    return lambda key: names.get(key) if key else None


def _measures(row: dict[str, Any], name: str | None, returns: dict[str, int] | None) -> Measures:
    def rate(field: str) -> Rate:
        yes, of = row[field], row["answers"]
        return Rate(rate=round(yes / of, 4) if of else None, yes=yes, of=of)

    return Measures(
        key=row["key"],
        name=name,
        cases=row["cases"],
        resolved=row["resolved"],
        escalated=row["escalated"],
        returns=returns.get(row["key"] or "", 0) if returns is not None else None,
        response=rate("contacted"),
        resolution=rate("solved"),
        satisfaction=rate("satisfied"),
    )
