"""Whom a case's history names when nobody was."""

import pytest

from linli.contracts.workflow.case import CaseState
from linli.security.permissions import Role
from linli.security.principals import Principal
from tests.support.office import Office
from tests.unit.workflow.cases.test_deadlines import DIRECTORY
from workflow.cases.domain.access import DECISIONS, doer, may
from workflow.cases.domain.action import Action


@pytest.mark.parametrize("state", list(CaseState))
@pytest.mark.parametrize("action", list(Action))
def test_whoever_is_named_could_have_done_it(action: Action, state: CaseState) -> None:
    office = Office(DIRECTORY)
    office.report("a", title="电梯", neighbourhood="east", category="facilities.lift")
    office.change("a", state=state)
    case = office.cases["a"]
    named = doer(action, case)
    assert named in {case.party, "operator"}
    if named == case.party:
        assert may(Principal("k", Role.PARTY, case.party, case.community), action, case)
    if action not in DECISIONS:
        assert named == case.party, "an operator writes down what the party did"


def test_what_the_operator_decided_is_told_as_the_operators() -> None:
    office = Office(DIRECTORY)
    for id in ("a", "b"):
        office.report(id, title="电梯", neighbourhood="east", category="facilities.lift")
        office.act(id, Action.ACCEPT)
    told = len(office.told)
    office.act("a", Action.MERGE, into="b", message="同一件事")
    office.act("b", Action.SPLIT, parts=("estate", "water-co"), message="分头办")
    assert {event.by for event in office.told[told:]} == {"operator"}, (
        "what follows from a decision is the operator's too"
    )
