"""To whom a node may give a case."""

import pytest

from linli.contracts.workflow.case import CaseState
from tests.support.office import Office
from tests.unit.workflow.cases.test_deadlines import DIRECTORY
from workflow.cases.domain.access import oversees
from workflow.cases.domain.action import Action, Command


@pytest.mark.parametrize(
    ("giver", "to", "state", "allowed"),
    [
        ("grid-1", "estate", CaseState.DISPATCHED, True),
        ("grid-1", "grid-1", CaseState.RETURNED, True),
        ("grid-1", "street", CaseState.DISPATCHED, False),
        ("grid-1", "water-co", CaseState.RETURNED, False),
        ("street", "water-co", CaseState.DISPATCHED, True),
        ("grid-1", "water-co", CaseState.TRIAGE, False),
    ],
)
def test_a_node_gives_a_case_to_whom_it_oversees_and_to_nobody_else(
    giver: str, to: str, state: CaseState, allowed: bool
) -> None:
    office = Office(DIRECTORY)
    office.report("a", title="电梯", neighbourhood="east", category="facilities.lift")
    office.change("a", state=state)
    command = Command(Action.REASSIGN, party=to)
    assert oversees(giver, command, office.cases["a"], DIRECTORY) is allowed
