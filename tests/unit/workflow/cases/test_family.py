"""Whatever is done with cases that move together, in whatever order."""

from contextlib import suppress
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from linli.contracts.workflow.case import CaseClosed, CaseEscalated, CaseEvent, CaseResolved, CaseState
from linli.security.permissions import Role
from linli.security.principals import Principal
from tests.support.builders import two_branches
from tests.support.office import Office
from tests.unit.workflow.cases.test_deadlines import EAST, POLICY, RULES
from workflow.cases.domain.access import sees
from workflow.cases.domain.action import Action, NotAllowed
from workflow.cases.domain.case import BEING_DEALT_WITH, Case
from workflow.cases.domain.follow_up import TooLate
from workflow.cases.domain.splitting import ENDED
from workflow.community.domain.directory import Directory

ENDED_FOR_GOOD = {CaseState.CLOSED, CaseState.WITHDRAWN}
DIRECTORY = Directory(two_branches(rules=RULES, escalation=[POLICY], neighbourhoods=[EAST], categories=[]), 1)
PARTIES = ["grid-1", "estate", "water-co", "house-1", "street", "house-2", "estate-2", "group-2", "village-2"]

which = st.integers(0, 11)
"""The place of a case among those that there are by then."""
says = st.sampled_from(["办好了", "办好了", "办好了", None, " "])
done = st.one_of(
    st.tuples(st.sampled_from([each for each in Action if each is not Action.WITHDRAW]), which, which),
    st.tuples(st.just(Action.MERGE), which, which),
    st.tuples(st.just(Action.SPLIT), which, which),
    st.tuples(st.sampled_from(["finish", "finish parts"]), which, st.just(0)),
    st.tuples(st.sampled_from([Action.CLOSE, Action.REOPEN, Action.UNMERGE]), which, st.just(0)),
    st.tuples(st.sampled_from(["withdraw", "content", "not content", "report"]), which, st.just(0)),
    st.tuples(st.just("wait"), st.integers(0, 400), st.just(0)),
    st.tuples(st.just("wait"), st.integers(1, 4), st.just(0)),
    st.tuples(st.just(Action.REASSIGN), which, which),
    st.tuples(st.sampled_from(["correct", "reroute"]), which, which),
)
"""Weighted so that most runs get somewhere: a deed at random is mostly refused, a long wait takes all to the top."""
deeds = st.tuples(done, says)
"""What is done, and what is said with it: sometimes nothing."""


def do(office: Office, deed: tuple[str, int, int], message: str | None) -> None:
    """One deed of any kind; what is not possible is refused, and changes nothing."""
    what, one, other = deed
    ids = list(office.cases)
    id, into = ids[one % len(ids)], ids[other % len(ids)]
    match what:
        case "finish" | "finish parts":
            for each in office.cases[id].family.parts if what == "finish parts" else (id,):
                for action in (Action.ACCEPT, Action.RESOLVE):
                    with suppress(NotAllowed):
                        office.act(each, action, message=message)
        case "wait":
            office.wait(timedelta(hours=one))
        case "withdraw":
            if office.cases[id].family.part_of is None:  # a part has no reporter
                office.take_back(id)
        case "content" | "not content":
            office.answer(id, solved=what == "content")
        case "correct" | "reroute":
            said = {"title": f"停水{other}"} if other % 2 else {"place": f"{other}号楼", "category": None}
            office.act(id, Action.CORRECT, correction=said, reroute=what == "reroute", new_deadlines=other % 3 == 0)
        case "report":
            office.report(f"s{len(ids)}", title="邻里", neighbourhood="east")
        case _:
            parties = (PARTIES[one % len(PARTIES)], PARTIES[other % len(PARTIES)])
            parts = parties if what is Action.SPLIT else ()
            office.act(id, Action(what), parts=parts, message=message, party=parties[1], into=into)


def holds(case: Case, office: Office) -> None:
    """What is true of every case at every moment."""
    assert case.party and DIRECTORY.party(case.party), "somebody is responsible"
    assert case.state is not CaseState.OPEN
    if case.state is CaseState.CLOSED:
        assert case.progress.resolved_at is not None, "nothing is closed that was not done"
    if case.state in {CaseState.RESOLVED, CaseState.CLOSED}:
        assert case.progress.answer and case.progress.answer.strip(), "whoever reported it has an answer"
    if case.escalation.escalated_to:
        assert sees(Principal("k", Role.PARTY, case.escalation.escalated_to, case.community), case, DIRECTORY), (
            "whoever has it by escalation may see it, and is above the party"
        )
    if case.state in BEING_DEALT_WITH and not case.family.merged_into and case.escalation.escalated_to != "street":
        assert case.due_at, "somebody looks at it again"
    if case.state is CaseState.RESOLVED and not case.family.part_of:
        assert case.due_at or case.escalation.escalated_to == "street", "it closes, or somebody has to decide"


def holds_together(case: Case, office: Office) -> None:
    """What is true of cases that move together."""
    if case.family.merged_into:
        head = office.cases[case.family.merged_into]
        assert head.family.merged_into is None and head.family.part_of is None, "nothing follows a follower"
        assert case.id in head.family.followers and not case.family.followers and not case.family.parts
        assert case.party == head.party
        heard_first = case.state in {CaseState.RESOLVED, CaseState.CLOSED} and head.state in ENDED
        assert case.state is head.state or heard_first
    for id in case.family.followers:
        assert office.cases[id].family.merged_into == case.id
    if case.family.part_of:
        assert (
            case.id in office.cases[case.family.part_of].family.parts
            and not case.family.parts
            and not case.family.followers
        )
    parts = [office.cases[id] for id in case.family.parts]
    if case.state in ENDED_FOR_GOOD:
        assert all(part.state in ENDED_FOR_GOOD for part in parts), "the whole ends with its parts, never before"
    if case.state is CaseState.RESOLVED:
        assert all(part.state in ENDED for part in parts), "what is not done is not resolved"


def resolves(event: CaseEvent, case_id: str) -> bool:
    """Whether an event tells the reporter of this case that it is done."""
    return event.case_id == case_id and isinstance(event, CaseResolved)


@settings(max_examples=200, deadline=None)
@given(st.lists(deeds, min_size=5, max_size=40))
def test_whatever_is_done_somebody_is_responsible_and_what_moves_together_stays_together(
    taken: list[tuple[tuple[str, int, int], str | None]],
) -> None:
    office = Office(DIRECTORY)
    for number in range(3):
        office.report(f"s{number}", title="邻里", neighbourhood="east")
    for deed in taken:
        levels = {id: case.escalation.reached for id, case in office.cases.items()}
        before = dict(office.cases)
        try:
            do(office, *deed)
        except (NotAllowed, TooLate):
            assert office.cases == before
        for id, case in office.cases.items():
            holds(case, office)
            holds_together(case, office)
            up, stands = levels.get(id), case.escalation.reached
            assert up is None or (stands and stands.depth <= up.depth), "escalation never goes down"
    reached: dict[str, float] = {}
    for place, event in enumerate(office.told):
        if isinstance(event, CaseClosed):
            answers = [each.message for each in office.told[:place] if resolves(each, event.case_id)]
            assert (answers[-1] or "").strip(), "what closes was answered, in words"
        if isinstance(event, CaseEscalated):
            assert event.party in DIRECTORY.below(event.to), "it goes up the branch of whoever is responsible"
            depth = event.level.depth if event.level else None
            assert depth is not None and depth <= reached.get(event.case_id, depth), "escalation never goes down"
            reached[event.case_id] = depth


@settings(max_examples=100, deadline=None)
@given(st.lists(deeds, min_size=5, max_size=25))
def test_left_alone_afterwards_everything_that_was_resolved_closes_or_waits_at_the_top(
    taken: list[tuple[tuple[str, int, int], str | None]],
) -> None:
    office = Office(DIRECTORY)
    for number in range(3):
        office.report(f"s{number}", title="邻里", neighbourhood="east")
    for deed in taken:
        try:
            do(office, *deed)
        except (NotAllowed, TooLate):
            continue
    office.wait(timedelta(days=120))
    for case in office.cases.values():
        root = office.cases[case.root]
        if case.state in BEING_DEALT_WITH:
            assert root.escalation.escalated_to == "street", "what nobody does has gone up to the top"
        if case.state is CaseState.RESOLVED:
            open_still = root.state in BEING_DEALT_WITH or root.clock.decide_by or case.clock.decide_by
            assert open_still, "what nobody contradicts is closed"
