"""Whom a round has reached, by building: for who goes from door to door. A building may be too small to publish it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from neighbourhood.rounds.domain.response import Response


@dataclass(frozen=True, slots=True)
class Reached:
    """Households of one building."""

    invited: int
    answered: int


def by_building(responses: Sequence[Response]) -> Mapping[str, Reached]:
    """In the order of the buildings' ids."""
    invited = Counter(each.building for each in responses)
    answered = Counter(each.building for each in responses if each.counts)
    return {building: Reached(invited[building], answered[building]) for building in sorted(invited)}
