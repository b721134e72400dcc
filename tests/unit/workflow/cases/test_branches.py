"""A case that is moved to another branch of the tree goes up that one."""

from datetime import timedelta

import pytest

from linli.contracts.workflow.case import CaseEscalated
from linli.contracts.workflow.community import Level
from linli.security.permissions import Role
from linli.security.principals import Principal
from tests.support.builders import altered, two_branches
from tests.support.office import Office
from tests.unit.workflow.cases.test_deadlines import EAST
from workflow.cases.domain.access import sees
from workflow.cases.domain.action import Action
from workflow.community.domain.directory import Directory

HOUR = timedelta(hours=1)
RULE = {"id": "house", "name": "户", "role": "household", "accept_within": "1h", "resolve_within": "9d"}
DIRECTORY = Directory(two_branches(rules=[RULE], neighbourhoods=[EAST], categories=[]), 1)


@pytest.fixture
def office() -> Office:
    """A case of `house-1` that nobody accepted, so that it came up to `grid-1`."""
    made = Office(DIRECTORY)
    made.report("s1", neighbourhood="east")
    made.wait(25 * HOUR)
    assert made.cases["s1"].escalation.escalated_to == "grid-1"
    return made


def last_up(office: Office) -> CaseEscalated:
    return [event for event in office.told if isinstance(event, CaseEscalated)][-1]


def test_what_was_reassigned_to_another_branch_goes_up_that_one_from_the_level_it_had_come_to(office: Office) -> None:
    office.act("s1", Action.REASSIGN, party="house-2")
    assert office.cases["s1"].escalation.escalated_to == "grid-2", "who can see it, and stands as high"
    office.wait(HOUR)
    assert (last_up(office).missed_by, last_up(office).to) == ("house-2", "village-2")
    grid_1 = Principal("k", Role.PARTY, "grid-1", "test")
    assert not sees(grid_1, office.cases["s1"], DIRECTORY)


def test_in_one_branch_it_stays_with_the_level_that_has_it(office: Office) -> None:
    office.act("s1", Action.REASSIGN, party="group-1")
    assert office.cases["s1"].escalation.escalated_to == "grid-1"
    office.wait(HOUR)
    assert last_up(office).to == "village"


def test_given_to_who_stands_higher_and_down_again_it_goes_on_from_the_level_it_had_come_to(office: Office) -> None:
    office.act("s1", Action.REASSIGN, party="water-co")
    assert office.cases["s1"].escalation.escalated_to == "street", "nobody below sees a case of the water company"
    office.act("s1", Action.REASSIGN, party="house-2")
    assert (office.cases["s1"].escalation.escalated_to, office.cases["s1"].escalation.reached) == ("grid-2", Level.GRID)
    office.wait(HOUR)
    assert last_up(office).to == "village-2"


def test_a_company_in_another_branch_answers_to_the_node_above_it_first() -> None:
    office = Office(DIRECTORY)
    office.report("s1", neighbourhood="east")
    office.wait(HOUR)
    assert office.cases["s1"].escalation.escalated_to == "group-1"
    office.act("s1", Action.REASSIGN, party="estate-2")
    office.wait(HOUR)
    assert (last_up(office).missed_by, last_up(office).to) == ("estate-2", "grid-2")


def test_a_decision_in_another_branch_moves_who_has_it(office: Office) -> None:
    office.act("s1", Action.REASSIGN, party="estate-2")
    office.act("s1", Action.RETURN, message="不归我")
    assert (office.cases["s1"].party, office.cases["s1"].escalation.escalated_to) == ("grid-2", "grid-2")
    office.act("s1", Action.REASSIGN, party="house-1")
    assert office.cases["s1"].escalation.escalated_to == "grid-1"
    office.act("s1", Action.RETURN, message="也不归我")
    assert (office.cases["s1"].party, office.cases["s1"].escalation.escalated_to) == ("street", "street")
    office.act("s1", Action.SEND_BACK)
    assert (office.cases["s1"].party, office.cases["s1"].escalation.escalated_to) == ("house-1", "grid-1")


def test_merged_with_a_case_of_another_branch_and_unmerged_it_is_back_in_its_own(office: Office) -> None:
    office.report("s2", neighbourhood="east")
    office.act("s2", Action.REASSIGN, party="house-2")
    office.act("s1", Action.MERGE, into="s2")
    assert office.cases["s1"].escalation.escalated_to == "grid-2"
    office.act("s2", Action.REASSIGN, party="estate")
    assert office.cases["s1"].escalation.escalated_to == "grid-1"
    office.act("s1", Action.UNMERGE)
    assert (office.cases["s1"].party, office.cases["s1"].escalation.escalated_to) == ("house-1", "grid-1")


def test_a_case_from_before_the_level_was_kept_goes_up_the_branch_of_who_has_it(office: Office) -> None:
    office.cases["s1"] = altered(office.cases["s1"], party="house-2", reached=None)
    office.wait(24 * HOUR)
    assert last_up(office).to == "village-2"
