"""When several notices are told in one letter."""

from datetime import timedelta

import pytest

from notify.domain.digests import not_before
from tests.support.builders import NOON

QUIET, AT_MOST = timedelta(seconds=5), timedelta(seconds=600)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (0, 0, 5),  # one alone: after the quiet
        (-10, -6, -1),  # nothing has come for long enough: its time is over
        (-10, -1, 5),  # more comes: half as long again as it has been coming
        (-100, -1, 50),
        (-500, -1, 100),  # and not later than so long after the first
        (-600, 0, 0),
    ],
)
def test_a_letter_for_many_waits_for_quiet_is_looked_at_ever_more_seldom_and_goes_in_time(
    first: int, last: int, expected: int
) -> None:
    at = [NOON + timedelta(seconds=seconds) for seconds in (first, last, expected)]
    assert not_before(at[0], at[1], NOON, QUIET, AT_MOST) == at[2]
