"""Statistics of an office: what came in, what was resolved in time or late, and the three rates 三率."""

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum
from statistics import median
from typing import Any

from linli.contracts.base import Record, Slug
from linli.contracts.workflow.permissions import READ_STATS
from linli.security.auth import needs
from linli.web.app import problems, router
from linli.web.problems import not_found
from linli.web.rfc3339 import Moment
from workflow.cases.api.given import StatisticsDep, StoreDep
from workflow.cases.measures import NOTHING, Row, together
from workflow.community.domain.directory import Directory

routes = router(prefix="/v1", tags=["stats"])
MILLISECONDS_OF_A_DAY = 86_400_000


class By(StrEnum):
    """What cases are put together by."""

    ALL = "all"
    PARTY = "party"
    LEVEL = "level"
    CATEGORY = "category"
    NEIGHBOURHOOD = "neighbourhood"
    CHANNEL = "channel"
    MONTH = "month"


class Rate(Record):
    """A share, and how many cases stand behind it. Nothing is claimed where nobody answered."""

    rate: float | None
    """From 0 to 1, as it is and not rounded; null when `of` is 0."""
    yes: int
    of: int


class Measures(Record):
    """What cases came to that have something in common. `cases` = `open` + `resolved` + `withdrawn`."""

    key: str | None
    name: str | None
    cases: int
    open: int
    open_late: int
    """Of the open ones: what is owed now should have been done."""
    resolved: int
    """Resolved or closed; `resolved` = `in_time` + `late`."""
    in_time: int
    late: int
    """Resolved after the deadline."""
    withdrawn: int
    returned: int
    """Cases that were handed back at least once. 退单"""
    escalated: int
    """Of which a deadline was missed."""
    median_days: float | None
    """Days on the clock from the call, or the opening, to the resolution: half took no longer. Null where none was."""
    returns: int | None = None
    """By party: how often it has handed a case back."""
    followers: int
    """Not counted in `cases`: merged into another one. 并案"""
    parts: int
    """What a case was split into: counted for its party alone, beside the whole. 拆分"""
    response: Rate
    """Reporters who were contacted, of those who answered the follow-up. 响应率"""
    resolution: Rate
    """Whose matter was solved. 解决率"""
    satisfaction: Rate
    """Who were satisfied. 满意率"""


class Stats(Record):
    """The measures of a community's cases that were called in, or opened, in a period."""

    community: str
    called_from: datetime | None
    called_before: datetime | None
    opened_from: datetime | None
    opened_before: datetime | None
    made_at: datetime
    by: By
    rows: list[Measures]


@routes.get("/stats", dependencies=[needs(READ_STATS)], responses=problems(404, 422))
async def stats(
    store: StoreDep,
    statistics: StatisticsDep,
    community: Slug,
    by: By = By.ALL,
    called_from: Moment | None = None,
    called_before: Moment | None = None,
    opened_from: Moment | None = None,
    opened_before: Moment | None = None,
) -> Stats:
    """How many, in which state, in time or late, and the three rates with the number of answers behind each.

    A case belongs to the time of the call (`called_…`, `submitted_at`), unless a period of opening is asked for.
    """
    directory = await store.communities.directory(community)
    if directory is None:
        raise not_found("community")
    filters: dict[str, Any] = {"community": community}
    filters |= _within("submitted_at", called_from, called_before) | _within("opened_at", opened_from, opened_before)
    dated = "opened_at" if "opened_at" in filters and "submitted_at" not in filters else "submitted_at"
    field = {By.ALL: "community", By.LEVEL: "party"}.get(by, by.value)
    now = store.now()
    rows = await statistics.of(filters, field, dated, directory.zone.key, now)
    if by is By.LEVEL:
        rows = _by_level(rows, directory)
    returns = await statistics.returns(filters) if by is By.PARTY else None
    if returns:  # who has handed everything back has no cases, and is to be seen all the same
        present = {row["key"] for row in rows}
        rows += [together([], party) for party in sorted(returns) if party not in present]
    name = _namer(by, directory)
    return Stats(
        community=community,
        called_from=called_from,
        called_before=called_before,
        opened_from=opened_from,
        opened_before=opened_before,
        made_at=now,
        by=by,
        rows=[_measures(row, name(row["key"]), returns) for row in rows],
    )


def _within(field: str, start: datetime | None, before: datetime | None) -> dict[str, Any]:
    period = {name: moment for name, moment in (("$gte", start), ("$lt", before)) if moment}
    return {field: period} if period else {}


def _by_level(rows: list[Row], directory: Directory) -> list[Row]:
    """Parties of one level together; those outside the tree under their kind."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        party = directory.party(row["key"] or "")
        found.setdefault(party.kind.value if party else "unknown", []).append(row)
    return [together(theirs, key) for key, theirs in found.items()]


def _namer(by: By, directory: Directory) -> Callable[[str | None], str | None]:
    community = directory.community
    sections: dict[By, Iterable[Any]] = {
        By.PARTY: community.parties,
        By.CATEGORY: community.categories,
        By.NEIGHBOURHOOD: community.neighbourhoods,
        By.ALL: (community,),
    }
    names = {entry.id: entry.name for entry in sections.get(by, ())}
    return lambda key: names.get(key) if key else None


def _measures(row: Row, name: str | None, returns: dict[str, int] | None) -> Measures:
    def rate(field: str) -> Rate:
        yes, of = row[field], row["answers"]
        return Rate(rate=yes / of if of else None, yes=yes, of=of)

    shown = {field: row[field] for field in NOTHING if field in Measures.model_fields}
    return Measures(
        key=row["key"],
        name=name,
        **shown,
        median_days=median(row["took"]) / MILLISECONDS_OF_A_DAY if row["took"] else None,
        returns=returns.get(row["key"] or "", 0) if returns is not None else None,
        response=rate("contacted"),
        resolution=rate("solved"),
        satisfaction=rate("satisfied"),
    )
