"""What was measured: one figure a line, the median of some runs, beside the peer that it was measured in turn with."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """The median of some runs, interleaved with those of its peer. There may be no run: the part failed before it."""

    part: str
    name: str
    unit: str
    runs: Sequence[float]
    peer: str | None = None
    """What it is compared with."""
    peer_runs: Sequence[float] = ()
    failures: int = 0
    """Requests of all runs that failed, or were not answered in time. They are not among what the figure counts."""
    peer_failures: int = 0
    value: float | None = field(init=False)
    peer_value: float | None = field(init=False)
    ratio: float | None = field(init=False)

    def __post_init__(self) -> None:
        value = median(self.runs) if self.runs else None
        peer_value = median(self.peer_runs) if self.peer_runs else None
        object.__setattr__(self, "value", value)
        object.__setattr__(self, "peer_value", peer_value)
        object.__setattr__(self, "ratio", value / peer_value if value is not None and peer_value else None)

    @property
    def judged(self) -> float | None:
        """What a goal is held to: the ratio where there is a peer, else the value."""
        return self.ratio if self.peer else self.value
