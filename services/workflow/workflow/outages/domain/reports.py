"""What a company says of an outage, and what it comes to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from linli.contracts.workflow.outage import (
    OutageAreaChanged,
    OutageCancelled,
    OutageDeclared,
    OutageEvent,
    OutageExtended,
    OutageFacts,
    OutagePartiallyRestored,
    OutageRestored,
    OutageState,
    Utility,
)
from linli.contracts.workflow.outage_area import Area
from linli.contracts.workflow.outage_report import OutageDid, OutageReport
from linli.contracts.workflow.partner import Outcome
from linli.frozen import replace
from linli.web.localized import Localized
from workflow.community.domain.directory import Directory
from workflow.community.domain.outlines import overlap
from workflow.outages.domain.checks import AHEAD, BEHIND, Fault, area_fault, declared_fault, until_fault
from workflow.outages.domain.outage import Outage, key_of
from workflow.outages.domain.words import stands

MOST_RUNNING = 500
"""Of one company at a time: a program that declares without end is stopped here."""
RECHECKED_AFTER = timedelta(seconds=10)
"""What came in while an outage was being declared is looked for then."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a report comes to. `after` and `event` are there when it is applied."""

    outcome: Outcome
    text: Localized
    after: Outage | None = None
    event: type[OutageEvent] | None = None
    pointer: str | None = None


TOO_MANY = Judged(
    Outcome.NOTED,
    Localized("You have too many outages at a time; end some first.", "贵单位同时进行的停供过多，请先结束一些。"),
)
_UNKNOWN = Judged(Outcome.UNKNOWN_OUTAGE, Localized("You have declared no such outage.", "贵单位没有报过这次停供。"))
_SKEWED = Judged(
    Outcome.CLOCK_SKEW,
    Localized(
        "occurred_at is more than 5 minutes ahead of our clock, or more than 7 days behind.",
        "occurred_at 比本系统时间快 5 分钟以上，或早于 7 天以前。",
    ),
)
_LATER = Judged(Outcome.NOTED, Localized("Something later has been told of it.", "已收到更晚的情况。"))
_THE_SAME = Judged(Outcome.NOTED, Localized("That is its estimate already.", "预计恢复时间本来就是这个。"))
_DONE = Localized("Done.", "已办理。")
_ENDS = {
    OutageDid.RESTORED: (OutageState.RESTORED, OutageRestored),
    OutageDid.CANCELLED: (OutageState.CANCELLED, OutageCancelled),
}


def judged(
    report: OutageReport, community: str, party: str, outage: Outage | None, directory: Directory, now: datetime
) -> Judged:
    """What a report that has not been seen before comes to; `outage` is the one that it names, if there is one."""
    if not now - BEHIND <= report.occurred_at <= now + AHEAD:
        return _SKEWED
    if report.did is OutageDid.DECLARED:
        if outage is None:
            return _declared(report, community, party, directory, now)
        return _noted("It has been declared already; it is {state}.", "这次停供已报过，现在：{state}。", outage)
    if outage is None:
        return _UNKNOWN
    if not outage.running:
        return _noted("It is over: {state}.", "这次停供已经结束：{state}。", outage)
    return _LATER if report.occurred_at < outage.said_at else _told(report, outage, directory, now)


def due(outage: Outage) -> Outage:
    """With the moment at which the company is to be asked: when its estimate has passed."""
    until = outage.facts.until
    return replace(outage, due_at=until if outage.running and until and until != outage.asked_for else None)


def touched(area: Area, directory: Directory) -> tuple[str, ...]:
    """The neighbourhoods that an area reaches into."""
    found = {*area.neighbourhoods, *(each.neighbourhood for each in area.buildings)}
    if polygon := area.polygon:
        places = directory.community.neighbourhoods
        found |= {place.id for place in places if any(overlap(polygon, outline) for outline in place.outlines)}
    return tuple(sorted(found))


def _declared(report: OutageReport, community: str, party: str, directory: Directory, now: datetime) -> Judged:
    assert report.area is not None
    starts_at = report.starts_at or report.occurred_at
    if fault := declared_fault(report, starts_at, directory, now):
        return _wrong(fault)
    utility = report.utility or _deals_in(party, directory)
    if utility is None:
        return _wrong(Fault("/utility", Localized("say what is off", "请写明停的是什么（utility）")))
    facts = OutageFacts(
        planned=bool(report.planned),
        utility=utility,
        category=report.category or _category(utility, directory),
        cause=report.cause,
        starts_at=starts_at,
        until=report.until,
        confidence=report.confidence,
        area=report.area,
        touches=touched(report.area, directory),
        customers_affected=report.customers_affected,
    )
    new = Outage(
        id=key_of(community, party, report.outage_id),
        community=community,
        party=party,
        outage_id=report.outage_id,
        facts=facts,
        state=OutageState.DECLARED,
        declared_at=now,
        said_at=report.occurred_at,
        updated_at=now,
        due_at=now + RECHECKED_AFTER,
        version=1,
    )
    return Judged(Outcome.APPLIED, _DONE, new, OutageDeclared)


def _told(report: OutageReport, outage: Outage, directory: Directory, now: datetime) -> Judged:
    """What is said of one that is running, and is the newest that was said of it."""
    said = replace(
        outage,
        said_at=report.occurred_at,
        updated_at=now,
        due_at=now + RECHECKED_AFTER,
        version=outage.version + 1,
    )
    if end := _ENDS.get(report.did):
        return Judged(Outcome.APPLIED, _DONE, replace(said, state=end[0], due_at=None), end[1])
    facts = outage.facts
    if fault := until_fault(report.until, facts.starts_at, now) or area_fault(report.area, directory):
        return _wrong(fault)
    names = ("until", "confidence", "customers_affected", "area")
    changed: dict[str, Any] = {name: value for name in names if (value := getattr(report, name)) is not None}
    if report.area:
        changed["touches"] = touched(report.area, directory)
    if all(getattr(facts, name) == value for name, value in changed.items()):
        return _THE_SAME if report.did is OutageDid.EXTENDED else _noted("It is so already.", "情况本来就是这样。")
    said = replace(said, facts=facts.model_copy(update=changed))
    match report.did:
        case OutageDid.EXTENDED:
            return Judged(Outcome.APPLIED, _DONE, said, OutageExtended)
        case OutageDid.AREA_CHANGED:
            return Judged(Outcome.APPLIED, _DONE, said, OutageAreaChanged)
        case _:
            part = replace(said, state=OutageState.PARTIALLY_RESTORED)
            return Judged(Outcome.APPLIED, _DONE, part, OutagePartiallyRestored)


def _noted(english: str, chinese: str, outage: Outage | None = None) -> Judged:
    values = {"state": stands(outage.state)} if outage else {}
    return Judged(Outcome.NOTED, Localized(english, chinese, **values))


def _wrong(fault: Fault) -> Judged:
    return Judged(Outcome.INVALID, fault.why, pointer=fault.pointer)


def _deals_in(party: str, directory: Directory) -> Utility | None:
    found = directory.party(party)
    return Utility(found.kind.value) if found and found.kind.value in set(Utility) else None


def _category(utility: Utility, directory: Directory) -> str | None:
    """That of reports about its outages, where the community has one."""
    ids = (each.id for each in directory.community.categories)
    return next((id for id in ids if id.startswith(f"{utility.value}.") and id.endswith(".outage")), None)
