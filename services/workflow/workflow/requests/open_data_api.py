"""Routes of open data: a month's cases as a table, without persons, where the community's data allow it."""

import csv
import io
from datetime import date, datetime
from typing import Annotated

from fastapi import Path, Response

from linli.contracts.base import Record
from linli.contracts.kinds import Kind
from linli.contracts.workflow.case import CaseState
from linli.contracts.workflow.permissions import READ_REQUESTS
from linli.security.auth import needs
from linli.web.app import problems, router
from linli.web.problems import not_found
from workflow.cases.domain.case import Case
from workflow.community.domain.directory import Directory
from workflow.community.store import CommunityStore
from workflow.requests.api import CommunitiesDep, StoreDep
from workflow.requests.domain.public import named_in_public
from workflow.requests.store import By, RequestStore, Window

routes = router(prefix="/v1", tags=["public"])
MOST = 20_000
"""Rows of a month: a subdistrict has some thousand."""
Month = Annotated[str, Path(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", examples=["2026-11"])]


class OpenRow(Record):
    """A case without what leads to a person: no id, no words, no point, and days in place of moments."""

    reported_on: date
    kind: Kind
    category: str | None
    service: str | None
    """The category's name."""
    neighbourhood: str | None
    state: CaseState
    party: str | None
    """The name of who is responsible; below the grid, the grid's."""
    solved_on: date | None


class OpenMonth(Record):
    """All that was reported in a month and not taken back, as it stands now; by day."""

    community: str
    month: str
    items: list[OpenRow]


@routes.get(
    "/open-data/{community}/{month}.csv",
    dependencies=[needs(READ_REQUESTS)],
    response_class=Response,
    responses=problems(404, 422) | {200: {"content": {"text/csv": {}}}},
)
async def table(community: str, month: Month, communities: CommunitiesDep, store: StoreDep) -> Response:
    """The same as a table, UTF-8 with a mark that spreadsheets know it by."""
    rows = await _rows(community, month, communities, store)
    out = io.StringIO()
    written = csv.writer(out)
    written.writerow(OpenRow.model_fields)
    written.writerows(row.model_dump(mode="json").values() for row in rows)
    name = f'attachment; filename="{community}-{month}.csv"'
    return Response("\ufeff" + out.getvalue(), media_type="text/csv", headers={"Content-Disposition": name})


@routes.get("/open-data/{community}/{month}", dependencies=[needs(READ_REQUESTS)], responses=problems(404, 422))
async def month(community: str, month: Month, communities: CommunitiesDep, store: StoreDep) -> OpenMonth:
    """A month's cases, where the community's data say `open_data: true`; else there is nothing here."""
    return OpenMonth(community=community, month=month, items=await _rows(community, month, communities, store))


async def _rows(community: str, month: str, communities: CommunityStore, store: RequestStore) -> list[OpenRow]:
    directory = await communities.directory(community)
    if directory is None or not directory.community.open_data:
        raise not_found("open data")
    begin, end = _span(month, directory)
    not_taken_back = {"state": {"$ne": CaseState.WITHDRAWN.value}}
    cases = await store.listing(community, not_taken_back, Window(By.REQUESTED, begin, end), 0, MOST)
    names = {each.id: each.name for each in directory.community.categories}
    return [_row(each, directory, names) for each in reversed(cases) if each.submitted_at < end]


def _span(month: str, directory: Directory) -> tuple[datetime, datetime]:
    """From its first moment to that of the next month, in the community's zone."""
    year, number = map(int, month.split("-"))
    following = (year + number // 12, number % 12 + 1)
    return datetime(year, number, 1, tzinfo=directory.zone), datetime(*following, 1, tzinfo=directory.zone)


def _row(case: Case, directory: Directory, names: dict[str, str]) -> OpenRow:
    party, solved = named_in_public(case.party, directory), case.progress.resolved_at
    return OpenRow(
        reported_on=case.submitted_at.astimezone(directory.zone).date(),
        kind=case.about.kind,
        category=case.about.category,
        service=names.get(case.about.category or ""),
        neighbourhood=case.about.neighbourhood,
        state=case.state,
        party=party and party.name,
        solved_on=solved and solved.astimezone(directory.zone).date(),
    )
