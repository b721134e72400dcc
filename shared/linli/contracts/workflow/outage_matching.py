"""Which reports are about an outage: intake tells their reporters, workflow lets them follow it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from linli.contracts.kinds import Kind
from linli.contracts.workflow.outage import OutageFacts, Utility
from linli.contracts.workflow.outage_area import Spot, lies_in
from linli.text.visible import folded

BEFORE_IT_WAS_DECLARED = timedelta(hours=2)
"""Residents often know sooner than the company when something went off."""
BEFORE_WHAT_IS_PLANNED = timedelta(minutes=15)
"""Works begin when they were announced, or a little sooner."""
READ = 300
"""Characters of a text that are looked at."""
WORDS: Mapping[Utility, tuple[str, ...]] = {
    Utility.WATER: (
        *("停水", "没水", "断水", "无水", "没有水", "没来水", "水停了"),
        *("no water", "water is off", "water off", "without water"),
    ),
    Utility.POWER: (
        *("停电", "没电", "断电", "没有电", "没来电", "电停了"),
        *("no power", "no electricity", "power cut", "power is off", "power off", "blackout"),
    ),
    Utility.GAS: (
        *("停气", "断气", "没气", "没燃气", "没有燃气", "停燃气", "没煤气", "没有煤气"),
        *("no gas", "gas is off", "gas off"),
    ),
    Utility.HEATING: (
        *("停暖", "没暖气", "没有暖气", "暖气不热", "不供暖", "停止供暖", "没供暖"),
        *("no heating", "heating is off", "heating off", "radiators are cold"),
    ),
    Utility.TELECOM: (
        *("断网", "没网", "没有网", "网断了", "没有信号", "没信号"),
        *("no internet", "internet is down", "no broadband", "network is down"),
    ),
}
"""How people call it who choose no category."""


def concerns(facts: OutageFacts, kind: Kind, category: str | None, spot: Spot, at: datetime) -> bool:
    """Whether a report that was made then is about an outage that is running."""
    early = BEFORE_WHAT_IS_PLANNED if facts.planned else BEFORE_IT_WAS_DECLARED
    return (
        kind is Kind.REPORT
        and at >= facts.starts_at - early
        and lies_in(facts.area, frozenset(facts.touches), spot)
        and _is_about(facts, category, spot.said)
    )


def _is_about(facts: OutageFacts, category: str | None, said: str) -> bool:
    """By its category where it has one that says enough, otherwise by its words."""
    if category and facts.category:
        if f"{category}.".startswith(f"{facts.category}."):
            return True
        if not facts.category.startswith(f"{category}."):
            return False
    text = folded(said[:READ])
    return any(word in text for word in _FOLDED[facts.utility])


_FOLDED = {utility: tuple(folded(word) for word in words) for utility, words in WORDS.items()}
