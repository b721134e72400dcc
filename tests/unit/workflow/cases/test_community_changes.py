"""Whatever becomes of a community's data between two steps, somebody who is in them can deal with each case."""

from collections.abc import Collection
from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from linli.security.permissions import Role
from linli.security.principals import Principal
from tests.support.builders import two_branches
from tests.support.office import Office
from tests.unit.workflow.cases.test_deadlines import EAST, POLICY, RULES
from tests.unit.workflow.cases.test_family import deeds, do
from workflow.cases.domain.access import decides, sees
from workflow.cases.domain.action import NotAllowed, UnknownParty
from workflow.cases.domain.case import BEING_DEALT_WITH
from workflow.cases.domain.follow_up import TooLate
from workflow.community.domain.directory import Directory

SECOND_BRANCH = {"village-2", "grid-2", "group-2", "house-2", "estate-2"}


def data(gone: Collection[str] = (), household: str = "house-1", **changes: Any) -> Directory:
    """Two branches without some parties; `household` fills that role."""
    parties = [party.model_dump(mode="json") for party in two_branches().parties if party.id not in gone]
    roles = {role: party for role, party in two_branches().roles.items() if party not in gone}
    place = EAST | {"roles": {"household": household}}
    made = {"parties": parties, "roles": roles, "rules": RULES, "escalation": [POLICY], "categories": []}
    return Directory(two_branches(**made | {"neighbourhoods": [place]} | changes), 1)


def moved(party: str, parent: str) -> Directory:
    parties = [each.model_dump(mode="json") for each in two_branches().parties]
    return data(parties=[each | {"parent": parent} if each["id"] == party else each for each in parties])


VERSIONS = [
    data(),
    data(gone={"water-co", "estate", "estate-2"}),
    data(gone={"house-1"}, household="house-2"),
    data(gone=SECOND_BRANCH, triage="village"),
    data(household="group-2", triage="village-2"),
    moved("group-1", "grid-2"),
    moved("estate", "village-2"),
]
"""No publishing is refused here: a case may be routed, or given to a party, in the moment in which that one goes."""


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(deeds, st.tuples(st.integers(0, 6), st.just("data"))), min_size=5, max_size=40))
def test_whatever_becomes_of_the_data_somebody_in_them_can_deal_with_each_case(
    taken: list[tuple[Any, str | None]],
) -> None:
    office = Office(VERSIONS[0])
    for number in range(3):
        office.report(f"s{number}", title="邻里", neighbourhood="east")
    for deed, said in taken:
        if said == "data":
            office.directory = VERSIONS[deed]
        else:
            with suppress(NotAllowed, TooLate, UnknownParty):
                do(office, deed, said)
        desk = Principal("k", Role.PARTY, office.directory.triage.id, "test")
        for case in office.cases.values():
            if office.directory.party(case.party or "") is None:
                assert sees(desk, case, office.directory) and decides(desk, case)
            assert sees(Principal("k", Role.PARTY, "street", "test"), case, office.directory)
    office.wait(timedelta(days=120))
    for case in office.cases.values():
        root = office.cases[case.root]
        if case.state in BEING_DEALT_WITH and not root.clock.paused_at:
            assert root.escalation.escalated_to == "street", "what nobody does has gone up to the top"
