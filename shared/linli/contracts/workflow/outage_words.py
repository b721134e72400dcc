"""What is said of an outage, in both languages."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from linli.contracts.workflow.outage import Cause, OutageFacts, Utility
from linli.web.localized import Localized

_OFF: Mapping[Utility, Localized] = {
    Utility.WATER: Localized("water off", "停水"),
    Utility.POWER: Localized("power off", "停电"),
    Utility.GAS: Localized("gas off", "停气"),
    Utility.HEATING: Localized("heating off", "停暖"),
    Utility.TELECOM: Localized("network down", "断网"),
}
_WHY: Mapping[Cause, Localized] = {
    Cause.WORKS: Localized("works", "施工检修"),
    Cause.FAULT: Localized("a fault", "故障抢修"),
    Cause.DAMAGE: Localized("damage by others", "外力破坏"),
    Cause.WEATHER: Localized("the weather", "天气原因"),
    Cause.SUPPLY: Localized("a failure upstream", "上游供应中断"),
}
_NOTHING = Localized("", "")


def off(utility: Utility) -> Localized:
    """What is off."""
    return _OFF[utility]


def why(cause: Cause | None) -> Localized:
    """`off` goes on with it; nothing where the cause says nothing."""
    known = _WHY.get(cause) if cause else None
    return Localized(" for {why}", "（{why}）", why=known) if known else _NOTHING


def summary(facts: OutageFacts, zone: ZoneInfo, now: datetime) -> Localized:
    """In one line: what is off, why, until when, by the community's clock. An estimate that has passed is left out."""
    until = _NOTHING
    if facts.until and facts.until > now:
        until = Localized(" until {at}", "，预计 {at} 恢复", at=clock_time(facts.until, zone, now))
    return Localized(
        "{off}{why}{until}", "{off}{why}{until}", off=off(facts.utility), why=why(facts.cause), until=until
    )


def clock_time(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """The time of day, with the day where that is another."""
    there = moment.astimezone(zone)
    return f"{there:%H:%M}" if there.date() == now.astimezone(zone).date() else f"{there:%Y-%m-%d %H:%M}"
