"""An invitation to a deliberation is a case of the party that is invited."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from linli.contracts.neighbourhood.deliberations_parties import PartyInvited
from linli.contracts.workflow.case import CaseDispatched, CaseOpened, CaseState
from linli.frozen import replace
from tests.support.builders import NOON, community
from workflow.cases.domain.action import Action, Command, OfOneParty, PartWanted
from workflow.cases.domain.cascade import decide
from workflow.community.domain.directory import Directory
from workflow.renewal.invitations import invited

DIRECTORY = Directory(community(), 1)


def invitation(**changes: Any) -> PartyInvited:
    said = {
        **{"community": "test", "neighbourhood": "east", "at": NOON, "by": "key:a1", "party": "village"},
        **{"deliberation_id": "b-1", "invitation_id": "i-1", "invited": "water-co"},
        **{"title": "车棚选址协商", "asks": "能否迁移水表井？"},
        **{"answer_by": NOON + timedelta(days=2), "talks_until": date(2026, 12, 1)},
    }
    return PartyInvited.model_validate(said | changes)


def test_it_is_dispatched_to_the_invited_party_and_ends_with_the_talks() -> None:
    (_, opened), (case, dispatched) = invited(invitation(), DIRECTORY, NOON)
    assert isinstance(opened, CaseOpened) and isinstance(dispatched, CaseDispatched)
    assert (case.id, case.party, case.state, case.resident_id) == ("i-1", "water-co", CaseState.DISPATCHED, None)
    assert (case.about.title, case.text, case.about.neighbourhood) == ("车棚选址协商", "能否迁移水表井？", "east")
    assert case.clock.accept_by == NOON + timedelta(days=2)
    assert case.clock.resolve_by == datetime(2026, 12, 1, 16, tzinfo=UTC), "the last day is over, in Shanghai"


def test_one_that_comes_late_is_owed_from_when_it_came() -> None:
    late = NOON + timedelta(days=30)
    _, (case, _) = invited(invitation(), DIRECTORY, late)
    assert case.clock.accept_by == case.clock.resolve_by == late


@pytest.mark.parametrize(
    "command",
    [
        Command(Action.REASSIGN, party="estate"),
        Command(Action.SPLIT, parts=(PartWanted("p-1", "estate", "甲"), PartWanted("p-2", "water-co", "乙"))),
        Command(Action.MERGE, into="c-1"),
        Command(Action.CORRECT, reroute=True),
    ],
)
def test_it_is_nobody_elses_than_the_invited_partys(command: Command) -> None:
    _, (case, _) = invited(invitation(), DIRECTORY, NOON)
    other = replace(case, id="c-1", invites_to=None)
    cases = {case.id: case, other.id: other}
    with pytest.raises(OfOneParty):
        decide(case, command, cases, DIRECTORY, NOON)
    with pytest.raises(OfOneParty):
        decide(other, Command(Action.MERGE, into=case.id), cases, DIRECTORY, NOON)


def test_one_that_was_returned_goes_back_to_the_invited_party() -> None:
    _, (case, _) = invited(invitation(), DIRECTORY, NOON)
    returned, _ = decide(case, Command(Action.RETURN, message="不归我司"), {case.id: case}, DIRECTORY, NOON)
    again, _ = decide(returned, Command(Action.REASSIGN, party="water-co"), {case.id: returned}, DIRECTORY, NOON)
    assert (returned.party, again.party, again.invites_to) == ("street", "water-co", "b-1")
