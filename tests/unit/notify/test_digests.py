"""When several notices are told in one letter."""

from datetime import timedelta

import pytest

from linli.contracts import case
from notify.domain.deliveries import Delivery, delivery
from notify.domain.digests import made_to_wait, not_before
from notify.domain.kinds import Channel, NoticeKind
from notify.domain.notices import Notice
from tests.support.builders import NOON
from tests.support.cases import said

QUIET, AT_MOST = timedelta(seconds=5), timedelta(seconds=600)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (0, 0, 5),  # one alone: after the quiet
        (-10, -6, -1),  # nothing has come for long enough: its time is over
        (-10, -1, 4),  # more comes
        (-598, -1, 2),  # and not later than so long after the first
    ],
)
def test_a_letter_for_many_waits_for_quiet_and_goes_in_time(first: int, last: int, expected: int) -> None:
    at = [NOON + timedelta(seconds=seconds) for seconds in (first, last, expected)]
    assert not_before(at[0], at[1], QUIET, AT_MOST) == at[2]


def waiting(number: int, channel: Channel = Channel.EMAIL, recipient: str = "party:grid-1") -> Delivery:
    event = said(case.CaseTriaged, case_id=f"case-{number}")
    return delivery(event, Notice(NoticeKind.NODE_TRIAGED, recipient, channel), NOON)


def test_of_what_came_at_once_for_one_letter_one_is_looked_at_and_the_others_wait_for_it() -> None:
    came = [waiting(1), waiting(2), waiting(3, Channel.WEBHOOK), waiting(4, recipient="party:grid-2"), waiting(5)]
    due = [each.due_at for each in made_to_wait(came, QUIET, AT_MOST)]
    assert due == [NOON + QUIET, NOON + AT_MOST, NOON, NOON + QUIET, NOON + AT_MOST]


def test_nothing_waits_longer_than_it_may_however_long_quiet_is_asked_for() -> None:
    [one] = made_to_wait([waiting(1)], AT_MOST * 2, AT_MOST)
    assert one.due_at == NOON + AT_MOST
