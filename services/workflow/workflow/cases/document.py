"""A case as it stands in the database.

Beside the case itself: `grams`, by which words find it, and `owed_by`, by when the next thing is owed.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import Any

from linli.contracts.case import CaseState, Deadline, Stage, Waiting
from linli.contracts.community import Level
from linli.contracts.kinds import Channel, Kind, Language
from linli.contracts.submission import Point
from linli.storage import mongo
from linli.text.grams import grams_of
from workflow.cases.domain.case import Case, Evidence, Particulars
from workflow.cases.domain.clock import owed

NOT_READ = {"grams": 0, "owed_by": 0}
"""What only indexes need: worked out of the case whenever it is written."""
SEARCHED = 150
"""Characters of a text that words are found in: each pair of letters costs when a case is opened."""


def document_of(case: Case) -> mongo.Document:
    document = {name: getattr(case, name) for name in _PLAIN}
    enums = {name: value.value if (value := getattr(case, name)) else None for name in _ENUMS}
    sets = {name: sorted(getattr(case, name)) for name in _SETS}
    sparse = {name: value for name in _SPARSE if (value := getattr(case, name)) is not None}
    sparse |= {name: _said(value) for name in _SAID if (value := getattr(case, name)) is not None}
    evidence = [asdict(each) | {"stage": each.stage.value} for each in case.evidence]
    own: dict[str, Any] = {"location": _lon_lat(case.location), "evidence": evidence, "grams": _grams(case)}
    if (by := next_owed(case)) is not None:
        own["owed_by"] = by
    return {"_id": case.id} | document | enums | sets | sparse | own


def case_of(doc: mongo.Document) -> Case:
    """A field that a document does not have yet has its default."""
    fields: dict[str, Any] = {name: doc[name] for name in (*_PLAIN, *_SPARSE) if name in doc}
    fields |= {name: kind(doc[name]) for name, kind in _ENUMS.items() if doc.get(name) is not None}
    fields |= {name: tuple(doc.get(name, ())) for name in _LISTS}
    fields |= {name: frozenset(map(Deadline, doc.get(name, ()))) for name in _SETS}
    fields["evidence"] = tuple(Evidence(**each | {"stage": Stage(each["stage"])}) for each in doc.get("evidence", ()))
    fields |= {name: _particulars(doc[name]) for name in _SAID if name in doc}
    return Case(**fields, id=doc["_id"], location=_point(doc["location"]))


def indexed(case: Case) -> mongo.Document:
    """What a case from before there were these fields gets."""
    document = document_of(case)
    return {name: document[name] for name in NOT_READ if name in document}


def next_owed(case: Case) -> datetime | None:
    """The earliest deadline; none while the clock stands still, or where another case is dealt with in its place."""
    return None if case.paused_at or case.merged_into else min((by for _, by in owed(case)), default=None)


def _grams(case: Case) -> list[str]:
    """What it is found by: its words as they are, and the reporter's own where staff have put them right."""
    reported = case.reported
    own = (reported.title, reported.place) if reported else ()
    return sorted(grams_of(case.title, case.text[:SEARCHED], case.place, *own))


def _said(said: Particulars) -> mongo.Document:
    return asdict(said) | {"kind": said.kind.value, "location": _lon_lat(said.location)}


def _particulars(doc: mongo.Document) -> Particulars:
    return Particulars(**dict(doc) | {"kind": Kind(doc["kind"]), "location": _point(doc["location"])})


def _lon_lat(point: Point | None) -> list[float] | None:
    return [point.lon, point.lat] if point else None


def _point(lon_lat: Sequence[float] | None) -> Point | None:
    return Point(lon=lon_lat[0], lat=lon_lat[1]) if lon_lat else None


_ENUMS: dict[str, type[StrEnum]] = {
    "kind": Kind,
    "channel": Channel,
    "state": CaseState,
    "language": Language,
    "waiting_for": Waiting,
    "had_state": CaseState,
    "reached": Level,
}
_SETS = ("missed", "reminded")
_LISTS = ("returned_by", "followers", "parts")
_SPARSE = ("due_at", "escalated_to", "merged_into", "part_of", "external_id")
"""Left out where there is none, so that their indexes hold only what is due, or has gone up."""
_SAID = ("reported", "as_routed")
_NOT_PLAIN = {"id", "location", "evidence", *_SPARSE, *_ENUMS, *_SETS, *_SAID}
_PLAIN = tuple(name for name in Case.__slots__ if name not in _NOT_PLAIN)
