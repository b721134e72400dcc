"""Which days a report is of."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.web.problems import Problem
from portal.reports.asked import GROUPS, Asked, By

TODAY = date(2026, 11, 29)
ZONE = ZoneInfo("Asia/Shanghai")


@given(st.none() | st.dates(), st.none() | st.dates(), st.sampled_from(GROUPS))
def test_any_day_has_bounds_or_is_refused(first: date | None, last: date | None, by: By) -> None:
    try:
        asked = Asked.of("test", by, first, last, "called", TODAY)
    except Problem as refused:
        assert refused.status == 422
        return
    bounds = asked.bounds(ZONE)
    assert bounds["called_from"] < bounds["called_before"]


@pytest.mark.parametrize(("last", "by"), [(date.max, "party"), (date(1, 1, 5), "month"), (date.min, "month")])
def test_a_day_at_the_end_of_the_calendar_is_refused(last: date, by: By) -> None:
    with pytest.raises(Problem) as refused:
        Asked.of("test", by, None, last, "called", TODAY)
    assert refused.value.status == 422


def test_months_are_shown_for_the_year_up_to_the_last_day() -> None:
    assert Asked.of("test", "month", None, date(2026, 11, 5), "called", TODAY).first == date(2025, 12, 1)
