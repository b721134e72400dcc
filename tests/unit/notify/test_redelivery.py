"""What is posted once more: by its number, or all of a range, a handful at a time."""

from datetime import timedelta

from linli.frozen import replace
from notify.deliveries.domain.tries import Took, Unreached
from notify.partner_events.domain.endpoint import Endpoint, Try, tried
from notify.partner_events.domain.redelivery import MOST_AGAIN, asked_again, asked_back, refilled
from notify.partner_events.domain.standing import Behind, Place, unread_since
from tests.support.builders import NOON

HERE = Endpoint("test/water-co", "https://water.example", None, cursor=500, due_at=NOON, added_at=NOON)


def test_an_event_that_is_asked_for_twice_is_sent_once_and_only_so_many_wait() -> None:
    assert asked_again(replace(HERE, again=(3, 7)), 3) == (3, 7)
    full = replace(HERE, again=tuple(range(1, MOST_AGAIN + 1)))
    assert len(asked_again(full, 400)) == MOST_AGAIN


def test_a_range_ends_at_what_comes_anyhow() -> None:
    assert asked_back(HERE, 10, 900) == (10, 500)
    assert asked_back(HERE, 501, 900) is None


def test_another_range_while_one_is_under_way_makes_one_of_both() -> None:
    assert asked_back(replace(HERE, back=(40, 60)), 10, 20) == (10, 60)


def test_a_range_is_taken_a_handful_at_a_time_and_then_there_is_none() -> None:
    asked = replace(HERE, back=(1, 150))
    first = refilled(asked, range(1, MOST_AGAIN + 1))
    assert (len(first.again), first.back) == (MOST_AGAIN, (101, 150))
    last = refilled(replace(first, again=()), range(101, 151))
    assert (last.again[0], last.again[-1], last.back) == (101, 150, None)
    assert refilled(replace(HERE, back=(1, 9)), []) == replace(HERE, back=None), "they are no longer kept"


def test_what_of_a_range_was_not_taken_is_sent_again_before_the_next_of_it() -> None:
    asked = refilled(replace(HERE, back=(1, 2)), [1, 2])
    tries = [Try(1, "e:1", NOON, 5, Took(), ""), Try(2, "e:2", NOON, 5, Unreached("http_500"), "")]
    assert tried(asked, [1, 2], 500, tries, NOON, 1.0).again == (2,)


def test_who_reads_by_one_way_reads() -> None:
    place, day = Place("pull", 1, NOON), timedelta(days=1)
    behind, more = Behind(place, 3, NOON), Behind(place, 9, NOON - day)
    assert unread_since([], NOON) == NOON
    assert unread_since([], None) is None
    assert unread_since([behind, more], None) == NOON
    assert unread_since([more, Behind(place, 0, None)], NOON) is None
