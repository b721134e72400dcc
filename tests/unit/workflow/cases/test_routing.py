"""Which party a case goes to."""

from datetime import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.contracts.intake.submission import Point
from linli.contracts.kinds import Channel, Kind
from linli.contracts.workflow.spans import Hours
from tests.support.builders import community
from workflow.cases.domain.matching import Facts
from workflow.cases.domain.routing import Assignment, NeedsTriage, route, trials
from workflow.community.domain.directory import Directory

HOURS = {"accept_within": "1h", "resolve_within": "1d"}


def facts(**changes: Any) -> Facts:
    values = {
        "kind": Kind.REPORT,
        "channel": Channel.WEB,
        "category": None,
        "neighbourhood": "east",
        "title": "",
        "text": "",
        "place": "",
        "attributes": {},
        "local_time": time(12),
    }
    return Facts(**(values | changes))


def with_rules(*rules: dict[str, Any]) -> Directory:
    numbered = [{"id": f"r{n}", "name": f"r{n}"} | HOURS | rule for n, rule in enumerate(rules)]
    return Directory(community(rules=numbered), 1)


def test_the_first_matching_rule_wins() -> None:
    directory = with_rules({"role": "grid"}, {"role": "community"})
    outcome = route(facts(), directory)
    assert isinstance(outcome, Assignment)
    assert (outcome.rule.id, outcome.party.id) == ("r0", "grid-1")


@pytest.mark.parametrize(
    ("when", "matching", "other"),
    [
        ({"kind": ["dispute"]}, {"kind": Kind.DISPUTE}, {"kind": Kind.REPORT}),
        ({"category": ["facilities"]}, {"category": "facilities.lift"}, {"category": "water"}),
        ({"category": ["facilities.lift"]}, {"category": "facilities.lift"}, {"category": "facilities"}),
        ({"neighbourhood": ["west"]}, {"neighbourhood": "west"}, {"neighbourhood": None}),
        ({"channel": ["hotline"]}, {"channel": Channel.HOTLINE}, {"channel": Channel.WEB}),
        ({"words": ["漏水", "LIFT"]}, {"title": "the lift is stuck"}, {"text": "路灯"}),
        ({"hours": {"from": "22:00", "to": "06:00"}}, {"local_time": time(5, 59)}, {"local_time": time(6)}),
        ({"attributes": {"full": True}}, {"attributes": {"full": True}}, {"attributes": {"full": False}}),
    ],
)
def test_a_condition_tells_cases_apart(when: dict[str, Any], matching: dict[str, Any], other: dict[str, Any]) -> None:
    directory = with_rules({"when": when, "role": "grid"})
    assert isinstance(route(facts(**matching), directory), Assignment)
    assert route(facts(**other), directory) == NeedsTriage(directory.triage, "no_rule")


def test_all_conditions_of_a_rule_must_hold_and_the_explanation_names_the_first_that_did_not() -> None:
    directory = with_rules({"when": {"kind": ["report"], "words": ["电梯"]}, "role": "grid"}, {"role": "community"})
    tried = list(trials(facts(), directory))
    assert [(trial.rule.id, trial.failed_on) for trial in tried] == [("r0", "words"), ("r1", None)]


def test_a_role_is_filled_by_the_neighbourhood_then_the_tree_then_the_community() -> None:
    directory = Directory(community(), 1)
    found = {
        (place, role): (party := directory.party_for(place, role)) and party.id
        for place, role in [
            ("west", "property"),
            ("east", "water"),
            ("east", "subdistrict"),
            ("east", "household"),
            (None, "water"),
            (None, "subdistrict"),
            (None, "grid"),
        ]
    }
    assert found == {
        ("west", "property"): "estate",
        ("east", "water"): "water-co",
        ("east", "subdistrict"): "street",
        ("east", "household"): "grid-1",
        (None, "water"): "water-co",
        (None, "subdistrict"): "street",
        (None, "grid"): None,
    }


def test_a_rule_whose_role_nobody_fills_sends_the_case_to_a_person() -> None:
    directory = with_rules({"role": "grid"})
    outcome = route(facts(neighbourhood=None), directory)
    assert outcome == NeedsTriage(directory.triage, "nobody_fills_role")


@pytest.mark.parametrize(
    ("lon", "lat", "place"), [(120.405, 36.105, "east"), (120.40, 36.10, "east"), (120.5, 36.1, None)]
)
def test_a_point_is_located_by_outline_with_its_edge(lon: float, lat: float, place: str | None) -> None:
    assert Directory(community(), 1).locate(Point(lon=lon, lat=lat)) == place


def test_hours_may_pass_midnight() -> None:
    night = Hours.model_validate({"from": "22:00", "to": "06:00"})
    day = Hours.model_validate({"from": "08:00", "to": "18:00"})
    assert [night.contain(time(23)), night.contain(time(7)), day.contain(time(8)), day.contain(time(18))] == [
        True,
        False,
        True,
        False,
    ]


CONDITIONS = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.lists(st.sampled_from(list(Kind)), max_size=2, unique=True),
        "channel": st.lists(st.sampled_from(list(Channel)), max_size=2, unique=True),
        "category": st.lists(st.sampled_from(["facilities", "facilities.lift", "water"]), max_size=2, unique=True),
        "words": st.lists(st.sampled_from(["停水", "电梯"]), max_size=2, unique=True),
        "neighbourhood": st.lists(st.sampled_from(["east", "west"]), max_size=1),
    },
)


@given(
    rules=st.lists(CONDITIONS, max_size=6),
    kind=st.sampled_from(list(Kind)),
    channel=st.sampled_from(list(Channel)),
    category=st.sampled_from([None, "facilities", "facilities.lift", "facilities.lighting", "water"]),
    title=st.sampled_from(["停水了", "电梯坏了", "吵"]),
)
def test_the_rule_that_is_found_is_that_of_trying_them_all(rules, kind, channel, category, title) -> None:
    directory = with_rules(*({"role": "grid", "when": when} for when in rules))
    asked = facts(kind=kind, channel=channel, category=category, title=title)
    match route(asked, directory):
        case Assignment(rule=rule):
            found = rule.id
        case NeedsTriage(reason=reason):
            found = reason
    tried = list(trials(asked, directory))
    assert found == (tried[-1].rule.id if tried and tried[-1].matched else "no_rule")
