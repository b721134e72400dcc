"""What the public may know of a community and its cases."""

from typing import Any

import pytest

from linli.contracts.kinds import Channel, Kind
from linli.contracts.workflow import case as told
from linli.contracts.workflow.case import CaseState
from linli.security.permissions import Role
from linli.security.principals import ANYBODY, Principal
from tests.support import cases
from tests.support.builders import NOON, altered, community, submitted
from workflow.cases.domain.case import Case
from workflow.cases.domain.submitted import open_case
from workflow.community.domain.directory import Directory
from workflow.requests.domain.public import (
    Where,
    commented,
    how_exactly,
    may_comment,
    named_in_public,
    published,
    standing,
    whereabouts,
    with_words,
)
from workflow.requests.domain.services import Datatype, offers
from workflow.requests.views import request_view

DIRECTORY = Directory(community(), 1)
PROGRAM = Principal("key:1", Role.SERVICE, channels=frozenset({"open311"}), communities=frozenset({"test"}))
HOTLINE = Principal("key:2", Role.SERVICE, channels=frozenset({"hotline"}), communities=frozenset({"test"}))


def case(kind: Kind = Kind.REPORT, **fields: Any) -> Case:
    event: Any = submitted("c1", kind, **fields)
    opened, _ = open_case("c1", event.data, DIRECTORY, NOON)
    return opened


def test_only_the_last_level_is_offered_and_only_what_can_be_a_report_or_a_demand() -> None:
    categories = [
        {"id": "a", "name": "甲"},
        {"id": "a.b", "name": "乙", "kinds": ["demand"]},
        {"id": "a.c", "name": "丙", "kinds": ["dispute", "alarm"]},
        {"id": "d", "name": "丁"},
    ]
    found = offers(community(categories=categories, rules=[]))
    assert [(offer.code, offer.kind, offer.group.name) for offer in found] == [
        ("a.b", Kind.DEMAND, "甲"),
        ("d", Kind.REPORT, "丁"),
    ]


def test_a_service_asks_what_rules_look_at_that_may_decide_on_it() -> None:
    rule = {"name": "规则", "role": "property", "accept_within": "1h", "resolve_within": "1d"}
    rules = [
        rule | {"id": "1", "when": {"category": ["facilities"], "attributes": {"trapped": True, "floor": 3}}},
        rule | {"id": "2", "when": {"attributes": {"colour": "red"}}},
        rule | {"id": "3", "when": {"category": ["water"], "attributes": {"pressure": 1.5}}},
        rule | {"id": "4", "when": {"kind": ["alarm"], "attributes": {"device": "box"}}},
    ]
    lift = next(offer for offer in offers(community(rules=rules)) if offer.code == "facilities.lift")
    assert [(each.code, each.datatype) for each in lift.questions] == [
        ("neighbourhood", Datatype.ONE_OF),
        ("colour", Datatype.STRING),
        ("floor", Datatype.NUMBER),
        ("trapped", Datatype.ONE_OF),
    ]
    assert not offers(community(rules=[], neighbourhoods=[]))[0].questions


@pytest.mark.parametrize(
    ("who", "channel", "shown"),
    [
        (PROGRAM, Channel.OPEN311, True),
        (PROGRAM, Channel.WEB, False),
        (HOTLINE, Channel.OPEN311, False),
        (Principal("operator", Role.OPERATOR), Channel.OPEN311, True),
        (Principal("key:3", Role.PARTY, "estate", "test"), Channel.OPEN311, False),
        (ANYBODY, Channel.OPEN311, False),
    ],
)
def test_words_are_told_of_what_came_in_over_open311_to_who_submits_there(
    who: Principal, channel: Channel, shown: bool
) -> None:
    one = case(channel=channel, text="王女士家", place="501", location={"lon": 120.405678, "lat": 36.105678})
    assert with_words(who, one) is shown
    view = request_view(one, DIRECTORY, who)
    assert (view.text == "王女士家", view.place == "501", view.attributes is not None) == (shown, shown, shown)
    assert view.location
    assert (view.location.lon == 120.405678) is shown


def test_disputes_alarms_and_parts_are_not_public() -> None:
    assert published(case())
    assert not published(case(Kind.DISPUTE))
    assert not published(case(Kind.ALARM, channel=Channel.DEVICE))
    assert not published(altered(case(), part_of="c0"))


def test_words_of_what_was_erased_are_not_told_and_nothing_is_added_to_it() -> None:
    erased = altered(case(channel=Channel.OPEN311), erased_at=NOON)
    assert not with_words(PROGRAM, erased)
    assert not may_comment(PROGRAM, erased)


def test_a_comment_is_a_note_of_the_reporter_and_moves_nothing() -> None:
    one = altered(case(channel=Channel.OPEN311), state=CaseState.DISPATCHED)
    assert may_comment(PROGRAM, one)
    assert not may_comment(HOTLINE, one)
    after, event = commented(one, "又坏了", "REOPEN", NOON)
    assert (after.state, after.version, event.by) == (one.state, one.version + 1, "resident")
    assert (event.TYPE, event.message) == ("linli.case.supplemented.v1", "又坏了 (REOPEN)")


def test_without_a_point_it_is_about_in_its_neighbourhood() -> None:
    east = DIRECTORY.community.neighbourhoods[0]
    middle = whereabouts(case(neighbourhood="east"), east, Where.EXACT)
    assert middle
    assert DIRECTORY.locate(middle) == "east"
    assert whereabouts(case(), None, Where.EXACT) is None
    at_the_edge = case(neighbourhood="east", location={"lon": 120.4001, "lat": 36.1001})
    assert whereabouts(at_the_edge, east, Where.NEIGHBOURHOOD) == middle
    assert how_exactly(ANYBODY, at_the_edge) is Where.NEIGHBOURHOOD
    assert how_exactly(PROGRAM, at_the_edge) is Where.ABOUT


def test_below_the_grid_parties_are_neighbours_so_the_grid_is_named() -> None:
    named = {id: named_in_public(id, DIRECTORY) for id in ("house-1", "group-1", "grid-1", "estate", "gone", None)}
    assert {id: party and party.id for id, party in named.items()} == {
        "house-1": "grid-1",
        "group-1": "grid-1",
        "grid-1": "grid-1",
        "estate": "estate",
        "gone": None,
        None: None,
    }


def test_a_reopened_request_is_open_whatever_its_state() -> None:
    assert standing(cases.said(told.CaseReopened, "c1", 1, state=CaseState.DISPATCHED).data) == "open"  # type: ignore[arg-type]
    every = {standing(cases.said(told.CaseNoted, "c1", 1, state=state).data) for state in CaseState}  # type: ignore[arg-type]
    assert every == {"open", "for_triage", "investigating", "in_progress", "fixed", "closed", "cancelled"}
