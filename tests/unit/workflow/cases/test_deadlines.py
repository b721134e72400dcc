"""What is late, what follows, and how far up."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.contracts.workflow.case import CaseEscalated, CaseEvent, CaseReminded, CaseState, Deadline, Waiting
from linli.working_time import LAST_YEAR
from tests.support.builders import NOON, altered, community, submitted
from workflow.cases.domain.acting import act
from workflow.cases.domain.action import Action, Command, NotAllowed
from workflow.cases.domain.case import Case
from workflow.cases.domain.deadlines import next_moment, scheduled, tick
from workflow.cases.domain.owed import holidays_unknown, policy_for
from workflow.cases.domain.submitted import open_case, route_case
from workflow.community.domain.directory import Directory

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Moment = tuple[int, ...]
RULES = [
    {
        "id": "house",
        "name": "户",
        "when": {"words": ["邻里"]},
        "role": "household",
        "accept_within": "1h",
        "answer_within": "4h",
        "resolve_within": "1d",
    }
]
POLICY = {
    "id": "quick",
    "name": "快",
    "within": {"building_group": "1h", "grid": "2h", "community": "3h", "subdistrict": "4h"},
    "remind_before": "10m",
}
EAST = {"id": "east", "name": "东院", "grid": "grid-1", "roles": {"household": "house-1"}}
DIRECTORY = Directory(community(rules=RULES, escalation=[POLICY], neighbourhoods=[EAST], categories=[]), 1)
DEPTH = {"house-1": 4, "group-1": 3, "grid-1": 2, "village": 1, "street": 0, "estate": 9, "water-co": 9}


def a_case(directory: Directory = DIRECTORY) -> Case:
    event = submitted("s1", title="邻里", neighbourhood="east")
    case, _ = open_case("s1", event.data, directory, NOON)  # type: ignore[arg-type]
    return scheduled(route_case(case, directory, NOON)[0], directory)


def at(case: Case, moment: datetime, directory: Directory = DIRECTORY) -> tuple[Case, list[CaseEvent]]:
    """Everything that is due at a moment."""
    found: list[CaseEvent] = []
    while step := tick(case, directory, moment):
        case, event = step
        found.append(event)
    return scheduled(case, directory), found


def alone(case: Case, until: datetime, directory: Directory = DIRECTORY) -> tuple[Case, list[tuple[datetime, Any]]]:
    """A case with which nobody does anything: each event with its moment."""
    told: list[tuple[datetime, Any]] = []
    while case.due_at and case.due_at <= until:
        moment = case.due_at
        case, found = at(case, moment, directory)
        assert found, "the timer was called for nothing, and would be for ever"
        told += [(moment, event) for event in found]
    return case, told


def test_a_case_that_is_left_alone_climbs_from_the_household_to_the_subdistrict() -> None:
    rule = {name: value for name, value in RULES[0].items() if name != "answer_within"}
    directory = Directory(
        community(
            rules=[rule],
            escalation=[POLICY | {"remind_before": None}],
            neighbourhoods=[EAST],
            categories=[],
        ),
        1,
    )
    case, told = alone(a_case(directory), NOON + DAY - HOUR, directory)
    levels = [(at - NOON, event.missed_by, event.to, event.deadline) for at, event in told]
    assert levels[0] == (HOUR, "house-1", "group-1", Deadline.ACCEPT)
    assert levels[1] == (2 * HOUR, "group-1", "grid-1", Deadline.LEVEL)
    assert [each[1] for each in levels] == ["house-1", "group-1", "grid-1", "village", "street"]
    assert [each[2] for each in levels] == ["group-1", "grid-1", "village", "street", "street"]
    assert case.party == case.first_party == "house-1", "the first receiver stays accountable"


def test_at_the_top_it_stays_and_is_told_to_the_top() -> None:
    case = altered(a_case(), escalated_to="street", escalations=4, missed=frozenset({Deadline.ACCEPT}))
    after, (event,) = at(case, NOON + 5 * HOUR)
    assert isinstance(event, CaseEscalated)
    assert (event.missed_by, event.to, event.act_by) == ("house-1", "street", None)
    assert after.clock.level_by is None


def test_a_reminder_comes_once_before_each_deadline() -> None:
    _, told = alone(altered(a_case(), answer_by=None, resolve_by=None), NOON + 2 * HOUR)
    assert [type(event) for _, event in told][:2] == [CaseReminded, CaseEscalated]
    assert told[0][0] == NOON + HOUR - timedelta(minutes=10)


def test_a_case_that_is_accepted_late_climbs_no_further_until_something_else_is_late() -> None:
    case, _ = at(a_case(), NOON + HOUR)
    assert case.escalation.escalated_to == "group-1"
    case, _ = act(case, Command(Action.ACCEPT), DIRECTORY, NOON + HOUR)
    case, _ = act(case, Command(Action.PROGRESS), DIRECTORY, NOON + HOUR)
    case, told = alone(scheduled(case, DIRECTORY), NOON + DAY)
    assert [event.TYPE for _, event in told] == ["linli.case.reminded.v1", "linli.case.escalated.v1"]
    assert (told[1][1].deadline, case.escalation.escalated_to) == (Deadline.RESOLVE, "grid-1")


def test_two_deadlines_of_one_moment_are_one_step_up() -> None:
    case, found = at(a_case(), NOON + 5 * HOUR)
    assert [event.TYPE for event in found] == ["linli.case.escalated.v1"]
    assert case.clock.missed == {Deadline.ACCEPT, Deadline.ANSWER}


def test_a_company_that_is_late_answers_to_the_node_above_it() -> None:
    case = replace(a_case(), party="estate")
    _, (event,) = at(case, NOON + HOUR)
    assert isinstance(event, CaseEscalated)
    assert (event.missed_by, event.missed_level, event.to) == ("estate", None, "grid-1")


def test_what_has_ended_is_never_late() -> None:
    for state in (CaseState.RESOLVED, CaseState.CLOSED, CaseState.WITHDRAWN):
        case = replace(a_case(), state=state)
        assert next_moment(case, policy_for(case, DIRECTORY), DIRECTORY) is None
        assert tick(case, DIRECTORY, NOON + 99 * DAY) is None


def test_who_missed_a_deadline_is_the_party_and_who_let_its_time_go_by_the_level() -> None:
    case, _ = at(a_case(), NOON + HOUR)
    case, _ = act(case, Command(Action.ACCEPT), DIRECTORY, NOON + HOUR)
    _, (event,) = at(case, NOON + 4 * HOUR)
    assert isinstance(event, CaseEscalated)
    assert (event.deadline, event.missed_by, event.to) == (Deadline.ANSWER, "house-1", "grid-1")


def test_a_party_that_stands_higher_than_the_level_is_not_answered_for_from_below() -> None:
    case, _ = at(a_case(), NOON + HOUR)
    assert case.escalation.escalated_to == "group-1"
    case, _ = act(case, Command(Action.REASSIGN, party="village"), DIRECTORY, NOON + HOUR)
    _, (event,) = at(case, NOON + 3 * HOUR)
    assert isinstance(event, CaseEscalated)
    assert (event.missed_by, event.to) == ("village", "street")


def test_what_the_triage_desk_takes_on_is_to_be_resolved_too() -> None:
    event = submitted("s1", title="教师待遇")
    case, _ = open_case("s1", event.data, DIRECTORY, NOON)  # type: ignore[arg-type]
    waiting = replace(route_case(case, DIRECTORY, NOON)[0], rule=None, state=CaseState.TRIAGE, party="street")
    taken, _ = act(altered(waiting, resolve_by=None), Command(Action.ACCEPT), DIRECTORY, NOON)
    assert (taken.clock.resolve_by, taken.first_party) == (NOON + 7 * DAY, waiting.first_party or "street")
    assert scheduled(taken, DIRECTORY).due_at


def test_what_is_late_cannot_be_paused() -> None:
    case, _ = act(a_case(), Command(Action.ACCEPT), DIRECTORY, NOON)
    case, _ = at(case, NOON + 4 * HOUR)
    with pytest.raises(NotAllowed, match="late"):
        act(case, Command(Action.PAUSE, waiting_for=Waiting.OTHER), DIRECTORY, NOON + 4 * HOUR)


def test_a_pause_that_nobody_ends_is_ended_after_thirty_days() -> None:
    case, _ = act(a_case(), Command(Action.ACCEPT), DIRECTORY, NOON)
    case, _ = act(case, Command(Action.PAUSE, waiting_for=Waiting.PART), DIRECTORY, NOON)
    case, told = alone(scheduled(case, DIRECTORY), NOON + 30 * DAY)
    assert [(event.TYPE, event.by) for _, event in told] == [("linli.case.resumed.v1", "linli")]
    assert case.clock.paused_at is None


def test_while_a_case_is_paused_nothing_is_late_and_after_it_everything_is_later() -> None:
    case, _ = act(a_case(), Command(Action.ACCEPT), DIRECTORY, NOON)
    case, event = act(case, Command(Action.PAUSE, waiting_for=Waiting.PART), DIRECTORY, NOON + HOUR)
    assert event.TYPE == "linli.case.paused.v1"
    assert tick(case, DIRECTORY, NOON + 9 * DAY) is None
    with pytest.raises(NotAllowed, match="paused already"):
        act(case, Command(Action.PAUSE, waiting_for=Waiting.PART), DIRECTORY, NOON + HOUR)
    case, _ = act(case, Command(Action.RESUME), DIRECTORY, NOON + 3 * DAY)
    assert case.clock.resolve_by == NOON + DAY + (3 * DAY - HOUR)
    with pytest.raises(NotAllowed, match="not paused"):
        act(case, Command(Action.RESUME), DIRECTORY, NOON + 3 * DAY)


def test_a_returned_case_has_a_deadline_for_the_node_that_decides() -> None:
    case, _ = at(a_case(), NOON + HOUR)
    case, _ = act(case, Command(Action.RETURN, message="不归我"), DIRECTORY, NOON + HOUR)
    assert case.clock.accept_by == NOON + HOUR + DAY
    assert Deadline.ACCEPT not in case.clock.missed


def test_working_days_of_a_rule_are_counted_in_the_communitys_calendar() -> None:
    rule = RULES[0] | {"working_days": True, "resolve_within": "5d"}
    directory = Directory(community(rules=[rule], neighbourhoods=[EAST], categories=[], closed_days=["2026-11-25"]), 1)
    assert a_case(directory).clock.resolve_by == NOON + 8 * DAY  # Monday, a weekend and a closed day lie between


def test_a_deadline_that_reaches_into_a_year_whose_holidays_are_not_known_says_so() -> None:
    start = NOON.replace(year=LAST_YEAR)
    far = altered(a_case(), clock_from=start, resolve_by=start + 60 * DAY, in_working_days=None)
    for working, said in ((True, [LAST_YEAR + 1]), (False, [])):
        rules = [RULES[0] | {"working_days": working}]
        directory = Directory(community(rules=rules, neighbourhoods=[EAST], categories=[]), 1)
        assert holidays_unknown(far, directory) == said
        assert holidays_unknown(altered(far, resolve_by=start + 9 * DAY), directory) == []


def in_shanghai(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=ZoneInfo("Asia/Shanghai"))  # type: ignore[arg-type,misc]


def the_office(policy: dict[str, Any] | None = None, **rule: Any) -> Directory:
    """A community that is open from 08:30 to 17:30, unless `hours` says otherwise."""
    opening = {"working_hours": rule.pop("hours", "08:30-17:30")}
    rules = [RULES[0] | {"answer_within": None, "working_days": True} | rule]
    policies = [policy or {"id": "all", "name": "全部", "within": {"grid": "8h", "building_group": "8h"}}]
    return Directory(community(rules=rules, escalation=policies, neighbourhoods=[EAST], categories=[], **opening), 1)


def routed_at(moment: datetime, directory: Directory) -> Case:
    event = submitted("s1", title="邻里", neighbourhood="east")
    case, _ = open_case("s1", event.data, directory, moment)  # type: ignore[arg-type]
    return scheduled(route_case(case, directory, moment)[0], directory)


def paused_between(case: Case, stopped: datetime, on_again: datetime, directory: Directory) -> Case:
    case, _ = act(case, Command(Action.ACCEPT), directory, stopped)
    case, _ = act(case, Command(Action.PAUSE, waiting_for=Waiting.PART), directory, stopped)
    return scheduled(act(case, Command(Action.RESUME), directory, on_again)[0], directory)


@pytest.mark.parametrize(
    ("hours", "span", "start", "stopped", "on_again", "due"),
    [
        pytest.param(
            *(None, "1d", (2026, 11, 26, 10), (2026, 11, 26, 16), (2026, 11, 27, 9), (2026, 11, 30, 3)),
            id="eighteen hours of working days are left, and a weekend is none",
        ),
        pytest.param(
            *("08:30-17:30", "1d", (2026, 11, 26, 10), (2026, 11, 26, 16), (2026, 11, 27, 9), (2026, 11, 27, 12)),
            id="three hours of the office are left",
        ),
        pytest.param(
            *(None, "2d", (2026, 9, 29, 10), (2026, 9, 30, 9), (2026, 10, 8, 9), (2026, 10, 9, 10)),
            id="the National Day week lies in the pause",
        ),
        pytest.param(
            *("08:30-17:30", "2d", (2026, 9, 29, 10), (2026, 9, 30, 9), (2026, 9, 30, 9), (2026, 10, 8, 10)),
            id="a pause of no time changes nothing",
        ),
    ],
)
def test_after_a_pause_as_much_working_time_is_left_as_before_it(
    hours: str | None, span: str, start: Moment, stopped: Moment, on_again: Moment, due: Moment
) -> None:
    directory = the_office(hours=hours, accept_within="1h", resolve_within=span)
    case = routed_at(in_shanghai(*start), directory)
    case = paused_between(case, in_shanghai(*stopped), in_shanghai(*on_again), directory)
    assert case.clock.resolve_by == in_shanghai(*due)


@given(st.integers(0, 2_000), st.integers(0, 400), st.integers(0, 2_000), st.sampled_from([None, "08:30-17:30"]))
def test_a_pause_never_takes_time_away(began: int, worked: int, stood: int, hours: str | None) -> None:
    directory = the_office(hours=hours, accept_within="2h", resolve_within="9d")
    start = in_shanghai(2026, 1, 1) + began * HOUR
    case = routed_at(start, directory)
    stopped = start + worked * timedelta(minutes=30)
    if case.clock.resolve_by is None or stopped > min(case.clock.accept_by or stopped, case.clock.resolve_by):
        return
    after = paused_between(case, stopped, stopped + stood * HOUR, directory)
    assert after.clock.resolve_by is not None
    assert after.clock.resolve_by >= case.clock.resolve_by
    left = directory.calendar.worked(stopped, case.clock.resolve_by)
    assert directory.calendar.worked(stopped + stood * HOUR, after.clock.resolve_by) == left


def test_two_hours_late_on_friday_are_over_on_monday_morning_and_nothing_climbs_at_night() -> None:
    levels = {"building_group": "2h", "grid": "8h", "community": "1d"}
    directory = the_office(
        {"id": "all", "name": "全部", "within": levels, "working_days": True}, accept_within="2h", resolve_within="5d"
    )
    case = routed_at(in_shanghai(2026, 11, 20, 17, 30), directory)
    assert case.clock.accept_by == in_shanghai(2026, 11, 23, 10, 30)
    _, told = alone(case, in_shanghai(2026, 11, 26), directory)
    assert [(moment, event.to) for moment, event in told] == [
        (in_shanghai(2026, 11, 23, 10, 30), "group-1"),
        (in_shanghai(2026, 11, 23, 12, 30), "grid-1"),
        (in_shanghai(2026, 11, 24, 11, 30), "village"),
        (in_shanghai(2026, 11, 25, 11, 30), "street"),
    ]


@pytest.mark.parametrize(
    ("rule", "first"),
    [
        pytest.param({"working_days": False}, (2026, 11, 20, 19, 30), id="what counts on the clock climbs at night"),
        pytest.param({"working_days": False, "emergency": False}, (2026, 11, 23, 8, 30), id="unless it is said not to"),
        pytest.param({"emergency": True}, (2026, 11, 23, 10, 30), id="an emergency in working time is late then"),
    ],
)
def test_only_an_emergency_climbs_while_the_office_is_closed(rule: dict[str, Any], first: Moment) -> None:
    directory = the_office(accept_within="2h", resolve_within="5d", **rule)
    case = routed_at(in_shanghai(2026, 11, 20, 17, 30), directory)
    assert case.due_at == in_shanghai(*first)
    assert tick(case, directory, case.due_at - timedelta(seconds=1)) is None
    assert tick(case, directory, case.due_at)


def test_a_party_works_by_its_own_hours() -> None:
    data = the_office(accept_within="2h", resolve_within="5d").community.model_dump(by_alias=True)
    for party in data["parties"]:
        party["working_hours"] = "07:00-19:00" if party["id"] == "house-1" else None
    directory = Directory(community(**data), 1)
    assert routed_at(in_shanghai(2026, 11, 20, 18), directory).clock.accept_by == in_shanghai(2026, 11, 23, 8)


@pytest.mark.parametrize("title", ["邻里", "没有规则"])
def test_deadlines_count_from_the_call_where_its_sender_says_so(title: str) -> None:
    call = NOON - 5 * DAY
    due = {}
    for switched in (False, True):
        event = submitted("s1", title=title, neighbourhood="east", submitted_at=call, due_from_call=switched)
        case, _ = open_case("s1", event.data, DIRECTORY, NOON)  # type: ignore[arg-type]
        routed, _ = route_case(case, DIRECTORY, NOON)
        assert (routed.opened_at, routed.submitted_at) == (NOON, call)
        due[switched] = routed.clock.accept_by
    assert due[True] == due[False] - 5 * DAY  # type: ignore[operator]


def test_a_reminder_waits_for_the_morning_and_still_comes_before_the_deadline() -> None:
    policy = {"id": "all", "name": "全部", "remind_before": "12h"}
    directory = the_office(policy, accept_within="2h", resolve_within="1d")
    case, _ = act(routed_at(in_shanghai(2026, 11, 23, 15), directory), Command(Action.ACCEPT), directory, NOON)
    assert case.clock.resolve_by == in_shanghai(2026, 11, 24, 15)
    assert scheduled(case, directory).due_at == in_shanghai(2026, 11, 24, 8, 30)


@pytest.mark.parametrize(("stood", "reminded_again"), [(5 * DAY, True), (timedelta(minutes=5), False)])
def test_a_reminder_comes_again_when_a_pause_has_moved_its_deadline_away(
    stood: timedelta, reminded_again: bool
) -> None:
    policy = {"id": "all", "name": "全部", "remind_before": "2h"}
    directory = the_office(policy, hours=None, working_days=False, accept_within="1h", resolve_within="1d")
    case, _ = act(routed_at(NOON, directory), Command(Action.ACCEPT), directory, NOON)
    case, (first,) = at(case, NOON + 22 * HOUR, directory)
    assert isinstance(first, CaseReminded)
    case = paused_between(
        replace(case, state=CaseState.DISPATCHED), NOON + 23 * HOUR, NOON + 23 * HOUR + stood, directory
    )
    _, told = alone(case, NOON + DAY + stood, directory)
    kinds = [type(event) for _, event in told]
    assert kinds == ([CaseReminded, CaseEscalated] if reminded_again else [CaseEscalated])


deeds = st.one_of(
    st.builds(
        Command,
        action=st.sampled_from([action for action in Action if action is not Action.WITHDRAW]),
        party=st.sampled_from(["grid-1", "estate", "water-co", "house-1", "street"]),
        message=st.just("因为"),
    ),
    st.just("wait"),
)


@given(st.lists(st.tuples(deeds, st.integers(0, 50)), max_size=25))
def test_whatever_is_done_escalation_never_goes_down_and_somebody_is_responsible(
    taken: list[tuple[Command | str, int]],
) -> None:
    case, now = a_case(), NOON
    for deed, hours in taken:
        now += hours * HOUR
        case, told = alone(case, now)
        if isinstance(deed, Command):
            before = case
            try:
                case = scheduled(act(case, deed, DIRECTORY, now)[0], DIRECTORY)
            except NotAllowed:
                continue
            assert before.escalation.escalated_to == case.escalation.escalated_to
        ups = [event for _, event in told if isinstance(event, CaseEscalated)]
        assert all(DEPTH[event.to] <= min(DEPTH[event.missed_by], DEPTH[event.party or ""]) for event in ups)
        assert sorted((DEPTH[event.to] for event in ups), reverse=True) == [DEPTH[event.to] for event in ups]
        assert case.party and DIRECTORY.party(case.party)
        if case.due_at is None:
            owes = case.state in {CaseState.DISPATCHED, CaseState.ACCEPTED, CaseState.RETURNED, CaseState.TRIAGE}
            assert not owes or case.clock.paused_at or case.escalation.escalated_to == "street"
