"""Whom a round has reached, by building: for who goes from door to door. A building may be too small to publish it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reached:
    """Households of one building."""

    invited: int
    answered: int
