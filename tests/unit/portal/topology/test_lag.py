"""How far behind a group is: in records, in seconds, and until when."""

import pytest

from portal.topology.domain.lag import lag_of
from tests.support.topology import looks, sample

GROUP = "linli.notify"


def with_lag(end, at):
    return lambda n: sample(n, ends={"linli.cases": end(n)}, positions={(GROUP, "linli.cases"): at(n)})


def test_nothing_is_known_of_a_group_whose_readers_never_told():
    assert lag_of(looks(sample), "linli.nobody") is None


def test_who_has_read_all_is_not_behind():
    lag = lag_of(looks(sample), GROUP)
    assert (lag.records, lag.seconds, lag.clears_in) == (0, 0.0, 0.0)


def test_seconds_behind_lie_between_the_ends_that_were_sampled():
    lag = lag_of(looks(with_lag(lambda n: 10 * n, lambda n: 10 * n - 15 if n > 1 else 0)), GROUP)
    assert lag.records == 15
    assert lag.seconds == pytest.approx(7.5)


def test_of_what_is_older_than_the_window_no_seconds_are_told():
    assert lag_of(looks(with_lag(lambda n: 1_000 + n, lambda n: 5)), GROUP).seconds is None


def test_the_time_to_clear_goes_by_how_fast_it_comes_nearer():
    lag = lag_of(looks(with_lag(lambda n: 100, lambda n: 10 * n)), GROUP)
    assert lag.records == 30
    assert lag.clears_in == pytest.approx(15)


def test_what_does_not_come_nearer_has_no_time_to_clear():
    assert lag_of(looks(with_lag(lambda n: 10 + 2 * n, lambda n: n)), GROUP).clears_in is None


def test_what_came_in_a_moment_ago_is_no_stall():
    lag = lag_of(looks(with_lag(lambda n: 10 if n < 6 else 20, lambda n: 10)), GROUP)
    assert lag.records == 10
    assert lag.stalled == ()


def test_a_slow_reader_has_not_stalled():
    assert lag_of(looks(with_lag(lambda n: 1_000, lambda n: n // 4), 16), GROUP).stalled == ()


def test_a_stall_names_the_partition():
    assert lag_of(looks(with_lag(lambda n: 1_000, lambda n: 7), 16), GROUP).stalled == (("linli.cases", 0),)
