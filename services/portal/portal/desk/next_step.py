"""What is to be done next with a case, until when, and which clock says so: the first thing that a list tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

SOON = timedelta(hours=2)
"""Less than this is left: it stands out before it is late."""
Tone: TypeAlias = Literal["ok", "wait", "late", "bad", "off"]
_UNDER_WAY = frozenset({"triage", "dispatched", "returned", "accepted"})
_FIRST = {"triage": "route", "dispatched": "accept", "returned": "arbitrate"}
"""What the first clock of each state is about."""


@dataclass(frozen=True, slots=True)
class Clock:
    """One deadline of a case."""

    name: str
    """`accept`, `answer`, `resolve`, `decide`, `level`."""
    by: datetime
    met_at: datetime | None
    standing: Literal["next", "owed", "paused", "met", "late", "met_late", "over"]
    """`next` is the one that runs out first; `over`: nobody owes it any more."""


@dataclass(frozen=True, slots=True)
class Next:
    """What is next."""

    what: str
    clock: str | None
    by: datetime | None
    tone: Tone


def moment(said: str | datetime | None) -> datetime | None:
    return datetime.fromisoformat(said) if isinstance(said, str) else said


def next_step(case: Mapping[str, Any], now: datetime) -> Next:
    """Of a case as workflow shows it."""
    if case["merged_into"]:
        return Next("follow", None, None, "off")
    if case["state"] in {"closed", "withdrawn"}:
        return Next("nothing", None, None, "off")
    if case["paused_at"]:
        return Next(f"wait_{case['waiting_for'] or 'other'}", None, None, "wait")
    owed = _owed(case)
    if case["parts"] and case["state"] == "accepted":
        by = dict(owed).get("resolve")
        return Next("parts", "resolve" if by else None, by, _tone(by, now))
    if not owed:
        return Next("ask" if case["state"] == "resolved" else "nothing", None, None, "off")
    clock, by = min(owed, key=lambda each: each[1])
    what = _FIRST.get(case["state"], clock) if clock == "accept" else clock
    return Next(what, clock, by, _tone(by, now))


def clocks(case: Mapping[str, Any], now: datetime) -> list[Clock]:
    """Every deadline that the case has or had, in the order of a case's life."""
    owed = _owed(case)
    first = min(owed, key=lambda each: each[1])[0] if owed else None
    met = {"accept": "accepted_at", "answer": "answered_at", "resolve": "resolved_at"}
    found = []
    for name in ("accept", "answer", "resolve", "decide", "level"):
        if (by := moment(case[f"{name}_by"])) is None:
            continue
        at = moment(case[met[name]]) if name in met else None
        found.append(Clock(name, by, at, _standing(case, name, by, at, dict(owed), first, now)))
    return found


def minutes_left(by: datetime, now: datetime) -> int:
    """Whole minutes; below zero since it is late."""
    return int((by - now).total_seconds() // 60)


def _owed(case: Mapping[str, Any]) -> list[tuple[str, datetime]]:
    return [(each["deadline"], datetime.fromisoformat(each["by"])) for each in case["owed"]]


def _standing(
    case: Mapping[str, Any],
    name: str,
    by: datetime,
    at: datetime | None,
    owed: Mapping[str, datetime],
    first: str | None,
    now: datetime,
) -> Literal["next", "owed", "paused", "met", "late", "met_late", "over"]:
    if name in owed or (name == "level" and case["state"] in _UNDER_WAY):
        if case["paused_at"]:
            return "paused"
        if by < now:
            return "late"
        return "next" if name == first else "owed"
    if at is None:
        return "over"
    return "met_late" if at > by or name in case["missed"] else "met"


def _tone(by: datetime | None, now: datetime) -> Tone:
    if by is None:
        return "off"
    if by < now:
        return "bad"
    return "late" if by - now < SOON else "ok"
