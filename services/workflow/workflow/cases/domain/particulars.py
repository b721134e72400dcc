"""What a case is about and where, and how that was before staff put it right."""

from collections.abc import Container
from dataclasses import dataclass, fields
from typing import TypedDict

from linli.contracts.intake.submission import Point
from linli.contracts.kinds import Kind
from linli.frozen import replace


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a case is about and where, in so far as it can be put right."""

    kind: Kind
    title: str
    neighbourhood: str | None
    category: str | None
    place: str | None
    location: Point | None


class Correction(TypedDict, total=False):
    """What is put right, by name; what stays is left out."""

    kind: Kind
    title: str
    neighbourhood: str | None
    category: str | None
    place: str | None
    location: Point | None


@dataclass(frozen=True, slots=True)
class Originals:
    """How a case was before something of it was put right."""

    reported: Particulars | None = None
    """How its reporter had it, once staff have put something of it right."""
    as_routed: Particulars | None = None
    """How it was when the rules were asked, where something has been put right since then."""


AS_REPORTED = Originals()
NAMES = tuple(each.name for each in fields(Particulars))


def put_right(about: Particulars, correction: Correction) -> Particulars:
    return replace(about, **correction)


def different(one: Particulars, other: Particulars) -> tuple[str, ...]:
    """The names of what is not the same in both, in order."""
    return tuple(name for name in NAMES if getattr(one, name) != getattr(other, name))


def with_those(about: Particulars, other: Particulars, names: Container[str]) -> Particulars:
    """The same, but with what is named as the other has it."""
    return Particulars(
        kind=(other if "kind" in names else about).kind,
        title=(other if "title" in names else about).title,
        neighbourhood=(other if "neighbourhood" in names else about).neighbourhood,
        category=(other if "category" in names else about).category,
        place=(other if "place" in names else about).place,
        location=(other if "location" in names else about).location,
    )


def in_words_of(about: Particulars, other: Particulars) -> Particulars:
    """The same in the other's words. Kind, neighbourhood and category are nobody's words."""
    return replace(about, title=other.title, place=other.place, location=other.location)


def kept_beside(originals: Originals, before: Particulars) -> Originals:
    """Put right for the first time, or for the first time since the rules were asked, it is kept as it was."""
    return Originals(originals.reported or before, originals.as_routed or before)


def routed_as_it_is(originals: Originals) -> Originals:
    """The rules have seen it as it is now."""
    return replace(originals, as_routed=None)
