"""What a library says again and again is written once in a while, with how often it was said."""

import logging

from linli.application.telemetry import KINDS_KNOWN, Seldom


class Hands:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def said(seldom: Seldom, message: str, *arguments: object, by: str = "aiokafka") -> str | None:
    record = logging.LogRecord(by, logging.WARNING, __file__, 1, message, arguments, None)
    return record.getMessage() if seldom.filter(record) else None


def test_the_same_of_ten_seconds_is_one_line_and_the_next_says_how_many_there_were() -> None:
    clock = Hands()
    seldom = Seldom(every=10.0, clock=clock)
    assert said(seldom, "Unable connect to node with id %s", 1) == "Unable connect to node with id 1"
    for _ in range(7):
        clock.now += 1.0
        assert said(seldom, "Unable connect to node with id %s", 1) is None
    clock.now += 3.0
    assert said(seldom, "Unable connect to node with id %s", 2) == (
        "Unable connect to node with id 2 (and 7 more of this kind)"
    )
    clock.now += 10.0
    assert said(seldom, "Unable connect to node with id %s", 2) == "Unable connect to node with id 2"


def test_something_else_and_somebody_else_are_heard_at_once() -> None:
    seldom = Seldom(clock=Hands())
    assert said(seldom, "Marking the coordinator dead")
    assert said(seldom, "Heartbeat failed")
    assert said(seldom, "Marking the coordinator dead", by="another")


def test_a_message_with_a_percent_sign_of_its_own_stays_as_it_is() -> None:
    clock = Hands()
    seldom = Seldom(every=10.0, clock=clock)
    assert said(seldom, "100%% of %s", "it") == "100% of it"
    assert said(seldom, "100%% of %s", "it") is None
    clock.now += 10.0
    assert said(seldom, "100%% of %s", "it") == "100% of it (and 1 more of this kind)"


def test_lines_that_all_differ_are_all_written_and_take_no_more_and_more_memory() -> None:
    seldom = Seldom(clock=Hands())
    assert all(said(seldom, f"Task {number} was destroyed") for number in range(3 * KINDS_KNOWN))
    assert len(seldom._last) <= KINDS_KNOWN
