"""Places in a list go into a cursor and come back."""

from datetime import UTC, datetime

import pytest

from linli.web.problems import Problem
from workflow.cases.api.searching import place_in, words_in
from workflow.cases.order import Order, Place

ID = "0199e0a4-7d1c-7c55-8d6f-0e6f6f1f9a01"


@pytest.mark.parametrize("place", [Place(ID), Place(ID, datetime(2026, 11, 24, 6, 0, 0, 123_000, UTC))])
def test_a_place_is_read_as_it_was_written(place: Place) -> None:
    assert Place.read(str(place)) == place


@pytest.mark.parametrize(("order", "cursor"), [(Order.NEWEST, f"1~{ID}"), (Order.AGE, ID)])
def test_a_cursor_of_another_order_is_refused(order: Order, cursor: str) -> None:
    with pytest.raises(Problem, match="another order"):
        place_in(order, cursor)


@pytest.mark.parametrize(
    ("q", "slug"), [("13900000101", "not_in_cases"), ("wang@residents.example", "not_in_cases"), ("灯", "invalid")]
)
def test_what_is_in_no_case_is_refused_with_where_to_look(q: str, slug: str) -> None:
    with pytest.raises(Problem) as refused:
        words_in(q)
    assert refused.value.slug == slug
