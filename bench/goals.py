"""How fast Linli means to be: each goal with its part, its peer, its direction and its bound. Nothing else judges."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bench.figures import Figure
from bench.peers import (
    ANSWERED,
    BARE_LETTERS,
    BARE_LOOP,
    BARE_WEBHOOKS,
    EARLIER_HALF,
    FASTAPI_ALONE,
    FASTAPI_INSERT_SEND,
    FASTSTREAM_ACK,
    NO_CASES,
    SLOWEST_STAGE,
    WEBHOOKS,
    WITHOUT_IT,
)

MILLION = 1_000_000
SERVICES = ("intake", "workflow", "notify")
PROGRAMS = (*SERVICES, "portal", "neighbourhood")


class Side(StrEnum):
    """Where a figure has to be."""

    AT_LEAST = "at least"
    AT_MOST = "at most"


class State(StrEnum):
    """On which side of its goal a figure is."""

    MET = "met"
    MISSED = "missed"
    NOT_MEASURED = "not measured"


@dataclass(frozen=True, slots=True)
class Goal:
    """One figure, by its part, name and peer, and the bound that its ratio (its value, if it has no peer) keeps."""

    part: str
    name: str
    peer: str | None
    side: Side
    bound: float
    unit: str = ""
    """Of the bound where there is no peer."""

    def __str__(self) -> str:
        return f"{self.side} {self.bound:g}{' ×' if self.peer else ''}{f' {self.unit}' if self.unit else ''}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a run says of a goal."""

    goal: Goal
    state: State
    measured: float | None = None
    """The ratio, or the value where there is no peer."""

    @property
    def margin(self) -> float | None:
        """How far it is from its bound, as a share of it: above 0 there is room, below 0 so much is missing."""
        if self.measured is None:
            return None
        beyond = self.measured / self.goal.bound - 1
        return beyond if self.goal.side is Side.AT_LEAST else -beyond

    def __str__(self) -> str:
        return self.state.value if self.margin is None else f"{self.state} by {abs(self.margin):.0%}"


def _at_least(part: str, name: str, peer: str, bound: float) -> Goal:
    return Goal(part, name, peer, Side.AT_LEAST, bound)


def _at_most(part: str, name: str, peer: str | None, bound: float, unit: str = "") -> Goal:
    return Goal(part, name, peer, Side.AT_MOST, bound, unit)


def _megabytes(part: str, name: str) -> Goal:
    return _at_most(part, name, None, 150.0, "MB")


GROWN_RATES = ("accepted", "applied", "webhooks", "e-mails", "highest steady rate")
GROWN_TIMES = ("accepted at 1 connection, p50", "webhook arrived, p99")

LOOKS = ("turnout in a burst", "a vote's page in a burst", "turnout afterwards", "a vote's page afterwards")

GOALS: Sequence[Goal] = (
    _at_least("accept", "at 64 connections", FASTAPI_ALONE, 0.40),
    _at_least("accept", "at 64 connections", FASTAPI_INSERT_SEND, 1.5),
    _at_most("accept", "at 1 connection, p50", FASTAPI_INSERT_SEND, 1.0),
    _at_most("accept", "at 64 connections, p99 / p50", None, 3.0),
    _at_least("apply", "one worker, no relay", BARE_LOOP, 0.50),
    _at_least("apply", "one worker, all published", BARE_LOOP, 0.40),
    _at_least("apply", "one worker, all published", FASTSTREAM_ACK, 15.0),
    _at_least("deliver", "webhooks, one sender process", BARE_WEBHOOKS, 0.40),
    _at_least("deliver", "e-mails, one sender process", BARE_LETTERS, 0.40),
    _at_most("orders", "an order, of notify's processor", WEBHOOKS, 1.0),
    _at_least("orders", "posted to 50 partners", WEBHOOKS, 1.0),
    _at_least("orders", "posted to 49 while one is slow", WITHOUT_IT, 0.9),
    _at_most("orders", "delay while one is slow, p99", WITHOUT_IT, 1.25),
    _at_least("end to end", "highest steady rate", SLOWEST_STAGE, 0.5),
    _at_most("end to end", "at half the highest rate, webhook arrived, p99", None, 1_000.0, "ms"),
    _at_most("deadlines", "a look, many deadlines open", NO_CASES, 1.25),
    _at_most("deadlines", "overdue until noticed, at most", None, 5.0, "s"),
    _at_most("renewal", "a register from its spreadsheet", None, 20.0, "s"),
    Goal("renewal", "ballots as fast as they come", None, Side.AT_LEAST, 200.0, "1/s"),
    _at_least("renewal", "ballots counted", ANSWERED, 1.0),
    *(_at_most("renewal", f"{each}, p99", None, 200.0, "ms") for each in LOOKS),
    _at_most("renewal", "a round summed up", None, 10.0, "s"),
    *(_at_least("growth", f"{name}, {MILLION:,} cases", NO_CASES, 0.8) for name in GROWN_RATES),
    *(_at_most("growth", f"{name}, {MILLION:,} cases", NO_CASES, 1.25) for name in GROWN_TIMES),
    *(_megabytes("memory", f"{each}, at most during {MILLION:,} events") for each in SERVICES),
    *(_at_most("memory", f"{each}, later half of {MILLION:,} events", EARLIER_HALF, 1.1) for each in SERVICES),
    _megabytes("memory", "intake, at most with 1,000 hostile photos"),
    *(_megabytes("all parts", f"{each}, memory at most") for each in SERVICES),
)


def judged(goals: Iterable[Goal], figures: Iterable[Figure]) -> list[Verdict]:
    """Each goal held to the figure that it speaks of, if this run has it."""
    measured = {(each.part, each.name, each.peer): each.judged for each in figures}
    return [_judged(goal, measured.get((goal.part, goal.name, goal.peer))) for goal in goals]


def _judged(goal: Goal, measured: float | None) -> Verdict:
    if measured is None:
        return Verdict(goal, State.NOT_MEASURED)
    is_met = measured >= goal.bound if goal.side is Side.AT_LEAST else measured <= goal.bound
    return Verdict(goal, State.MET if is_met else State.MISSED, measured)
