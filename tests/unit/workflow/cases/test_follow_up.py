"""The resident has the last word: the answer, the request to reopen, the silence."""

from dataclasses import replace
from datetime import timedelta

import pytest

from linli.contracts.kinds import Language
from linli.contracts.workflow.case import CaseClosed, CaseEscalated, CaseRated, CaseState, Deadline
from tests.unit.workflow.cases.test_deadlines import DIRECTORY, HOUR, NOON, a_case, alone
from workflow.cases.api.follow_up import thanks
from workflow.cases.domain.acting import act
from workflow.cases.domain.action import Action, Command
from workflow.cases.domain.case import Case
from workflow.cases.domain.deadlines import scheduled
from workflow.cases.domain.feedback import FollowUp
from workflow.cases.domain.follow_up import ANSWERS_AT_MOST, FOLLOW_UP_WITHIN, OwnWork, TooLate, follow_up

CONTENT, DISCONTENT = FollowUp(True, True, True), FollowUp(True, False, False, "还是不亮")


def resolved() -> Case:
    case = a_case()
    for action in (Action.ACCEPT, Action.RESOLVE):
        case, _ = act(case, Command(action, message="修好了"), DIRECTORY, NOON)
    return scheduled(case, DIRECTORY)


def test_who_answers_once_more_after_the_end_is_told_that_it_is_over() -> None:
    open_case, _ = follow_up(resolved(), CONTENT, NOON + HOUR)
    closed, _ = act(open_case, Command(Action.CLOSE), DIRECTORY, NOON + 2 * HOUR)
    assert thanks(open_case, NOON + HOUR) == "谢谢，已收到您的回答。结案前可以再次修改。"
    assert thanks(closed, NOON + 3 * HOUR) == "谢谢，已收到您的回答。事项已经结案。"
    english = replace(closed, language=Language.EN)
    assert thanks(english, NOON + 3 * HOUR) == "Thank you, we have your answer. The case is closed."


def test_silence_closes_the_case_by_rule() -> None:
    case, told = alone(resolved(), NOON + 20 * 24 * HOUR)
    ((at, event),) = told
    assert isinstance(event, CaseClosed)
    assert (at - NOON, event.by, case.state, case.feedback.satisfied) == (
        timedelta(days=14),
        "linli",
        CaseState.CLOSED,
        None,
    )


def test_discontent_asks_a_person_to_decide_and_is_not_closed_by_silence() -> None:
    case, _ = follow_up(resolved(), DISCONTENT, NOON + HOUR)
    assert (case.state, case.feedback.satisfied, case.clock.decide_by) == (CaseState.RESOLVED, False, NOON + 25 * HOUR)
    case, told = alone(scheduled(case, DIRECTORY), NOON + 30 * 24 * HOUR)
    assert case.state is CaseState.RESOLVED
    ups = [each for _, each in told if isinstance(each, CaseEscalated)]
    assert [up.deadline for up in ups] == [Deadline.DECIDE, *[Deadline.LEVEL] * 4]


def test_an_answer_may_be_changed_until_the_case_is_closed() -> None:
    case, _ = follow_up(resolved(), DISCONTENT, NOON + HOUR)
    case, _ = follow_up(case, CONTENT, NOON + 2 * HOUR)
    assert (case.feedback.satisfied, case.clock.decide_by) == (True, None)
    case, _ = act(case, Command(Action.CLOSE), DIRECTORY, NOON + 3 * HOUR)
    with pytest.raises(TooLate, match="closed"):
        follow_up(case, DISCONTENT, NOON + 4 * HOUR)


def test_a_reopened_case_is_answered_anew_and_keeps_what_was_said() -> None:
    case, _ = follow_up(resolved(), DISCONTENT, NOON + HOUR)
    case, _ = act(case, Command(Action.REOPEN), DIRECTORY, NOON + 2 * HOUR)
    assert (case.clock.decide_by, case.feedback.satisfied, case.state) == (None, False, CaseState.DISPATCHED)
    with pytest.raises(TooLate, match="not resolved"):
        follow_up(case, CONTENT, NOON + 2 * HOUR)


def test_a_case_of_a_party_that_is_no_more_is_reopened_with_the_triage_desk() -> None:
    case, event = act(replace(resolved(), party="gone"), Command(Action.REOPEN), DIRECTORY, NOON + HOUR)
    assert case.party == event.party == "street"


def test_closing_says_whether_it_declines_what_the_reporter_asked() -> None:
    asked, _ = follow_up(resolved(), DISCONTENT, NOON + HOUR)
    content, _ = follow_up(asked, CONTENT, NOON + 2 * HOUR)
    for case, declined in ((asked, True), (content, False), (resolved(), False)):
        after, event = act(case, Command(Action.CLOSE), DIRECTORY, NOON + 3 * HOUR)
        assert isinstance(event, CaseClosed)
        assert (event.reopen_declined, after.clock.decide_by) == (declined, None)


def test_saying_it_again_takes_the_case_no_further_up() -> None:
    case, first = follow_up(resolved(), DISCONTENT, NOON + HOUR)
    case, _ = alone(scheduled(case, DIRECTORY), NOON + 25.5 * HOUR)
    assert case.escalation.escalated_to == "group-1"
    again, second = follow_up(case, FollowUp(True, False, True), NOON + 25.7 * HOUR)
    again, told = alone(scheduled(again, DIRECTORY), NOON + 25.7 * HOUR)
    assert (told, again.escalation.escalated_to, again.clock.decide_by) == ([], "group-1", case.clock.decide_by)
    assert (first.reopen_requested, second.reopen_requested) == (True, False)


def test_whoever_hesitates_has_the_last_word_all_the_same() -> None:
    case = resolved()
    for turn in range(20):
        case, _ = follow_up(case, CONTENT if turn % 2 else DISCONTENT, NOON + turn * HOUR)
    assert (case.feedback.satisfied, case.clock.decide_by) == (True, None)


def test_an_answer_is_not_changed_without_end() -> None:
    case = resolved()
    for _ in range(ANSWERS_AT_MOST):
        case, _ = follow_up(case, DISCONTENT, NOON + HOUR)
    with pytest.raises(TooLate, match="50 times"):
        follow_up(case, CONTENT, NOON + HOUR)


def test_answers_are_taken_for_fourteen_days_to_the_moment() -> None:
    case, _ = follow_up(resolved(), CONTENT, NOON + timedelta(days=14))
    assert case.feedback.satisfied
    with pytest.raises(TooLate, match="14 days"):
        follow_up(resolved(), CONTENT, NOON + FOLLOW_UP_WITHIN + timedelta(seconds=1))


def test_an_answer_by_telephone_counts_as_one_by_the_link_and_names_who_asked() -> None:
    by_phone, event = follow_up(resolved(), DISCONTENT, NOON + HOUR, recorded_by="grid-1")
    by_link, _ = follow_up(resolved(), DISCONTENT, NOON + HOUR)
    assert by_phone == by_link
    assert isinstance(event, CaseRated)
    assert (event.by, event.recorded, event.reopen_requested) == ("grid-1", True, True)
    with pytest.raises(TooLate, match="14 days"):
        follow_up(resolved(), DISCONTENT, NOON + 15 * 24 * HOUR, recorded_by="grid-1")


def test_the_party_that_did_the_work_does_not_write_down_how_it_was() -> None:
    case = resolved()
    with pytest.raises(OwnWork):
        follow_up(case, CONTENT, NOON + HOUR, recorded_by=case.party)
