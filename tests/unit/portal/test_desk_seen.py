"""What a page of the desk shows already, and what would be news on it."""

from types import SimpleNamespace
from typing import Any

from portal.desk.seen import seen_of
from portal.desk.store import Presence


def step(sequence: int) -> Any:
    return SimpleNamespace(sequence=sequence)


def test_the_same_people_and_steps_are_no_news_in_whatever_order_they_come() -> None:
    grid, office = Presence("party", "grid-1"), Presence("operator", None)
    assert seen_of([grid, office], [step(3)]) == seen_of([office, grid], [step(3)])
    assert len({seen_of(*each) for each in (([], []), ([grid], []), ([office], []), ([], [step(3)]))}) == 4
