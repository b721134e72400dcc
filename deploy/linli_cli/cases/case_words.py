"""What a line says of a case: what it is to others, and what it still owes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from linli_cli.terminal.language import say, sentence, term
from linli_cli.terminal.times import local, zone_of

NOT_TAKEN_ON = {"triage", "dispatched", "returned"}
DEALT_WITH = NOT_TAKEN_ON | {"accepted"}


def owed(case: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The deadlines that somebody has to meet yet, as workflow's timer sees them: what, and by when."""
    if case["state"] in NOT_TAKEN_ON and case["accept_by"]:
        yield "accept", case["accept_by"]
    if case["state"] in DEALT_WITH and case["answered_at"] is None and case["answer_by"]:
        yield "answer", case["answer_by"]
    if case["state"] in DEALT_WITH and case["resolve_by"]:
        yield "resolve", case["resolve_by"]
    if case["state"] == "resolved" and case["decide_by"]:
        yield "decide", case["decide_by"]


def due(case: Mapping[str, Any]) -> str | None:
    """The earliest of them; none while the clock stands still, or where another case is dealt with in its place."""
    if case["paused_at"] or case["merged_into"]:
        return None
    return min((by for _, by in owed(case)), key=datetime.fromisoformat, default=None)


def marks(case: Mapping[str, Any]) -> str:
    """`paused (part)`, `→ <head>`, `part of <whole>`, `2 parts`, `3 follow`."""
    texts = [say("paused ({waiting_for})", waiting_for=term(case["waiting_for"]))] if case["paused_at"] else []
    texts += [f"→ {case['merged_into']}"] if case["merged_into"] else []
    texts += [say("part of {part_of}", part_of=case["part_of"])] if case["part_of"] else []
    texts += [say("{count} parts", count=len(case["parts"]))] if case["parts"] else []
    count = len(case["followers"])
    texts += [say("{count} follows" if count == 1 else "{count} follow", count=count)] if count else []
    return ", ".join(texts)


def named(party: Mapping[str, str | None] | None) -> str:
    """A party by name and id."""
    return " ".join(part for part in ((party or {}).get("name"), (party or {}).get("id")) if part)


HOLIDAYS_TODO = sentence(
    "Upgrade Linli once a version knows them (the State Council announces a year's in the autumn before). Until then "
    "the days that are free can be written into closed_days of community.yaml."
)


def unknown_holidays(years: Sequence[int]) -> str:
    """Of years into which deadlines in working days reach."""
    return say("The public holidays of {years} are not known yet.", years=say(" and ").join(map(str, years)))


def minute(moment: str | None, *, year: bool = False, zone: bool = False) -> str:
    """A time in this machine's zone."""
    if not moment:
        return ""
    at = local(moment)
    return at.strftime(("%Y-" if year else "") + "%m-%d %H:%M") + (f" {zone_of(at)}" if zone else "")
