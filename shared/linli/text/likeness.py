"""The likelihood that two reports are about one matter, with reasons. A person decides about merging.

The score is a sum of shares that a person can read. What both say and is alike adds to it: the words, the places that
are named, the category, where it is. What both name and is not the same (another building, another neighbourhood,
weeks between them) takes a part of it away. docs/repeats.md tells where the weights come from, and how well they do on
matters that they were not found on.
"""

import heapq
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

from rapidfuzz import fuzz

from linli.contracts.intake.submission import Point
from linli.frozen import replace
from linli.text.wording import BUILDING, GATE, UNIT, places_of, words_of

T = TypeVar("T")

LIKELY = 0.55
"""What scores less is not worth a person's look."""
TEXT, PLACE, CATEGORY, WHERE = 0.70, 0.15, 0.10, 0.05
"""What each adds when it is wholly alike. What is not known of both, the others make up for in proportion."""
OTHER = {BUILDING: 0.3, UNIT: 0.5, GATE: 0.5}
"""What is left of a score when both name one, and not the same one."""
OTHER_NEIGHBOURHOOD, FAR = 0.2, 0.3
LONG_BEFORE = 0.8
"""What is left when `LONG` lies between them; less time takes away less."""
LONG = timedelta(days=60)
BESIDE, APART = 50.0, 400.0
"""Metres: up to here it is one place; from there on it is another."""


class Because(StrEnum):
    """What speaks for it, or against."""

    TEXT = "text"
    SAME_PLACE = "same_place"
    SAME_CATEGORY = "same_category"
    SAME_NEIGHBOURHOOD = "same_neighbourhood"
    METRES = "metres"
    OTHER_PLACE = "other_place"
    OTHER_NEIGHBOURHOOD = "other_neighbourhood"
    FAR = "far"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for it, or with a negative share against it. The shares add up to the score."""

    because: Because
    share: float
    value: str | float
    """`text`: how alike, 0 to 1. `metres`, `far`: how many metres. `days`: how many. Else which place or category."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """From 0, nothing in common, to 1, the same."""

    score: float
    reasons: tuple[Reason, ...]

    @property
    def rounded_reasons(self) -> list[Reason]:
        """The reasons for a person: shares in hundredths, without those that come to none."""
        rounded = (replace(reason, share=round(reason.share, 2)) for reason in self.reasons)
        return [reason for reason in rounded if reason.share]


@dataclass(frozen=True)
class Matter:
    """What is looked at of a submission or a case. It is taken apart once, when it is first compared."""

    title: str
    at: datetime
    text: str = ""
    place: str | None = None
    neighbourhood: str | None = None
    category: str | None = None
    location: Point | None = None

    @cached_property
    def words(self) -> str:
        """Of title and text."""
        return words_of(f"{self.title} {self.text}")

    @cached_property
    def places(self) -> Mapping[str, frozenset[str]]:
        """Of each kind those that title and place name or, where these name none, the text."""
        return places_of(self.text) | places_of(f"{self.title} {self.place or ''}")


def likeness(one: Matter, other: Matter) -> Likeness:
    """How likely two matters are one; the same whichever comes first."""
    known = list(_alike(one, other))
    weight = sum(each.weight for each in known)
    reasons = [Reason(each.because, each.weight * each.degree / weight, each.value) for each in known]
    score = sum(reason.share for reason in reasons)
    for because, left, value in _against(one, other):
        reasons.append(Reason(because, score * (left - 1), value))
        score *= left
    return Likeness(min(score, 1.0), tuple(reason for reason in reasons if reason.share))


def most_like(
    matter: Matter, others: Iterable[tuple[T, Matter]], limit: int, at_least: float = LIKELY
) -> list[tuple[T, Likeness]]:
    """Those that score enough, the likeliest first; of equals those that were named first."""
    near = ((each, other) for each, other in others if _at_most(matter, other) >= at_least)
    scored = ((each, likeness(matter, other)) for each, other in near)
    return heapq.nsmallest(limit, (pair for pair in scored if pair[1].score >= at_least), lambda pair: -pair[1].score)


def _at_most(one: Matter, other: Matter) -> float:
    """What they can score whatever they say, and a little more: their words cost most, and need not be compared."""
    return 1.000_001 * math.prod(left for _, left, _ in _against(one, other))


def metres(one: Point, other: Point) -> float:
    """How far apart two points are, on a sphere; right to half a percent, away from the poles."""
    between = (other.lon - one.lon + 180) % 360 - 180
    across = math.radians(between) * math.cos(math.radians((one.lat + other.lat) / 2))
    return 6_371_000 * math.hypot(across, math.radians(other.lat - one.lat))


@dataclass(frozen=True, slots=True)
class _Alike:
    because: Because
    weight: float
    degree: float
    """0 to 1."""
    value: str | float


def _alike(one: Matter, other: Matter) -> Iterator[_Alike]:
    """What is known of both."""
    degree = _wording(one.words, other.words)
    yield _Alike(Because.TEXT, TEXT, degree, round(degree, 2))
    if kinds := [kind for kind in OTHER if kind in one.places and kind in other.places]:
        shared = [f"{name}{kind}" for kind in kinds for name in sorted(one.places[kind] & other.places[kind])]
        yield _Alike(Because.SAME_PLACE, PLACE, bool(shared), " ".join(shared))
    if one.category and other.category:
        degree, common = _kinship(one.category, other.category)
        yield _Alike(Because.SAME_CATEGORY, CATEGORY, degree, common)
    if one.location and other.location:
        apart = metres(one.location, other.location)
        degree = min(1.0, max(0.0, (APART - apart) / (APART - BESIDE)))
        yield _Alike(Because.METRES, WHERE, degree, round(apart))
    elif one.neighbourhood and other.neighbourhood:
        same = one.neighbourhood == other.neighbourhood
        yield _Alike(Because.SAME_NEIGHBOURHOOD, WHERE, same, one.neighbourhood)


def _against(one: Matter, other: Matter) -> Iterator[tuple[Because, float, str | float]]:
    """What is left of the score by each thing that differs, and which it is."""
    for kind, left in OTHER.items():
        first, second = one.places.get(kind), other.places.get(kind)
        if first and second and not first & second:
            yield Because.OTHER_PLACE, left, kind
            break
    if one.location and other.location:
        if (apart := metres(one.location, other.location)) > APART:
            yield Because.FAR, FAR, round(apart)
    elif one.neighbourhood and other.neighbourhood and one.neighbourhood != other.neighbourhood:
        yield Because.OTHER_NEIGHBOURHOOD, OTHER_NEIGHBOURHOOD, ""
    between = abs(one.at - other.at)
    yield Because.DAYS, 1 - (1 - LONG_BEFORE) * min(between / LONG, 1.0), between.days


def _wording(one: str, other: str) -> float:
    """Half for the words that both have, whatever else is said; half for how much else is said."""
    if not one or not other:
        return float(one == other)
    return (fuzz.token_set_ratio(one, other) + fuzz.token_sort_ratio(one, other)) / 200


def _kinship(one: str, other: str) -> tuple[float, str]:
    """1 for the same category, less for two that share only the upper part of the tree; and that part."""
    first, second = one.split("."), other.split(".")
    depth = 0
    while depth < min(len(first), len(second)) and first[depth] == second[depth]:
        depth += 1
    return depth / max(len(first), len(second)), ".".join(first[:depth])
