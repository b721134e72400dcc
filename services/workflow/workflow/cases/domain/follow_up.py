"""Follow-up: what the reporter may answer once a case is resolved, for how long, and what follows from it."""

from datetime import datetime, timedelta

from linli.contracts.workflow import case as events
from linli.contracts.workflow.case import CaseState
from linli.frozen import replace
from linli.web.localized import Localized
from workflow.cases.domain.case import Case, Step, case_event, moved
from workflow.cases.domain.clock import decided, to_decide
from workflow.cases.domain.feedback import FollowUp, given

FOLLOW_UP_WITHIN = timedelta(days=14)
"""How long after the resolution the reporter may answer."""
ANSWERS_AT_MOST = 50
"""To one resolution. Each is an event, so there is an end; nobody who means it gets there."""
DECIDE_WITHIN = timedelta(hours=24)
SILENCE = "回访期满，未收到不同意见，自动结案。"


class TooLate(Exception):
    """The follow-up is over, or has not begun."""


class OwnWork(Exception):
    """The party that did the work is not who asks how it was."""


def refusal(case: Case, now: datetime) -> Localized | None:
    """Why no answer is taken, or None while one is."""
    if case.state is CaseState.CLOSED:
        return Localized("The case is closed.", "事项已经结案。")
    if case.state is not CaseState.RESOLVED or case.progress.resolved_at is None:
        return Localized("The case is not resolved yet.", "事项尚未办结。")
    if case.family.withdrawn_at is not None or case.family.part_of is not None:
        return _nobody_to_ask(case.family.part_of)
    if case.feedback.answers >= ANSWERS_AT_MOST:
        enough = "The answer has been changed {most} times; that is enough."
        return Localized(enough, "答复已修改 {most} 次，不能再改。", most=ANSWERS_AT_MOST)
    if now > case.progress.resolved_at + FOLLOW_UP_WITHIN:
        over = "Answers are taken for {days} days after the resolution."
        return Localized(over, "办结后 {days} 天内可以作答，现已过期。", days=FOLLOW_UP_WITHIN.days)
    return None


def _nobody_to_ask(whole: str | None) -> Localized:
    if whole is None:
        return Localized("The submission was withdrawn.", "这次提交已撤回。")
    english = "Nobody reported a part; how it was is asked of {whole}."
    return Localized(english, "分办没有反映人；请就 {whole} 作答。", whole=whole)


def follow_up(case: Case, answer: FollowUp, now: datetime, recorded_by: str | None = None) -> Step:
    """The reporter's answer. "Not solved" or "not satisfied" asks for reopening.

    `recorded_by` is who asked by telephone. Raises `TooLate`, `OwnWork`.
    """
    if reason := refusal(case, now):
        raise TooLate(reason)
    if recorded_by is not None and recorded_by == case.party:
        raise OwnWork
    content = answer.solved and answer.satisfied
    asks = not content and case.clock.decide_by is None
    clock = decided(case.clock) if content else case.clock
    if asks:
        clock = to_decide(clock, now + DECIDE_WITHIN, now)
    after = replace(
        moved(case, case.state, now),
        feedback=given(case.feedback, answer, now),
        clock=clock,
    )
    fields = {"contacted": answer.contacted, "solved": answer.solved, "satisfied": answer.satisfied}
    fields |= {"reopen_requested": asks, "recorded": recorded_by is not None}
    by = recorded_by or "resident"
    return after, case_event(
        events.CaseRated, after, by=by, message=answer.message, decide_by=clock.decide_by, **fields
    )


def close_in_silence(case: Case, now: datetime) -> Step:
    """Nobody asked for more in time: the case closes automatically."""
    after = moved(case, CaseState.CLOSED, now)
    return after, case_event(events.CaseClosed, after, by="linli", message=SILENCE)
