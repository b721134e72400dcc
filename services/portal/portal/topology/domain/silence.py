"""After how long without anything an edge counts as not seen, by what is at its ends."""

from datetime import datetime, timedelta

from portal.topology.domain.counting import Passed
from portal.topology.domain.declared import Declared
from portal.topology.domain.picture import Kind
from portal.topology.domain.sample import Sample

ORDINARILY = timedelta(days=1)
"""Reports come in, are decided and told of on each day."""
OF_A_PARTNER = timedelta(days=3)
"""Companies have weekends."""
SELDOM = timedelta(days=7)
"""What a compacted topic holds is said anew when it changes, and records are put aside when something is amiss. As long
as samples are kept."""


def silent_after(declared: Declared, source: str, target: str) -> timedelta:
    """How long nothing may go from the one to the other."""
    for kind, _, name in (end.partition(":") for end in (source, target)):
        if kind == Kind.TOPIC and name in declared.topics:
            return SELDOM if "compact" in declared.topics[name].config.get("cleanup.policy", "") else ORDINARILY
        if kind == Kind.PARTNER:
            return OF_A_PARTNER
        if kind == Kind.PARKING:
            return SELDOM
    return ORDINARILY


def is_silent(declared: Declared, each: Passed, moved: datetime | None, newest: Sample) -> bool:
    """Whether nothing was seen of it for that long. What was counted before anybody looked may have gone over it until
    the first look."""
    last = moved or (newest.looked_since or newest.at if sum((each.counts or {}).values()) else None)
    return last is None or newest.at - last >= silent_after(declared, each.source, each.target)
