"""Which reports are about an outage: where they are, when they were made, what they say."""

from datetime import timedelta
from typing import Any

import pytest

from linli.contracts.intake.submission import Point
from linli.contracts.kinds import Kind
from linli.contracts.workflow.outage import OutageFacts
from linli.contracts.workflow.outage_area import Area, Spot, building_of, lies_in
from linli.contracts.workflow.outage_matching import concerns
from tests.support.builders import NOON, square


def spot(said: str = "停水了", neighbourhood: str | None = "east", at: tuple[float, float] | None = None) -> Spot:
    return Spot(neighbourhood=neighbourhood, said=said, location=Point(lon=at[0], lat=at[1]) if at else None)


def outage(**said: Any) -> OutageFacts:
    data: dict[str, Any] = {"utility": "water", "starts_at": NOON, "category": "water.supply"}
    data |= {"area": {"neighbourhoods": ["east"]}, "touches": ["east"]}
    return OutageFacts.model_validate(data | said)


def is_it(facts: OutageFacts, where: Spot, category: str | None = None, after: timedelta = timedelta()) -> bool:
    return concerns(facts, Kind.REPORT, category, where, NOON + after)


@pytest.mark.parametrize(
    ("category", "said", "expected"),
    [
        ("water.supply", "水表坏了", True),
        ("water.supply.outage", "没水", True),
        ("water.supplyless", "没水", False),
        ("water", "家里没水", True),
        ("water", "下水堵了", False),
        ("water.drainage", "停水", False),
        (None, "No Water since noon", True),
        (None, "Ｎｏ　ｗａｔｅｒ", True),
        (None, "停 水 了", True),
        (None, "楼道灯不亮", False),
        (None, "停电了", False),
    ],
)
def test_by_its_category_or_else_by_its_words(category: str | None, said: str, expected: bool) -> None:
    assert is_it(outage(), spot(said), category) is expected


def test_words_decide_where_the_outage_has_no_category() -> None:
    assert is_it(outage(category=None), spot("没水"), "whatever.it.is")
    assert not is_it(outage(category=None), spot("水表"), "water")


@pytest.mark.parametrize(("planned", "early"), [(False, timedelta(hours=2)), (True, timedelta(minutes=15))])
def test_people_know_it_a_little_before_the_company_says_so(planned: bool, early: timedelta) -> None:
    assert is_it(outage(planned=planned), spot(), after=-early)
    assert not is_it(outage(planned=planned), spot(), after=-early - timedelta(seconds=1))
    assert is_it(outage(planned=planned), spot(), after=timedelta(days=3)), "it lasts until somebody says otherwise"


@pytest.mark.parametrize("kind", [Kind.DEMAND, Kind.DISPUTE, Kind.ALARM])
def test_only_reports_are(kind: Kind) -> None:
    assert not concerns(outage(), kind, None, spot(), NOON)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("3号楼2单元", True),
        ("三号楼", True),
        ("3栋", True),
        ("Building 3", True),
        ("13号楼", False),
        ("5号楼", False),
        ("3号楼和5号楼都没水", True),
        ("家里没水", True),
        ("翠竹苑没水", True),
    ],
)
def test_a_building_is_known_however_it_is_written(said: str, expected: bool) -> None:
    area = Area.model_validate({"buildings": [{"neighbourhood": "east", "name": "3 幢"}]})
    assert lies_in(area, frozenset({"east"}), spot(said)) is expected


def test_a_building_with_a_name_is_found_by_it() -> None:
    area = Area.model_validate({"buildings": [{"neighbourhood": "east", "name": "翠竹苑"}]})
    assert lies_in(area, frozenset({"east"}), spot("翠竹苑没水"))
    assert lies_in(area, frozenset({"east"}), spot("翠竹苑，在 5号楼 旁边"))
    assert not lies_in(area, frozenset({"east"}), spot("5号楼没水"))


def test_a_polygon_holds_its_points_and_asks_the_rest_of_what_it_touches() -> None:
    area = Area.model_validate({"polygon": square(120.40, 36.10)})
    touched = frozenset({"east"})
    assert lies_in(area, touched, spot(neighbourhood=None, at=(120.405, 36.105)))
    assert not lies_in(area, touched, spot(at=(120.415, 36.105)))
    assert lies_in(area, touched, spot()), "it says no point"
    assert not lies_in(area, touched, spot(neighbourhood="west"))
    assert not lies_in(area, touched, spot(neighbourhood=None))


def test_a_hole_is_outside() -> None:
    ring = square(120.40, 36.10)["coordinates"][0]
    hole = square(120.404, 36.104, 0.002)["coordinates"][0]
    area = Area.model_validate({"polygon": {"coordinates": [ring, hole]}})
    assert not lies_in(area, frozenset(), spot(at=(120.405, 36.105)))
    assert lies_in(area, frozenset(), spot(at=(120.401, 36.101)))


def test_the_building_of_a_report_is_the_only_one_that_it_names() -> None:
    assert building_of(spot("三号楼没水")) == "east/3"
    assert building_of(spot("3号楼和5号楼")) is None
    assert building_of(spot("没水")) is None
    assert building_of(spot("3号楼", neighbourhood=None)) is None
