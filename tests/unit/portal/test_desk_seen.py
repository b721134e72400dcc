"""What a page of the desk shows already, and what would be news on it."""

import re
from types import SimpleNamespace
from typing import Any

from portal.desk.seen import MARKS, changed, marks_of, seen_of
from portal.desk.store import Presence


def step(sequence: int) -> Any:
    return SimpleNamespace(sequence=sequence)


def test_the_same_people_and_steps_are_no_news_in_whatever_order_they_come() -> None:
    grid, office = Presence("party", "grid-1"), Presence("operator", None)
    assert seen_of([grid, office], [step(3)]) == seen_of([office, grid], [step(3)])
    assert len({seen_of(*each) for each in (([], []), ([grid], []), ([office], []), ([], [step(3)]))}) == 4


def test_of_a_list_are_counted_those_that_moved_on_came_in_or_went() -> None:
    rows = [{"id": f"c{n}", "version": n} for n in range(50)]
    shown = marks_of(rows)
    assert re.fullmatch(MARKS, shown)
    assert changed(shown, shown) == changed("", "") == 0
    assert changed(shown, marks_of(reversed(rows))) == 0, "another order is no news of a case"
    assert changed(shown, marks_of([rows[0] | {"version": 9}, *rows[1:]])) == 1
    assert changed(shown, marks_of([{"id": "new", "version": 1}, *rows[:-1]])) == 1, (
        "one came in, and the last went over"
    )
    assert changed(shown, marks_of(rows[2:])) == 2
    assert changed("", marks_of(rows)) == 50
