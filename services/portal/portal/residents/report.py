"""What a resident's form becomes: a submission, and the questions that are asked before it is sent."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from linli.contracts.kinds import Kind, Language
from linli.text.coordinates import Crs

KINDS = (Kind.REPORT, Kind.DEMAND, Kind.DISPUTE)
"""What residents send; an alarm is a device's."""
MATTER = ("community", "kind", "title", "text", "category", "neighbourhood", "place")
CONTACT = ("name", "phone", "email")
SAME_AS = "same_as"
"""An earlier report's reference: by this reporter's word it is the same matter. What cannot be one is left out."""
_REFERENCE = re.compile(r"[A-Za-z0-9_-]{43}")
AT_MOST = {"title": 200, "text": 8_000, "place": 200, "name": 80, "phone": 40, "email": 254}
"""Characters, as intake takes them."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known before something is sent."""

    categories: Sequence[Mapping[str, Any]] = ()
    """Those that its words speak of, likeliest first."""
    similar: Sequence[Mapping[str, Any]] = ()
    """Earlier ones that may be the same matter."""
    outages: Sequence[Mapping[str, Any]] = ()
    """What is off there by a company's word."""

    def __bool__(self) -> bool:
        return bool(self.categories or self.similar or self.outages)


@dataclass(frozen=True, slots=True)
class Draft:
    """The page's form: what stands in it, and what is wrong with it."""

    said: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    """Field → in words."""

    def value(self, name: str) -> str:
        return self.said.get(name, "")

    def fault(self, name: str) -> str | None:
        return self.faults.get(name)


def matter_of(said: Mapping[str, str], crs: Crs) -> dict[str, Any]:
    """What it is about, as intake takes it; nobody says who they are."""
    matter: dict[str, Any] = {name: said[name] for name in MATTER if said.get(name)}
    if (point := point_of(said)) is not None:
        matter["location"] = {"lon": point[0], "lat": point[1], "crs": crs.value}
    return matter


def submission_of(said: Mapping[str, str], crs: Crs, language: Language) -> dict[str, Any]:
    """All that is sent to intake."""
    contact = {name: said[name] for name in CONTACT if said.get(name)}
    whole = matter_of(said, crs) | {"reporter": contact | {"language": language.value}}
    if said.get("different"):
        whole["different"] = True
    if _REFERENCE.fullmatch(said.get(SAME_AS, "")):
        whole[SAME_AS] = said[SAME_AS]
    return whole


def point_of(said: Mapping[str, str]) -> tuple[float, float] | None:
    """Longitude and latitude, where both are numbers of degrees."""
    try:
        lon, lat = float(said.get("lon", "")), float(said.get("lat", ""))
    except ValueError:
        return None
    return (lon, lat) if -180 <= lon <= 180 and -90 <= lat <= 90 else None


def faults_of(errors: Sequence[Mapping[str, str]] | None) -> dict[str, str]:
    """What a service found wrong, by the field of the form: `reporter.phone` is `phone`."""
    found: dict[str, str] = {}
    for each in errors or ():
        path = str(each.get("field", "")).split(".")
        name = path[1] if path[0] == "reporter" and len(path) > 1 else path[0]
        found.setdefault(name, str(each.get("message", "")))
    return found


def grouped(categories: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """By the name of the first level above; in the order of the data."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for each in categories:
        groups.setdefault(str(each["group"]), []).append(each)
    return groups
