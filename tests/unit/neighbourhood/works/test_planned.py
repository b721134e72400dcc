"""A package is of what a final plan says, item by item."""

import pytest

from linli.frozen import replace
from neighbourhood.works.domain.planned import PlannedItems, against
from tests.unit.neighbourhood.works.site import opening

PLAN = PlannedItems("fushan", "n-1", "a" * 64, {"item-1": ("d-1", "d-2"), "item-2": ("d-3",), "item-3": ()})


def test_items_and_demands_of_a_final_plan_may_be_built() -> None:
    assert against(PLAN, opening()) is None
    assert against(PLAN, opening(items=("item-3",), demands=())) is None


@pytest.mark.parametrize(
    ("plan", "wanted", "slug"),
    [
        (None, {}, "unknown_plan"),
        (replace(PLAN, neighbourhood="n-2"), {}, "unknown_plan"),
        (replace(PLAN, final_hash=None), {}, "plan_not_final"),
        (replace(PLAN, final_hash="b" * 64), {}, "not_the_plan"),
        (PLAN, {"items": ("item-1", "item-9")}, "unknown_item"),
        (PLAN, {"items": ("item-1",)}, "unknown_demand"),
    ],
)
def test_what_the_plan_does_not_say_is_refused(plan: PlannedItems | None, wanted: dict[str, object], slug: str) -> None:
    refusal = against(plan, opening(**wanted))
    assert refusal is not None and refusal.slug == slug and refusal.pointer
    assert refusal.why and refusal.why.chinese
