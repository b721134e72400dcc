"""A case as stored in the database: flat, however its fields are grouped in memory.

Besides the case itself: `grams`, the search terms, and `owed_by`, the next deadline.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from linli.contracts.intake.submission import Point
from linli.contracts.kinds import Channel, Kind, Language
from linli.contracts.workflow.case import CaseState, Deadline, Stage, Waiting
from linli.contracts.workflow.community import Level
from linli.storage import mongo
from linli.text.grams import grams_of
from workflow.cases.domain.case import Case, Evidence
from workflow.cases.domain.clock import Clock
from workflow.cases.domain.escalation import Escalation
from workflow.cases.domain.family import Family
from workflow.cases.domain.feedback import Feedback
from workflow.cases.domain.owed import owed
from workflow.cases.domain.particulars import Originals, Particulars
from workflow.cases.domain.progress import Progress

NOT_READ = {"grams": 0, "owed_by": 0}
"""What only indexes need: worked out of the case whenever it is written."""
SEARCHED = 150
"""Characters of a text that words are found in: each pair of letters costs when a case is opened."""


def flat(case: Case) -> dict[str, Any]:
    """All fields of a case and of its values, by the names that they have in the database and in answers."""
    return dict(zip(_PATHS, _all_of(case), strict=True))


def document_of(case: Case) -> mongo.Document:
    document = flat(case)
    for name, written in _WRITTEN.items():
        if (value := document[name]) is not None:
            document[name] = written(value)
    for name in _SPARSE:
        if document[name] is None:
            del document[name]
    if (by := next_owed(case)) is not None:
        document["owed_by"] = by
    return {"_id": document.pop("id")} | document | {"grams": _grams(case)}


def case_of(doc: mongo.Document) -> Case:
    """A field that a document does not have yet has its default."""
    found = dict(doc) | {"id": doc["_id"]}
    for name, read in _READ.items():
        if (value := found.get(name)) is not None:
            found[name] = read(value)
    values = {group: kind(**_those(names, found)) for group, (kind, names) in _VALUES.items()}
    return Case(**_those(_OWN, found), **values)


def _those(names: Iterable[str], found: dict[str, Any]) -> dict[str, Any]:
    return {name: found[name] for name in names if name in found}


def indexed(case: Case) -> mongo.Document:
    """What a case from before there were these fields gets."""
    document = document_of(case)
    return {name: document[name] for name in NOT_READ if name in document}


def next_owed(case: Case) -> datetime | None:
    """The earliest deadline; none while the clock stands still, or where another case is dealt with in its place."""
    return None if case.clock.paused_at or case.family.merged_into else min((by for _, by in owed(case)), default=None)


def _grams(case: Case) -> list[str]:
    """What it is found by: its words as they are, and the reporter's own where staff have put them right."""
    reported = case.originals.reported
    own = (reported.title, reported.place) if reported else ()
    return sorted(grams_of(case.about.title, case.text[:SEARCHED], case.about.place, *own))


def _stored_particulars(particulars: Particulars) -> mongo.Document:
    return asdict(particulars) | {
        "kind": particulars.kind.value,
        "location": particulars.location and _lon_lat(particulars.location),
    }


def _particulars(doc: mongo.Document) -> Particulars:
    place = doc["location"] and _point(doc["location"])
    return Particulars(**dict(doc) | {"kind": Kind(doc["kind"]), "location": place})


def _lon_lat(point: Point) -> list[float]:
    return [point.lon, point.lat]


def _point(lon_lat: Sequence[float]) -> Point:
    return Point(lon=lon_lat[0], lat=lon_lat[1])


def _pictures(evidence: Iterable[Evidence]) -> list[mongo.Document]:
    return [asdict(each) | {"stage": each.stage.value} for each in evidence]


def _evidence(docs: Iterable[mongo.Document]) -> tuple[Evidence, ...]:
    return tuple(Evidence(**each | {"stage": Stage(each["stage"])}) for each in docs)


def _deadlines(names: Iterable[str]) -> frozenset[Deadline]:
    return frozenset(map(Deadline, names))


_KINDS: dict[str, Any] = {
    "about": Particulars,
    "originals": Originals,
    "clock": Clock,
    "progress": Progress,
    "feedback": Feedback,
    "escalation": Escalation,
    "family": Family,
}
_VALUES: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    name: (kind, tuple(each.name for each in fields(kind))) for name, kind in _KINDS.items()
}
"""The values that a case is made of, each with the names of its fields: in the database all lie side by side."""
_OWN = tuple(each.name for each in fields(Case) if each.name not in _VALUES)
_PATHS = {name: name for name in _OWN} | {
    name: f"{value}.{name}" for value, (_, names) in _VALUES.items() for name in names
}
_all_of = attrgetter(*_PATHS.values())
_SPARSE = ("due_at", "escalated_to", "merged_into", "part_of", "external_id", "reported", "as_routed", "invites_to")
"""Left out where there is none, so that their indexes hold only what is due, or has gone up."""
_ENUMS = {
    "kind": Kind,
    "channel": Channel,
    "state": CaseState,
    "language": Language,
    "waiting_for": Waiting,
    "had_state": CaseState,
    "reached": Level,
}
_READ: dict[str, Callable[[Any], Any]] = {
    **_ENUMS,
    **dict.fromkeys(("returned_by", "followers", "parts"), tuple),
    **dict.fromkeys(("missed", "reminded"), _deadlines),
    **dict.fromkeys(("reported", "as_routed"), _particulars),
    "location": _point,
    "evidence": _evidence,
}
_WRITTEN: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_ENUMS, attrgetter("_value_")),
    **dict.fromkeys(("missed", "reminded"), sorted),
    **dict.fromkeys(("reported", "as_routed"), _stored_particulars),
    "location": _lon_lat,
    "evidence": _pictures,
}
