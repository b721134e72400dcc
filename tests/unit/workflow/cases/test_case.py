"""The life of a case."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.contracts.kinds import Kind
from linli.contracts.workflow.case import CaseDispatched, CaseReturned, CaseState
from tests.support.builders import NOON, altered, community, submitted
from workflow.cases.domain.acting import act
from workflow.cases.domain.action import TRANSITIONS, Action, Command, NotAllowed, UnknownParty
from workflow.cases.domain.case import Case
from workflow.cases.domain.submitted import open_case, route_case
from workflow.cases.domain.submitted import withdraw as take_back
from workflow.community.domain.directory import Directory

DIRECTORY = Directory(community(), 1)
ENDED = {CaseState.CLOSED, CaseState.WITHDRAWN}


def a_case(**fields: object) -> Case:
    event = submitted("s1", **fields)  # type: ignore[arg-type]
    case, _ = open_case("s1", event.data, DIRECTORY, NOON)  # type: ignore[arg-type]
    return route_case(case, DIRECTORY, NOON)[0]


def test_a_matched_case_is_dispatched_with_its_deadlines() -> None:
    case = a_case(category="facilities.lift", neighbourhood="east")
    assert (case.state, case.party, case.rule) == (CaseState.DISPATCHED, "estate", "lift")
    assert case.clock.accept_by == NOON + timedelta(hours=2)
    assert case.clock.resolve_by == NOON + timedelta(days=7)


def test_what_no_rule_matches_waits_at_the_triage_desk() -> None:
    case = a_case(title="教师待遇")
    assert (case.state, case.party) == (CaseState.TRIAGE, "street")


def test_a_returned_case_goes_to_the_node_above_who_had_it() -> None:
    case = a_case(category="facilities.lift", neighbourhood="east")
    after, event = act(case, Command(Action.RETURN, message="不归我们管"), DIRECTORY, NOON)
    assert (after.state, after.party) == (CaseState.RETURNED, "grid-1")
    assert isinstance(event, CaseReturned)
    assert (event.returned_by, event.reason) == ("estate", "不归我们管")


def test_what_two_parties_hand_back_is_decided_by_the_node_above_both() -> None:
    case = a_case(category="facilities.lift", neighbourhood="east")
    case, _ = act(case, Command(Action.RETURN, message="不归我们管"), DIRECTORY, NOON)
    assert case.party == "grid-1"
    case, _ = act(case, Command(Action.REASSIGN, party="water-co"), DIRECTORY, NOON)
    case, event = act(case, Command(Action.RETURN, message="也不归我们管"), DIRECTORY, NOON)
    assert (case.party, case.returned_by) == ("street", ("estate", "water-co"))
    assert event.TYPE == "linli.case.returned.v1"


def test_what_was_sent_back_cannot_be_returned_again_by_the_party() -> None:
    case = a_case(category="facilities.lift", neighbourhood="east")
    case, _ = act(case, Command(Action.RETURN, message="不归我们管"), DIRECTORY, NOON)
    case, event = act(case, Command(Action.SEND_BACK, message="归你们管"), DIRECTORY, NOON)
    assert (case.state, case.party, case.binding) == (CaseState.DISPATCHED, "estate", True)
    assert isinstance(event, CaseDispatched)
    assert (event.previous, event.binding) == ("grid-1", True)
    with pytest.raises(NotAllowed, match="binding"):
        act(case, Command(Action.RETURN, message="还是不归"), DIRECTORY, NOON)
    moved, _ = act(case, Command(Action.REASSIGN, party="water-co"), DIRECTORY, NOON)
    assert not moved.binding


def test_a_closed_case_cannot_be_accepted() -> None:
    case = replace(a_case(category="water", title="停水"), state=CaseState.CLOSED)
    with pytest.raises(NotAllowed, match="closed"):
        act(case, Command(Action.ACCEPT), DIRECTORY, NOON)


def test_a_case_is_not_given_to_a_party_that_does_not_exist() -> None:
    with pytest.raises(UnknownParty):
        act(a_case(), Command(Action.REASSIGN, party="nobody"), DIRECTORY, NOON)


@pytest.mark.parametrize("message", [None, "", " \n"])
def test_a_case_is_not_resolved_without_an_answer(message: str | None) -> None:
    case, _ = act(a_case(title="停水了"), Command(Action.ACCEPT), DIRECTORY, NOON)
    with pytest.raises(NotAllowed, match="answer"):
        act(case, Command(Action.RESOLVE, message=message), DIRECTORY, NOON)


def test_a_reopened_case_goes_back_to_the_same_party_with_new_deadlines() -> None:
    case = a_case(title="停水了")
    for action in (Action.ACCEPT, Action.RESOLVE, Action.CLOSE):
        case, _ = act(case, Command(action, message="通水了"), DIRECTORY, NOON)
    later = NOON + timedelta(days=3)
    case, _ = act(case, Command(Action.REOPEN), DIRECTORY, later)
    assert (case.state, case.party) == (CaseState.DISPATCHED, "water-co")
    assert case.clock.accept_by and case.clock.accept_by > later


def test_a_withdrawal_after_closing_leaves_the_case_closed_and_a_note() -> None:
    case = replace(a_case(title="停水"), state=CaseState.CLOSED)
    after, event = take_back(case, None, NOON)
    assert (after.state, event.TYPE) == (CaseState.CLOSED, "linli.case.noted.v1")
    assert after.version == case.version + 1


AS_WRITTEN = """
            triage      dispatched  accepted    returned    resolved    closed      withdrawn
accept      accepted    accepted    -           accepted    -           -           -
return      -           returned    returned    -           -           -           -
send_back   -           -           -           dispatched  -           -           -
progress    triage      -           accepted    returned    -           -           -
resolve     resolved    -           resolved    resolved    -           -           -
close       -           -           -           -           closed      -           -
reopen      -           -           -           -           dispatched  dispatched  -
reassign    dispatched  dispatched  dispatched  dispatched  -           -           -
pause       triage      -           accepted    returned    -           -           -
resume      triage      -           accepted    returned    -           -           -
correct     triage      dispatched  accepted    returned    resolved    closed      withdrawn
note        triage      dispatched  accepted    returned    resolved    closed      withdrawn
withdraw    withdrawn   withdrawn   withdrawn   withdrawn   withdrawn   -           -
"""
"""What each action makes of each state, as docs/architecture.md has it."""


def as_written() -> list[tuple[Action, CaseState, str]]:
    header, *rows = [line.split() for line in AS_WRITTEN.strip().splitlines()]
    cells = [(row[0], state, after) for row in rows for state, after in zip(header, row[1:], strict=True)]
    assert {row[0] for row in rows} == set(TRANSITIONS)
    assert {*header, CaseState.OPEN} == set(CaseState)
    return [(Action(action), CaseState(state), after) for action, state, after in cells]


@pytest.mark.parametrize(("action", "state", "after"), as_written())
def test_an_action_makes_of_a_state_what_is_written(action: Action, state: CaseState, after: str) -> None:
    paused_at = NOON if action is Action.RESUME else None
    case = altered(a_case(title="停水"), state=state, paused_at=paused_at, returned_by=("water-co",))
    command = Command(action, message="因为", party="estate", correction={"title": "停水了"})
    if after == "-":
        with pytest.raises(NotAllowed):
            act(case, command, DIRECTORY, NOON)
    else:
        outcome, event = act(case, command, DIRECTORY, NOON)
        assert (outcome.state, event.state, outcome.version) == (after, after, case.version + 1)


commands = st.builds(
    Command,
    action=st.sampled_from([action for action in Action if action is not Action.WITHDRAW]),
    by=st.sampled_from([None, "grid-1", "estate"]),
    message=st.sampled_from([None, "好的"]),
    party=st.sampled_from(["grid-1", "estate", "water-co", "house-1", "street"]),
)


@given(
    first=st.sampled_from([{"title": "停水"}, {"title": "教师待遇"}, {"kind": Kind.DISPUTE, "neighbourhood": "west"}]),
    taken=st.lists(st.one_of(commands, st.just("withdraw")), max_size=25),
)
def test_somebody_is_responsible_and_versions_are_contiguous_whatever_is_done(
    first: dict[str, object], taken: list[Command | str]
) -> None:
    case = a_case(**first)
    for deed in taken:
        before = case
        try:
            case, event = (
                take_back(case, None, NOON) if not isinstance(deed, Command) else act(case, deed, DIRECTORY, NOON)
            )
        except NotAllowed:
            continue
        assert case.version == before.version + 1
        assert event.state == case.state
        assert case.party and DIRECTORY.party(case.party)
        assert case.state is not CaseState.OPEN
        assert before.state is not CaseState.WITHDRAWN or case.state is CaseState.WITHDRAWN
