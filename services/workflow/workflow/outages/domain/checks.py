"""What cannot be right in what a company says of an outage, by the community's data and the time."""

from datetime import datetime, timedelta
from typing import NamedTuple

from linli.contracts.workflow.outage_area import Area
from linli.contracts.workflow.outage_report import OutageReport
from linli.web.localized import Localized, no_category, no_neighbourhood
from workflow.community.domain.directory import Directory
from workflow.community.domain.outlines import has_no_area

AHEAD = timedelta(minutes=5)
"""So much a company's clock may be ahead of ours."""
BEHIND = timedelta(days=7)
"""What is older is told too late to be of use, or by a wrong clock."""
FURTHEST = timedelta(days=366)
"""So far ahead, and so long, an outage may be."""


class Fault(NamedTuple):
    """Where it is, as a JSON pointer, and what is wrong."""

    pointer: str
    why: Localized


def declared_fault(report: OutageReport, starts_at: datetime, directory: Directory, now: datetime) -> Fault | None:
    """Of an outage that is declared to begin then."""
    if not now - BEHIND <= starts_at <= now + (FURTHEST if report.planned else AHEAD):
        when = Localized(
            "an outage begins within the last 7 days or, where planned, within a year",
            "开始时间应在最近 7 天以内；计划停供可在一年以内",
        )
        return Fault("/starts_at", when)
    if report.category and report.category not in {each.id for each in directory.community.categories}:
        return Fault("/category", no_category(directory.community.id, report.category))
    return until_fault(report.until, starts_at, now) or area_fault(report.area, directory)


def until_fault(until: datetime | None, starts_at: datetime, now: datetime) -> Fault | None:
    if until is None or starts_at < until <= max(starts_at, now) + FURTHEST:
        return None
    after = Localized("it ends after it begins, and within a year", "预计恢复时间应晚于开始时间，且在一年以内")
    return Fault("/until", after)


def area_fault(area: Area | None, directory: Directory) -> Fault | None:
    if area is None:
        return None
    named = [(f"/area/neighbourhoods/{index}", id) for index, id in enumerate(area.neighbourhoods)]
    named += [(f"/area/buildings/{at}/neighbourhood", each.neighbourhood) for at, each in enumerate(area.buildings)]
    for pointer, id in named:
        if not directory.has_neighbourhood(id):
            return Fault(pointer, no_neighbourhood(directory.community.id, id))
    if area.polygon and has_no_area(area.polygon):
        crossed = Localized("the line crosses itself or holds no area", "边线自相交，或没有围成面积")
        return Fault("/area/polygon", crossed)
    return None
