"""A partner's endpoint: how far it has been told, when it is tried again, when it is switched off."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from linli.frozen import replace
from notify.deliveries.domain.tries import Outcome, Refused, Took, Unreached
from notify.partner_events.domain.endpoint import GIVEN_UP_AFTER, Endpoint, Try, switched_on, tried
from tests.support.builders import NOON

HERE = Endpoint("test/water-co", "https://water.example", None, cursor=10, due_at=NOON, added_at=NOON)
AWAY = Unreached("http_500")


def after(
    endpoint: Endpoint,
    outcomes: dict[int, Outcome],
    window: Sequence[int] | None = None,
    until: int | None = None,
    later: timedelta = timedelta(0),
) -> Endpoint:
    tries = [Try(number, f"e:{number}", NOON, 5, outcome, "") for number, outcome in outcomes.items()]
    numbers = list(outcomes) if window is None else window
    end = until if until is not None else max(numbers, default=endpoint.cursor)
    return tried(endpoint, numbers, end, tries, NOON + later, 1.0)


def test_what_is_taken_moves_the_cursor_on() -> None:
    moved = after(HERE, {11: Took(), 12: Took(), 13: Took()})
    assert (moved.cursor, moved.taken, moved.failures, moved.version) == (13, (), 0, 2)


def test_an_endpoint_is_looked_at_only_where_there_is_something_for_it() -> None:
    assert [HERE.has_more(last) for last in (0, 10, 11)] == [False, False, True]
    assert replace(HERE, again=(3,)).has_more(10) and replace(HERE, back=(3, 5)).has_more(10)


def test_what_it_does_not_want_is_passed_over() -> None:
    assert after(HERE, {}, until=40).cursor == 40
    assert after(HERE, {12: Took(), 17: Took()}, until=20).cursor == 20


def test_what_was_not_taken_holds_the_cursor_and_what_was_beyond_it_is_not_sent_again() -> None:
    held = after(HERE, {11: Took(), 12: AWAY, 13: Took()}, window=[11, 12, 13, 14])
    assert (held.cursor, held.taken) == (11, (13,))
    moved = after(held, {12: Took(), 14: Took()}, window=[12, 14])
    assert (moved.cursor, moved.taken) == (14, ())


def test_what_is_refused_for_good_stands_in_nobody_s_way() -> None:
    assert after(HERE, {11: Refused("http_422"), 12: Took()}).cursor == 12


def test_each_failure_in_a_row_waits_longer_and_a_success_begins_anew() -> None:
    waits, endpoint = [], HERE
    for _ in range(8):
        endpoint = after(endpoint, {11: AWAY})
        waits.append((endpoint.due_at - NOON).total_seconds())
    assert waits == [5, 30, 120, 600, 1_800, 3_600, 3_600, 3_600]
    again = after(endpoint, {11: Took(), 12: AWAY})
    assert (again.failures, (again.due_at - NOON).total_seconds()) == (1, 5)


@pytest.mark.parametrize(("asked", "waits"), [(90.0, 90), (1.0, 5), (10**9, 6 * 3600)])
def test_it_waits_as_long_as_it_is_asked_to_within_bounds(asked: float, waits: int) -> None:
    assert (after(HERE, {11: Unreached("http_429", asked)}).due_at - NOON).total_seconds() == waits


def test_after_five_days_of_failure_it_is_switched_off_and_forgets_nothing() -> None:
    failing = after(HERE, {11: AWAY})
    four = after(failing, {11: AWAY}, later=timedelta(days=4))
    assert four.off is None
    five = after(four, {11: AWAY}, later=GIVEN_UP_AFTER)
    assert (five.off, five.cursor) == ("http_500", 10)
    on = switched_on(five, NOON)
    assert (on.off, on.failures, on.failing_since, on.cursor) == (None, 0, None, 10)


def test_people_are_warned_once_when_it_has_failed_for_two_days_and_again_of_another_outage() -> None:
    failing = after(HERE, {11: AWAY})
    one = after(failing, {11: AWAY}, later=timedelta(days=1, hours=23))
    assert (failing.warned, one.warned) == (False, False)
    two = after(one, {11: AWAY}, later=timedelta(days=2))
    assert (two.warned, two.off) == (True, None)
    assert after(two, {11: AWAY}, later=timedelta(days=3)).warned
    assert not after(two, {11: Took()}, later=timedelta(days=3)).warned
    assert not switched_on(two, NOON).warned


def test_one_that_takes_something_in_between_is_not_switched_off() -> None:
    failing = after(HERE, {11: AWAY})
    taken = after(failing, {11: Took(), 12: AWAY}, later=timedelta(days=4))
    assert after(taken, {12: AWAY}, later=timedelta(days=6)).off is None


def test_one_event_that_is_never_taken_is_passed_over_where_later_ones_were() -> None:
    held = after(HERE, {11: AWAY, 12: Took()})
    assert (held.cursor, held.taken, held.stuck_since) == (10, (12,), NOON)
    others = after(held, {11: AWAY, 13: Took()}, until=13, later=timedelta(days=2, hours=12))
    assert (others.cursor, others.stuck_since) == (10, NOON)
    passed = after(others, {11: AWAY}, until=13, later=timedelta(days=3))
    assert (passed.cursor, passed.taken, passed.failures, passed.off) == (13, (), 0, None)


def test_what_was_asked_for_again_and_is_never_taken_is_given_up_and_nothing_new_is() -> None:
    asked = replace(HERE, again=(3, 4, 5))
    failing = after(asked, {3: AWAY, 4: Took()}, window=[3, 4, 5], until=10)
    given_up = after(failing, {3: AWAY, 5: Took()}, window=[3, 5], until=10, later=timedelta(days=3))
    assert (given_up.again, given_up.cursor, given_up.taken) == ((), 10, ())
    assert after(given_up, {}, window=[11]).cursor == 10, "the next to come is still to be told"


def test_in_an_outage_nothing_is_passed_over() -> None:
    failing = after(HERE, {11: AWAY, 12: Took()})
    four = after(failing, {11: AWAY}, until=12, later=timedelta(days=4))
    assert (four.cursor, four.taken, four.off) == (10, (12,), None)


def test_one_that_is_gone_is_switched_off_at_once() -> None:
    gone = after(HERE, {11: Refused("http_410")})
    assert (gone.off, gone.cursor) == ("http_410", 10)


def test_what_is_to_be_sent_again_is_sent_once_and_moves_nothing() -> None:
    asked = replace(HERE, again=(3, 4))
    half = after(asked, {3: Took(), 4: AWAY, 11: Took()}, window=[3, 4, 11])
    assert (half.again, half.cursor) == ((4,), 11)
    assert after(half, {4: Took()}, window=[4], until=11).again == ()
    assert after(asked, {11: Took()}, window=[11]).again == (), "what is no longer kept"
