"""What fails while something is posted is counted, and takes nothing from the rest."""

import pytest

from bench.posting import parsed, summed_up

SAID = """Running 5s test @ http://127.0.0.1:8101/v1/submissions
  1 threads and 256 connections
  Socket errors: connect 0, read 0, write 0, timeout 2

FIGURES {"requests": 1000, "seconds": 5.0, "broken": 1, "refused": 10, "late": 2, "p50": 90.5, "p99": 310.0}
"""


def test_answers_that_were_late_or_refused_are_counted_and_the_figures_are_there() -> None:
    posted = parsed(SAID)
    assert posted.failures == 13
    assert posted.rate == pytest.approx(198.0)
    assert (posted.p50, posted.p99) == (90.5, 310.0)


def test_our_own_processes_count_as_wrk_does() -> None:
    posted = summed_up([0.1] * 99 + [2.5], failed=3, seconds=10.0)
    assert posted.failures == 4
    assert posted.rate == pytest.approx(10.0)
    assert posted.p50 == pytest.approx(100.0)


@pytest.mark.parametrize("times", [[], [0.1]])
def test_a_run_without_answers_has_figures_too(times: list[float]) -> None:
    posted = summed_up(times, failed=1, seconds=1.0)
    assert (posted.rate, posted.failures) == (len(times), 1)
