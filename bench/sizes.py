"""How much of everything a run measures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

PARTS = ("accept", "apply", "deliver", "orders", "end to end", "deadlines", "pages", "renewal", "growth", "memory")
_MINUTES = {
    "accept": 3.5,
    "apply": 5.0,
    "deliver": 3.0,
    "orders": 2.0,
    "end to end": 4.0,
    "deadlines": 1.5,
    "pages": 2.0,
    "renewal": 5.0,
    "growth": 4.0,
    "memory": 3.5,
}
"""34 in all, with the start of the servers."""
_FULL_MINUTES = _MINUTES | {"orders": 7.0, "growth": 40.0, "memory": 25.0}
"""97 in all."""


@dataclass
class Sizes:
    """Of a run as people start it."""

    rounds: int = 3
    seconds: float = 5.0
    """Of posting as fast as it goes."""
    events: int = 20_000
    notices: int = 4_000
    orders: int = 20_000
    """Of all partners together."""
    connections: Sequence[int] = (1, 64)
    """At which Linli and its peers accept in turn."""
    connections_alone: Sequence[int] = (8, 256)
    """At which only Linli accepts."""
    workers: Sequence[int] = (2, 4)
    rates: Sequence[int] = (100,)
    steady_seconds: float = 15.0
    step_seconds: float = 8.0
    """Of each try on the way to the highest steady rate."""
    hold_seconds: float = 60.0
    """For which no queue may grow at it."""
    first_rate: float = 100.0
    most_rate: float = 3_200.0
    """Where the search for it ends in any case."""
    cases: Sequence[int] = (100_000,)
    steady_when_grown: bool = False
    """Whether the highest steady rate is looked for with many cases too: it takes minutes."""
    deadlines: int = 100_000
    """Open while the timer is watched."""
    remembered: int = 100_000
    """Events while the memory is watched: of submissions and all that comes of them."""
    photos: int = 1_000
    """Hostile ones."""
    votes: int = 60
    """Open at once."""
    owners: int = 340
    """Of each who have a code: three bursts have to find enough of them."""
    units: int = 20_000
    """Of the register that is read from a spreadsheet."""
    steady_ballots: float = 40_000 / 3_600
    """A second: a subdistrict within an hour."""
    burst: float = 200.0
    """Ballots a second."""
    burst_seconds: float = 20.0
    looks: int = 100
    """At a vote that takes no ballots any more."""
    answers: int = 20_000
    """To a round."""
    minutes: Mapping[str, float] = field(default_factory=lambda: _MINUTES)
    """For each part, after which it begins no further round."""

    def minutes_of(self, part: str) -> float:
        return self.minutes.get(part, 5.0)


def smoke() -> Sizes:
    """As little as shows that every part runs."""
    return Sizes(
        rounds=1,
        seconds=0.5,
        events=500,
        notices=100,
        orders=400,
        connections_alone=(8,),
        workers=(),
        rates=(20,),
        steady_seconds=2,
        step_seconds=1.5,
        hold_seconds=3,
        first_rate=10,
        most_rate=20,
        cases=(500,),
        deadlines=500,
        remembered=1_000,
        photos=24,
        votes=3,
        owners=40,
        units=200,
        burst=20,
        burst_seconds=2,
        looks=10,
        answers=120,
        minutes={},
    )


def full() -> Sizes:
    """With a million cases in place of a hundred thousand, 100,000 orders, and the memory over a million events."""
    return Sizes(
        cases=(1_000_000,), steady_when_grown=True, orders=100_000, remembered=1_000_000, minutes=_FULL_MINUTES
    )
