"""An action has one owner and one date, and somebody else verifies it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from linli.contracts.base import tolerant
from linli.contracts.neighbourhood.actions import (
    ActionEvent,
    ActionMissed,
    ActionOrigin,
    ActionReminded,
    ActionVerified,
    ComesOf,
)
from linli.frozen import replace
from neighbourhood.refusal import Refusal
from neighbourhood.taskforce.domain.action import (
    Action,
    ActionState,
    AssignAction,
    DropAction,
    OfAction,
    PostponeAction,
    ReassignAction,
    ReportAction,
    ReturnAction,
    VerifyAction,
    evolve_action,
    next_look,
)
from neighbourhood.taskforce.domain.action_deciding import assign, decide_action, tick
from tests.support.qingdao import TASKFORCE

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)
CLERK: dict[str, Any] = {"by": "p-clerk", "party": "community"}
OWNER: dict[str, Any] = {"by": "p-grid", "party": "grid-co"}
ASSIGN = AssignAction(
    **CLERK,
    id="x-1",
    taskforce_id="t-1",
    community="fushan",
    neighbourhood="n-1",
    comes_of=ComesOf(origin=ActionOrigin.MEETING, id="m-1"),
    what="迁移电表箱",
    owner="grid-co",
    due=TODAY + 20 * DAY,
)
REPORT = ReportAction(**OWNER, done="已迁移。")
VERIFY = VerifyAction(**CLERK)
LATER = PostponeAction(**CLERK, due=TODAY + 40 * DAY, why="备件未到")


def assigned() -> Action:
    event = assign(ASSIGN, TASKFORCE, NOW)
    assert not isinstance(event, Refusal)
    return evolve_action(None, event)


def after(action: Action, *commands: OfAction, now: datetime = NOW) -> Action:
    for command in commands:
        event = decide_action(action, command, TASKFORCE, now)
        assert not isinstance(event, Refusal), event
        action = evolve_action(action, event)
    return action


def refusal(action: Action, command: OfAction, now: datetime = NOW) -> str:
    outcome = decide_action(action, command, TASKFORCE, now)
    return outcome.slug if isinstance(outcome, Refusal) else ""


def looked(action: Action, now: datetime) -> tuple[Action, list[ActionEvent]]:
    said = list(tick(action, TASKFORCE, now))
    for event in said:
        action = evolve_action(action, event)
    return action, said


def test_only_who_owes_it_reports_it_and_somebody_else_verifies() -> None:
    assert refusal(assigned(), ReportAction(**CLERK, done="好了")) == "not_the_owner"
    reported = after(assigned(), REPORT)
    for who in (OWNER, {"by": "p-other", "party": "grid-co"}, {"by": "p-grid", "party": "community"}):
        assert refusal(reported, VerifyAction(**who)) == "verifier_is_owner"
        assert refusal(reported, ReturnAction(**who, why="x", due=TODAY)) == "verifier_is_owner"
    assert after(reported, VERIFY).state is ActionState.VERIFIED


def test_whoever_owes_it_neither_postpones_nor_drops_it_nor_hands_it_on() -> None:
    for command in (
        replace(LATER, **OWNER),
        DropAction(**OWNER, why="不做了"),
        ReassignAction(**OWNER, owner="water-co", due=TODAY, why="不归我"),
    ):
        assert refusal(assigned(), command) == "verifier_is_owner"


def test_it_always_has_one_owner_and_one_date() -> None:
    moved = after(assigned(), LATER, ReassignAction(**CLERK, owner="water-co", due=TODAY + 9 * DAY, why="管道归水务"))
    assert (moved.owner, moved.due) == ("water-co", TODAY + 9 * DAY)
    assert refusal(moved, REPORT) == "not_the_owner"
    back = after(assigned(), REPORT, ReturnAction(**CLERK, why="未恢复路面", due=TODAY + 3 * DAY))
    assert (back.state, back.due) == (ActionState.OPEN, TODAY + 3 * DAY)


def test_no_date_is_in_the_past() -> None:
    outcome = assign(replace(ASSIGN, due=TODAY - DAY), TASKFORCE, NOW)
    assert isinstance(outcome, Refusal) and outcome.slug == "due_passed"
    assert refusal(assigned(), replace(LATER, due=TODAY - DAY)) == "due_passed"
    late_evening = NOW.replace(hour=17)  # the next day in Qingdao
    assert refusal(assigned(), replace(LATER, due=TODAY), late_evening) == "due_passed"


def test_a_missed_day_is_told_once_and_a_later_date_does_not_take_it_away() -> None:
    action, said = looked(assigned(), NOW + 20 * DAY)
    assert [type(each) for each in said] == [ActionReminded]
    action, said = looked(action, NOW + 21 * DAY)
    assert [type(each) for each in said] == [ActionMissed]
    assert looked(action, NOW + 30 * DAY)[1] == []
    action = after(action, LATER, now=NOW + 30 * DAY)
    assert action.missed == {TODAY + 20 * DAY}
    assert [type(each) for each in looked(action, NOW + 41 * DAY)[1]] == [ActionMissed]


def test_what_is_reported_is_not_missed() -> None:
    assert looked(after(assigned(), REPORT), NOW + 100 * DAY)[1] == []


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 60), max_size=20))
def test_a_timer_that_looks_when_it_is_told_says_as_much_as_one_that_looks_each_day(extra: list[int]) -> None:
    def all_said(days: list[int]) -> list[ActionEvent]:
        action, said = assigned(), []
        for day in days:
            action, more = looked(action, NOW + day * DAY)
            said += more
        return said

    action, days, day = assigned(), [], 0
    while (look := next_look(action, TASKFORCE, NOW + day * DAY)) is not None:
        day = (look - TODAY).days
        days.append(day)
        action, _ = looked(action, NOW + day * DAY)
    every_day = [(each.TYPE, each.due) for each in all_said(list(range(61)))]
    assert [(each.TYPE, each.due) for each in all_said(days)] == every_day
    assert [(each.TYPE, each.due) for each in all_said(sorted({*extra, *days}))] == every_day


TRIED: tuple[OfAction, ...] = (
    REPORT,
    VERIFY,
    VerifyAction(**OWNER),
    LATER,
    ReturnAction(**CLERK, why="未恢复路面", due=TODAY + 30 * DAY),
    ReassignAction(**CLERK, owner="community", due=TODAY + 30 * DAY, why="改由社区办理"),
    ReportAction(**CLERK, done="已办"),
    VerifyAction(**OWNER | {"party": "street"}),
    DropAction(**CLERK, why="方案取消"),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(TRIED), st.integers(0, 9)), max_size=20))
def test_the_events_make_the_state_and_nobody_verifies_their_own(steps: list[tuple[OfAction, int]]) -> None:
    first = assign(ASSIGN, TASKFORCE, NOW)
    assert not isinstance(first, Refusal)
    told: list[ActionEvent] = [first]
    action, now = evolve_action(None, first), NOW
    for command, days in steps:
        now += days * DAY
        action, said = looked(action, now)
        told += said
        event = decide_action(action, command, TASKFORCE, now)
        if isinstance(event, Refusal):
            continue
        if isinstance(event, ActionVerified):
            assert action.owner not in {event.by, event.party} and event.by != action.reported_by
        told.append(event)
        action = evolve_action(action, event)
    again: Action | None = None
    for event in told:
        read = tolerant(type(event), event.model_dump_json(exclude_none=True).encode())
        assert isinstance(read, ActionEvent)
        again = evolve_action(again, read)
    assert again == action and action.version == len(told)
