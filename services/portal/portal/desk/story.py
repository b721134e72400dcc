"""One timeline of a case: what people did, what rules did, and which letters were delivered."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from portal.desk.names import Names
from portal.desk.next_step import moment


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened."""

    at: datetime
    from_whom: Literal["person", "reporter", "rule", "letter"]
    who: str
    what: str
    """A history's word without `linli.case.` and version; of a letter its channel."""
    data: Mapping[str, Any]
    sequence: int | None = None


def timeline(history: Iterable[Mapping[str, Any]], letters: Iterable[Mapping[str, Any]], names: Names) -> list[Entry]:
    """Oldest first."""
    found = [step_of(each, names) for each in history]
    found += [_letter(each, names) for each in letters]
    return sorted(found, key=lambda entry: (entry.at, entry.sequence or 1_000_000))


def step_of(said: Mapping[str, Any], names: Names) -> Entry:
    by = said["by"]
    whom: Literal["person", "reporter", "rule"] = (
        "rule" if by == "linli" else "reporter" if by == "resident" else "person"
    )
    what = said["type"].split(".")[2]
    at = moment(said["at"])
    assert at is not None
    data = defaultdict(lambda: None, said["data"])  # an event leaves out what it does not say
    return Entry(at, whom, names.who(by), what, data, said["sequence"])


def meanwhile(history: Sequence[Mapping[str, Any]], version: int, names: Names) -> list[Entry]:
    """What happened after a version that somebody read."""
    return [step_of(each, names) for each in history if each["sequence"] > version]


def _letter(said: Mapping[str, Any], names: Names) -> Entry:
    kind, _, id = said["recipient"].partition(":")
    at = moment(said["finished_at"] or said["created_at"])
    assert at is not None
    return Entry(at, "letter", names.party(id) if kind == "party" else names.who("resident"), said["channel"], said)
