"""How likely two matters are one: bounds, symmetry, what speaks for it and what against."""

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.contracts.intake.submission import Point
from linli.text.likeness import LIKELY, Because, Likeness, Matter, Reason, likeness, metres, most_like
from tests.support.builders import NOON

WORDS = [
    "路灯",
    "不亮",
    "电梯",
    "停运",
    "垃圾",
    "没人",
    "清理",
    "3号楼",
    "5号楼",
    "2单元",
    "东门",
    "水管",
    "爆裂",
    "lamp",
    "broken",
]
texts = st.lists(st.sampled_from(WORDS), max_size=12).map("，".join) | st.text(max_size=60)
points = st.builds(Point, lon=st.floats(120.40, 120.42), lat=st.floats(36.10, 36.12))
matters = st.builds(
    Matter,
    title=texts,
    at=st.integers(0, 100).map(lambda days: NOON + timedelta(days=days)),
    text=texts,
    place=st.none() | texts,
    neighbourhood=st.none() | st.sampled_from(["east", "west"]),
    category=st.none() | st.sampled_from(["facilities.lift.fault", "facilities.lift.install", "facilities", "water"]),
    location=st.none() | points,
)
LAMP = Matter("3号楼2单元门口路灯不亮", NOON, "晚上看不见台阶", None, "east", "facilities.lighting.street")


def lamp(title: str = "3号楼2单元门前路灯不亮", **said: Any) -> Matter:
    """Another report of `LAMP`, with something changed."""
    known = {"at": NOON, "text": "看不见台阶", "neighbourhood": "east", "category": "facilities.lighting.street"}
    return Matter(title, **known | said)


def because(one: Matter, other: Matter) -> dict[Because, str | float]:
    return {reason.because: reason.value for reason in likeness(one, other).reasons}


@given(matters, matters)
def test_it_does_not_matter_which_comes_first(one: Matter, other: Matter) -> None:
    assert likeness(one, other).score == pytest.approx(likeness(other, one).score)


@given(matters, matters)
def test_a_score_is_between_0_and_1_and_the_sum_of_its_shares(one: Matter, other: Matter) -> None:
    found = likeness(one, other)
    assert 0 <= found.score <= 1
    assert found.score == pytest.approx(sum(reason.share for reason in found.reasons), abs=1e-9)


@given(matters)
def test_what_is_the_same_scores_1(matter: Matter) -> None:
    assert likeness(matter, matter).score == pytest.approx(1)


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_words_does_not_matter(words: list[str], chance: random.Random) -> None:
    shuffled = chance.sample(words, len(words))
    found = likeness(Matter("，".join(words), NOON), Matter("，".join(shuffled), NOON))
    assert found.score == pytest.approx(1)


@given(matters, st.integers(1, 99), st.integers(1, 99))
def test_another_building_lowers_the_score_by_much(matter: Matter, one: int, other: int) -> None:
    def in_building(number: int) -> Matter:
        return Matter(f"{number}号楼路灯不亮", matter.at, "", None, matter.neighbourhood, matter.category, None)

    score = likeness(in_building(one), in_building(other)).score
    assert score == pytest.approx(1) if one == other else score < LIKELY


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"title": "5号楼2单元门前路灯不亮"}, Because.OTHER_PLACE),
        ({"title": "3号楼4单元门前路灯不亮"}, Because.OTHER_PLACE),
        ({"neighbourhood": "west"}, Because.OTHER_NEIGHBOURHOOD),
        ({"at": NOON + timedelta(days=30)}, Because.DAYS),
    ],
)
def test_what_differs_takes_from_the_score_and_is_named(change: dict[str, Any], reason: Because) -> None:
    assert likeness(LAMP, lamp(**change)).score < likeness(LAMP, lamp()).score
    (share,) = [each.share for each in likeness(LAMP, lamp(**change)).reasons if each.because is reason]
    assert share < 0


def test_another_category_lowers_the_score_the_less_the_nearer_it_stands_in_the_tree() -> None:
    same, near, far = (
        likeness(LAMP, lamp(category=category)).score
        for category in ("facilities.lighting.street", "facilities.lighting.stairwell", "water.supply")
    )
    assert same > near > far


def test_a_reason_says_what_a_person_would_want_to_know() -> None:
    here, beside = Point(lon=120.4050, lat=36.1050), Point(lon=120.4061, lat=36.1050)
    found = because(lamp(location=here), lamp(title="三号楼二单元路灯坏了", location=beside))
    assert found[Because.SAME_PLACE] == "3号楼 2单元"
    assert found[Because.METRES] == 99
    assert found[Because.SAME_CATEGORY] == "facilities.lighting.street"
    assert isinstance(found[Because.TEXT], float)


def test_points_count_more_than_the_names_of_neighbourhoods() -> None:
    here, beside, away = (Point(lon=lon, lat=36.105) for lon in (120.4050, 120.4052, 120.4150))
    over_the_border = likeness(lamp(location=here), lamp(location=beside, neighbourhood="west"))
    same_name = likeness(lamp(location=here), lamp(location=away))
    assert over_the_border.score > LIKELY > same_name.score
    assert Because.FAR in {reason.because for reason in same_name.reasons}


def test_clear_cases_are_on_their_sides_of_the_threshold() -> None:
    same = [
        lamp(),
        lamp("3号楼二单元门口的路灯坏了，不亮"),
        Matter("3号楼2单元路灯不亮", NOON + timedelta(days=3), "晚上看不见台阶", None, "east"),
    ]
    different = [
        lamp("5号楼1单元门口路灯不亮"),
        lamp(neighbourhood="west"),
        lamp("3号楼2单元电梯停运", text="老人下不了楼", category="facilities.lift.fault"),
        Matter("东门水管爆了", NOON, "水流了一地", None, "east", "water.supply.burst"),
    ]
    assert all(likeness(LAMP, other).score >= LIKELY for other in same)
    assert all(likeness(LAMP, other).score < LIKELY for other in different)


def test_the_likeliest_come_first_and_no_more_than_asked_for() -> None:
    others = [("other", lamp("5号楼路灯不亮")), ("alike", lamp("3号楼2单元路灯坏了")), ("same", LAMP), ("again", LAMP)]
    assert [name for name, _ in most_like(LAMP, others, 5, at_least=0)] == ["same", "again", "alike", "other"]
    assert [name for name, _ in most_like(LAMP, others, 1)] == ["same"]


@given(points, points)
def test_metres_are_the_same_both_ways(one: Point, other: Point) -> None:
    assert metres(one, other) == pytest.approx(metres(other, one))


def test_metres_are_those_of_the_map() -> None:
    assert metres(Point(lon=120.4, lat=36.1), Point(lon=120.4, lat=36.2)) == pytest.approx(11_120, rel=0.005)
    assert metres(Point(lon=179.999, lat=0), Point(lon=-179.999, lat=0)) == pytest.approx(222, rel=0.005)


def test_a_share_that_comes_to_nothing_is_not_told() -> None:
    found = Likeness(0.8, (Reason(Because.TEXT, 0.8041, 0.9), Reason(Because.DAYS, -0.0007, 0)))
    assert found.rounded_reasons == [Reason(Because.TEXT, 0.8, 0.9)]


def test_what_cannot_be_likely_for_where_it_is_has_no_words_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Matter("3号楼路灯不亮", NOON, neighbourhood="east")
    others = [Matter("3号楼路灯不亮", NOON, neighbourhood="west"), Matter("5号楼路灯不亮", NOON, neighbourhood="east")]
    assert [each for each, _ in most_like(asked, enumerate(others), 10, 0.0)] == [1, 0]
    monkeypatch.setattr("linli.text.likeness.words_of", lambda _: pytest.fail("its words need not be known"))
    fresh = [replace(each) for each in others]
    assert most_like(replace(asked), enumerate(fresh), 10) == []
