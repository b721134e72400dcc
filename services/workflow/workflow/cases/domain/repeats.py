"""Which cases may repeat another: open ones, and those closed recently."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from linli.contracts.workflow.case import CaseState
from linli.text.likeness import Likeness, Matter, most_like
from workflow.cases.domain.case import Case

STILL_OPEN = (
    CaseState.OPEN,
    CaseState.TRIAGE,
    CaseState.DISPATCHED,
    CaseState.ACCEPTED,
    CaseState.RETURNED,
    CaseState.RESOLVED,
)
CLOSED_SINCE = timedelta(days=60)
"""What was closed before that and is reported now has come back, and is a matter of its own."""


def matter_of(case: Case) -> Matter:
    """The compared data of a case. The kind is left out: a device and a resident may report the same lift."""
    about = case.about
    return Matter(
        about.title, case.submitted_at, case.text, about.place, about.neighbourhood, about.category, about.location
    )


def likely_repeats(
    case: Case,
    candidates: Iterable[Case],
    now: datetime,
    limit: int,
    matter: Callable[[Case], Matter] = matter_of,
) -> list[tuple[Case, Likeness]]:
    """The likeliest first. `matter`: who has taken a case apart already may say what it came to."""
    others = ((other, matter(other)) for other in candidates if other.id != case.id and _counts(other, now))
    return most_like(matter(case), others, limit)


def _counts(case: Case, now: datetime) -> bool:
    if case.erased_at is not None:  # all of these say the same, which is nothing
        return False
    return case.state in STILL_OPEN or (case.state is CaseState.CLOSED and now - case.updated_at <= CLOSED_SINCE)
