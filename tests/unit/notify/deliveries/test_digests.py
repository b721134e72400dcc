"""When several notices are told in one letter."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from linli.contracts.workflow import case
from notify.deliveries.domain.deliveries import Delivery, delivery
from notify.deliveries.domain.digests import MINUTE, Bursts, key, made_to_wait, not_before
from notify.notices.domain.kinds import Channel, NoticeKind
from notify.notices.domain.notices import Notice
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
    due = [each.due_at for each in made_to_wait(came, Bursts(20), QUIET, AT_MOST)]
    assert due == [NOON + QUIET, NOON + AT_MOST, NOON, NOON + QUIET, NOON + AT_MOST]


def given(number: int, at: timedelta = timedelta(0), hours: int = 4, to: str = "estate", **how: Any) -> Delivery:
    now = NOON + at
    dates = {"accept_by": now + timedelta(hours=hours), "resolve_by": now + timedelta(days=1)}
    sent_back = {"binding": how.get("binding", False)}
    event = replace(said(case.CaseDispatched, f"case-{number}", **dates, **sent_back), time=now)
    notice = Notice(NoticeKind.PARTY_DISPATCHED, f"party:{to}", how.get("channel", Channel.EMAIL))
    return delivery(event, notice, now)


def by_itself(deliveries: list[Delivery]) -> list[bool]:
    return [key(each) is None and each.due_at == each.created_at for each in deliveries]


def test_a_party_has_so_many_letters_in_a_minute_and_the_others_in_one() -> None:
    bursts = Bursts(3)
    made = made_to_wait([given(n) for n in range(6)], bursts, QUIET, AT_MOST)
    assert by_itself(made) == [True] * 3 + [False] * 3
    assert [each.due_at for each in made[3:]] == [NOON + QUIET, NOON + MINUTE, NOON + MINUTE]
    later = timedelta(seconds=30)
    assert by_itself(made_to_wait([given(7, later), given(8, later, to="grid-1")], bursts, QUIET, AT_MOST)) == [
        False,
        True,
    ]
    assert by_itself(made_to_wait([given(9, MINUTE * 2)], bursts, QUIET, AT_MOST)) == [True]


def test_what_is_urgent_a_webhook_or_not_to_be_gathered_waits_for_nothing() -> None:
    bursts = Bursts(1)
    made_to_wait([given(1), given(2)], bursts, QUIET, AT_MOST)
    alone = [given(3, hours=1), given(4, channel=Channel.WEBHOOK), given(5, binding=True)]
    assert by_itself(made_to_wait(alone, bursts, QUIET, AT_MOST)) == [True] * 3
    assert all(by_itself(made_to_wait([given(n) for n in range(500)], Bursts(0), QUIET, AT_MOST)))


def test_a_clock_that_goes_back_keeps_nobody_waiting_for_ever() -> None:
    bursts = Bursts(1)
    made_to_wait([given(1, MINUTE * 60), given(2, MINUTE * 60)], bursts, QUIET, AT_MOST)
    assert by_itself(made_to_wait([given(3)], bursts, QUIET, AT_MOST)) == [True]


def test_nothing_waits_longer_than_it_may_however_long_quiet_is_asked_for() -> None:
    [one] = made_to_wait([waiting(1)], Bursts(20), AT_MOST * 2, AT_MOST)
    assert one.due_at == NOON + AT_MOST
