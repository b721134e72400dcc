"""Routes of reports: a page, and the same as files."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import Depends, Query, Request, Response

from linli.security.auth import OPEN
from linli.web.given import given
from linli.web.localized import Localized
from linli.web.problems import Problem, not_found
from portal.pages.api import PagesDep
from portal.pages.route import page_router
from portal.reports import figures
from portal.reports.asked import GROUPS, Asked, By, Dated
from portal.reports.calendar import Calendar
from portal.services import Services
from portal.signin.staff import Staff

routes = page_router(prefix="/reports")
ServicesDep = Annotated[Services, given(Services)]
CalendarDep = Annotated[Calendar, given(Calendar)]
Day = Annotated[str, Query(max_length=10)]


@dataclass(frozen=True, slots=True)
class Report:
    """What was asked, and workflow's answer to it."""

    communities: Sequence[Mapping[str, Any]]
    asked: Asked
    total: Mapping[str, Any]
    answer: Mapping[str, Any]

    @property
    def names(self) -> list[tuple[str, str]]:
        return [(each["id"], each["name"]) for each in self.communities]


async def _report(
    request: Request,
    staff: Staff,
    services: ServicesDep,
    calendar: CalendarDep,
    community: Annotated[str, Query(max_length=100)] = "",
    by: By = "party",
    first: Annotated[str, Query(alias="from", max_length=10)] = "",
    last: Annotated[str, Query(alias="to", max_length=10)] = "",
    dated: Dated = "called",
) -> Report | None:
    """None where no community is loaded. Raises as workflow does, 422 for what is no day."""
    caller = staff.caller(request)
    communities = (await services.read("/v1/communities", caller))["items"]
    if not communities:
        return None
    chosen = community or communities[0]["id"]
    head = next((each for each in communities if each["id"] == chosen), None)
    if head is None:
        raise not_found("community")
    zone = ZoneInfo(head["timezone"])
    asked = Asked.of(chosen, by, _day(first), _day(last), dated, calendar.today(zone))
    wanted = {"community": chosen, **asked.bounds(zone)}
    total, answer = await asyncio.gather(
        *(services.read("/v1/stats", caller, {**wanted, "by": each}) for each in ("all", by))
    )
    return Report(communities, asked, total, answer)


ReportDep = Annotated[Report | None, Depends(_report)]


@routes.get("", dependencies=[OPEN])
async def page(request: Request, pages: PagesDep, report: ReportDep) -> Response:
    """The rates as charts, and all figures as a table beside them."""
    return pages.page(request, "reports/reports.html", report=report, figures=figures, groups=GROUPS)


@routes.get("/export.csv", dependencies=[OPEN])
async def as_csv(report: ReportDep) -> Response:
    """The table, for a spreadsheet."""
    return _file(figures.csv_file(_there(report).answer), "text/csv; charset=utf-8", _there(report).asked, "csv")


@routes.get("/export.json", dependencies=[OPEN])
async def as_json(report: ReportDep) -> Response:
    """Workflow's answer as it is."""
    content = json.dumps(_there(report).answer, ensure_ascii=False).encode()
    return _file(content, "application/json", _there(report).asked, "json")


def _file(content: bytes, media_type: str, asked: Asked, suffix: str) -> Response:
    name = f"{asked.community}-{asked.by}-{asked.first}-{asked.last}.{suffix}"
    return Response(
        content, media_type=media_type, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    )


def _there(report: Report | None) -> Report:
    if report is None:
        raise Problem("not_found", 404, Localized("No community is loaded.", "尚未发布任何社区资料。"))
    return report


def _day(said: str) -> date | None:
    if not said:
        return None
    try:
        return date.fromisoformat(said)
    except ValueError:
        detail = Localized("'{said}' is no day such as 2026-11-30.", "“{said}”不是日期，例如 2026-11-30。", said=said)
        raise Problem("invalid", 422, detail) from None
