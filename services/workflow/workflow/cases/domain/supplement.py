"""What a reporter adds to what they have reported."""

from datetime import datetime

from linli.contracts.workflow import case as events
from linli.contracts.workflow.case import CaseState
from linli.frozen import replace
from linli.web.localized import Localized
from workflow.cases.domain.case import Case, Step, case_event, moved

ADDED_AT_MOST = 50
"""To one case. Each is an event, so there is an end; nobody who means it gets there."""


class NothingAdded(Exception):
    """The case is over, or enough was added."""


def supplement(case: Case, message: str, now: datetime) -> Step:
    """The reporter adds something. Whoever is responsible hears of it; the case stands as it did."""
    after = replace(moved(case, case.state, now), feedback=replace(case.feedback, added=case.feedback.added + 1))
    return after, case_event(events.CaseSupplemented, after, by="resident", message=message)


def supplement_by_code(case: Case, message: str, now: datetime) -> Step:
    """The same by the tracking code. Raises `NothingAdded`."""
    if reason := refusal(case):
        raise NothingAdded(reason)
    return supplement(case, message, now)


def refusal(case: Case) -> Localized | None:
    """Why nothing can be added, or None while it can."""
    if case.state is CaseState.WITHDRAWN or case.family.withdrawn_at is not None:
        return Localized("The submission was withdrawn.", "这次提交已撤回。")
    if case.state is CaseState.CLOSED:
        return Localized("The case is closed; report what is new.", "事项已经结案；有新情况请重新提交。")
    if case.feedback.added >= ADDED_AT_MOST:
        enough = "Something was added {most} times; that is enough."
        return Localized(enough, "已补充 {most} 次，不能再补充。", most=ADDED_AT_MOST)
    return None
