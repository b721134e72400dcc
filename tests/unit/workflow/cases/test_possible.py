"""What a case says may be done with it is what would not be refused."""

from dataclasses import replace

from linli.contracts.workflow.actions import ACTIONS
from linli.security.permissions import Role
from linli.security.principals import Principal
from tests.support.builders import NOON, community
from tests.support.office import Office
from workflow.cases.domain.action import Action
from workflow.cases.domain.possible import may_be_rated, possible
from workflow.community.domain.directory import Directory

OPERATOR = Principal("operator", Role.OPERATOR)
ESTATE = Principal("key:1", Role.PARTY, "estate", "test")
GRID = replace(ESTATE, id="key:2", party="grid-1")


def may(office: Office, id: str, who: Principal = OPERATOR) -> set[str]:
    case = office.cases[id]
    return set(map(str, possible(case, who, office.cases, office.directory, NOON)))


def an_office() -> Office:
    office = Office(Directory(community(), 1))
    office.report("a", category="facilities.lift", neighbourhood="east")
    office.report("b", category="facilities.lift", neighbourhood="east")
    return office


def test_who_has_the_work_takes_it_on_or_hands_it_back_and_decides_nothing() -> None:
    office = an_office()
    assert may(office, "a", ESTATE) == {"accept", "return", "note"}
    assert may(office, "a", GRID) == {"accept", "return", "note", "reassign", "merge", "split", "correct"}
    office.act("a", Action.ACCEPT)
    assert {"progress", "resolve", "pause"} <= may(office, "a", ESTATE)
    assert not {"resume", "accept", "unmerge"} & may(office, "a")
    office.act("a", Action.PAUSE)
    assert {"resume", "resolve"} <= may(office, "a", ESTATE)
    assert "pause" not in may(office, "a", ESTATE)


def test_what_follows_another_is_dealt_with_there() -> None:
    office = an_office()
    office.act("b", Action.MERGE, into="a")
    assert may(office, "b") == {"note", "unmerge", "correct"}
    assert "unmerge" not in may(office, "a")


def test_how_it_was_is_asked_once_it_is_resolved_and_not_by_who_did_it() -> None:
    office = an_office()
    assert not may_be_rated(office.cases["a"], OPERATOR, NOON)
    office.act("a", Action.ACCEPT)
    office.act("a", Action.RESOLVE, message="已修好")
    assert may(office, "a") == {"close", "reopen", "note", "correct"}
    assert [may_be_rated(office.cases["a"], who, NOON) for who in (OPERATOR, GRID, ESTATE)] == [True, True, False]


def test_nothing_of_a_case_changes_by_asking() -> None:
    office = an_office()
    before = office.cases["a"]
    assert set(ACTIONS) >= may(office, "a")
    assert office.cases["a"] == before
