"""Moments as people write them into a form."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from linli.web.problems import Problem
from portal.pages.moments import moment, rfc3339

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_a_moment_without_a_zone_is_the_office_s() -> None:
    assert rfc3339(" 2026-11-30T08:00 ", SHANGHAI) == "2026-11-30T08:00:00+08:00"
    assert rfc3339("2026-11-30T08:00:00Z", SHANGHAI) == "2026-11-30T08:00:00+00:00"
    assert moment("  ", SHANGHAI) is None


@pytest.mark.parametrize("said", ["yesterday", "0001-01-01", "1999-12-31", "9999-12-31T23:59:59", "2200-01-01", "0001"])
def test_what_is_no_moment_that_anything_here_can_have_is_refused(said: str) -> None:
    with pytest.raises(Problem) as refused:
        moment(said, SHANGHAI)
    assert refused.value.status == 422


@pytest.mark.parametrize("said", ["2000-01-01", "2199-12-31T23:59:59-23:59"])
def test_with_each_that_is_taken_one_can_reckon(said: str) -> None:
    found = moment(said, SHANGHAI)
    assert found is not None
    assert found - timedelta(days=400) < found < found + timedelta(days=400)
