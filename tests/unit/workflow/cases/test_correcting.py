"""A case is put right: category, neighbourhood, kind, title, place, point; routed anew and dated anew when asked."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from linli.contracts.intake.submission import Point
from linli.contracts.kinds import Kind
from linli.contracts.workflow.case import CaseCorrected, CaseDispatched, CaseState, CaseTriaged
from linli.security.permissions import Role
from linli.security.principals import Principal
from tests.support.builders import NOON, community
from tests.support.office import Office
from workflow.cases.domain.access import may
from workflow.cases.domain.action import Action, NotAllowed
from workflow.cases.domain.cascade import Divided
from workflow.cases.domain.case import Case
from workflow.cases.domain.correcting import AsItIs, NotCorrectable, Unknown
from workflow.cases.domain.erasure import erase, redact
from workflow.cases.domain.merging import Follows
from workflow.cases.domain.particulars import Originals, Particulars
from workflow.cases.domain.routing import Assignment, route
from workflow.community.domain.directory import Directory

HERE = Directory(community(), 1)
LIFT = {"title": "电梯停了", "category": "facilities.lift", "neighbourhood": "east", "place": "西门"}
LATER = timedelta(hours=5)


@pytest.fixture
def office() -> Office:
    office = Office(HERE)
    office.report("c1", **LIFT)
    return office


def correct(office: Office, id: str = "c1", *, anew: str | None = None, **correction: Any) -> Case:
    wanted = {anew: True} if anew else {}
    return office.act(id, Action.CORRECT, message="听错了", correction=correction, **wanted)


def test_what_is_put_right_stands_in_the_case_and_what_was_said_beside_it(office: Office) -> None:
    before = office.cases["c1"]
    correct(office, title="东门路灯不亮", place="东门", category=None)
    after = correct(office, title="东门路灯全不亮")
    assert (after.about.title, after.about.place, after.about.category) == ("东门路灯全不亮", "东门", None)
    said = Particulars(Kind.REPORT, "电梯停了", "east", "facilities.lift", "西门", None)
    assert (after.originals.reported, after.text) == (said, before.text), (
        "as its reporter had it, however often it is put right"
    )
    assert (after.state, after.party, after.clock.accept_by) == (before.state, before.party, before.clock.accept_by)


def test_the_history_tells_what_it_was_and_why(office: Office) -> None:
    correct(office, title="东门路灯不亮", kind=Kind.DEMAND, place="西门")
    event = office.told[-1]
    assert isinstance(event, CaseCorrected)
    assert (event.changed, event.was_title, event.title) == (("kind", "title"), "电梯停了", "东门路灯不亮")
    assert (event.was_kind, event.kind, event.message, event.by) == (Kind.REPORT, Kind.DEMAND, "听错了", "operator")
    assert event.put_right == ("title",), "where it is, it was before"
    assert event.reported_title == "电梯停了"
    assert not event.rerouted and event.resolve_by is None


def test_a_point_moves_the_neighbourhood_with_it(office: Office) -> None:
    office.report("c2", title="路灯坏了")
    assert correct(office, "c2", location=Point(lon=120.405, lat=36.105)).about.neighbourhood == "east"
    named = correct(office, "c2", location=Point(lon=120.406, lat=36.105), neighbourhood=None)
    assert named.about.neighbourhood is None, "unless that is said too"


def test_when_it_is_routed_anew_another_party_gets_it_with_the_deadlines_of_its_rule(office: Office) -> None:
    office.act("c1", Action.ACCEPT)
    office.now += LATER
    after = correct(office, title="停水了", category="water", anew="reroute")
    assert office.heard("c1")[-2:] == ["corrected", "dispatched"]
    assert (after.state, after.party, after.rule) == (CaseState.DISPATCHED, "water-co", "water-words")
    assert after.clock.accept_by and after.clock.accept_by > office.now
    assert after.first_party == "estate", "who had it first stays accountable"
    corrected, told = office.told[-2:]
    assert isinstance(corrected, CaseCorrected) and isinstance(told, CaseDispatched)
    assert corrected.rerouted and (told.previous, told.party) == ("estate", "water-co")


def test_what_no_rule_fits_any_more_goes_to_the_triage_desk(office: Office) -> None:
    after = correct(office, title="教师待遇", category=None, anew="reroute")
    event = office.told[-1]
    assert isinstance(event, CaseTriaged) and event.previous == "estate"
    assert (after.state, after.party, after.rule, after.clock.resolve_by) == (CaseState.TRIAGE, "street", None, None)
    assert after.clock.accept_by and after.due_at


def test_the_same_party_by_the_rules_keeps_it_and_has_new_deadlines(office: Office) -> None:
    office.act("c1", Action.ACCEPT)
    office.now += LATER
    after = correct(office, place="东门", anew="reroute")
    assert office.heard("c1")[-1] == "corrected"
    assert (after.state, after.party, after.clock.resolve_by) == (
        CaseState.ACCEPTED,
        "estate",
        office.now + timedelta(days=7),
    )
    event = office.told[-1]
    assert isinstance(event, CaseCorrected)
    assert (event.rerouted, event.rule, event.resolve_by) == (False, "lift", after.clock.resolve_by)


def test_the_party_that_has_it_can_be_given_the_time_of_the_rule_that_fits_now(office: Office) -> None:
    office.act("c1", Action.PAUSE) if office.cases["c1"].state is CaseState.ACCEPTED else office.act(
        "c1", Action.ACCEPT
    )
    office.act("c1", Action.PAUSE)
    office.now += LATER
    after = correct(office, title="停水了", category="water", anew="new_deadlines")
    assert (after.party, after.rule, after.state) == ("estate", "water-words", CaseState.ACCEPTED)
    assert after.clock.clock_from == office.now and after.clock.paused_at is None, "a pause is over"
    triage = office.report("c2", title="教师待遇")
    after = correct(office, "c2", title="教师的待遇", anew="new_deadlines")
    assert after.clock.resolve_by is None and after.clock.accept_by and triage.clock.accept_by
    assert after.clock.accept_by >= triage.clock.accept_by


def test_routing_explains_itself_by_what_the_rules_saw(office: Office) -> None:
    correct(office, title="停水了", category="water")
    correct(office, title="停水两天了")
    seen = office.cases["c1"].when_routed
    outcome = route(seen.facts(HERE), HERE)
    assert isinstance(outcome, Assignment) and outcome.party.id == "estate"
    correct(office, place="东门", anew="reroute")
    assert office.cases["c1"].when_routed == office.cases["c1"]


@pytest.mark.parametrize("state", [CaseState.RESOLVED, CaseState.CLOSED, CaseState.WITHDRAWN])
def test_what_has_ended_is_put_right_for_the_counting_but_not_routed_anew(office: Office, state: CaseState) -> None:
    office.change("c1", state=state, resolved_at=NOON, answer="好了")
    after = correct(office, category="water")
    assert (after.state, after.about.category) == (state, "water")
    for anew in ("reroute", "new_deadlines"):
        with pytest.raises(NotCorrectable, match=state):
            correct(office, title="停水", anew=anew)


def test_a_repetition_changes_nothing(office: Office) -> None:
    correct(office, title="东门路灯不亮")
    with pytest.raises(AsItIs):
        correct(office, title="东门路灯不亮", place="西门")


@pytest.mark.parametrize(
    ("correction", "slug"),
    [
        ({"neighbourhood": "nowhere"}, "unknown_neighbourhood"),
        ({"category": "nothing"}, "unknown_category"),
    ],
)
def test_what_the_community_does_not_have_is_refused(office: Office, correction: dict[str, str], slug: str) -> None:
    with pytest.raises(Unknown) as refused:
        correct(office, **correction)
    assert refused.value.slug == slug


def test_a_category_is_for_certain_kinds(office: Office) -> None:
    kinds = [{"id": "water", "name": "水", "kinds": ["report"]}]
    office.directory = Directory(community(categories=kinds, rules=[]), 2)
    correct(office, category="water")
    with pytest.raises(Unknown, match="water"):
        correct(office, kind=Kind.DISPUTE)


# Who may -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("party", "state", "allowed"),
    [
        ("estate", CaseState.DISPATCHED, False),
        ("estate", CaseState.ACCEPTED, False),
        ("grid-1", CaseState.ACCEPTED, True),
        ("estate", CaseState.RETURNED, True),
        (None, CaseState.ACCEPTED, True),
    ],
)
def test_the_party_that_does_the_work_does_not_put_it_right(
    office: Office, party: str | None, state: CaseState, allowed: bool
) -> None:
    """It would choose its own deadlines. The node above does, the desk that decides where it goes, and an operator."""
    who = Principal("k", Role.PARTY if party else Role.OPERATOR, party, "test")
    assert may(who, Action.CORRECT, replace(office.cases["c1"], state=state)) is allowed


# Families ------------------------------------------------------------------------------------------------------------


def test_each_of_two_merged_cases_is_put_right_for_itself(office: Office) -> None:
    office.report("c2", **LIFT)
    office.act("c2", Action.MERGE, into="c1")
    correct(office, "c2", place="东门")
    assert (office.cases["c1"].about.place, office.cases["c2"].about.place) == ("西门", "东门")
    correct(office, "c1", place="北门")
    assert office.cases["c2"].about.place == "东门"
    for anew in ("reroute", "new_deadlines"):
        with pytest.raises(Follows):
            correct(office, "c2", place="南门", anew=anew)


def test_what_follows_a_case_goes_where_that_is_routed_anew(office: Office) -> None:
    office.report("c2", **LIFT)
    office.act("c2", Action.MERGE, into="c1")
    correct(office, title="停水了", category="water", anew="reroute")
    assert office.at("c2") == office.at("c1") == ("dispatched", "water-co")
    assert office.cases["c2"].about.title == "电梯停了"


def test_the_parts_are_put_right_with_the_whole_where_they_had_it_from_there(office: Office) -> None:
    office.act("c1", Action.SPLIT, parts=("grid-1", "water-co"))
    correct(office, "p2", place="水泵房")
    correct(office, place="东门", neighbourhood=None)
    assert [office.cases[id].about.place for id in ("c1", "p1", "p2")] == ["东门", "东门", "水泵房"]
    assert [office.cases[id].about.neighbourhood for id in ("p1", "p2")] == [None, None]
    with pytest.raises(Divided):
        correct(office, title="停水了", anew="reroute")
    with pytest.raises(NotAllowed, match="reassign"):
        correct(office, "p1", title="停水了", anew="reroute")


# Erasure -------------------------------------------------------------------------------------------------------------


def test_who_is_erased_leaves_nothing_beside_it_and_nobody_writes_it_again(office: Office) -> None:
    correct(office, title="王秀英家的灯", place="402", category="water")
    office.take(erase(office.cases["c1"], NOON))
    after = office.cases["c1"]
    assert (after.originals, after.put_right, after.about.place) == (Originals(), None, None)
    assert after.about.category == "water"
    assert correct(office, category="facilities.lift").about.category == "facilities.lift"
    with pytest.raises(NotCorrectable, match="erased"):
        correct(office, title="王秀英家的灯")


def test_where_staff_s_words_go_the_case_is_in_its_reporter_s_again(office: Office) -> None:
    office.act("c1", Action.SPLIT, parts=("grid-1", "water-co"))
    correct(office, title="王秀英家的灯", place="402", category="water")
    whole, part = office.cases["c1"], office.cases["p1"]
    after, event = redact(whole, None, NOON)
    assert (after.about.title, after.about.place, after.about.category, event.title) == (
        "电梯停了",
        "西门",
        "water",
        "电梯停了",
    )
    assert event.put_right is None
    again, _ = redact(part, whole, NOON)
    assert (again.about.title, again.about.place) == ("电梯停了", "西门")
