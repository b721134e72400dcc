"""What can be done with a round."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from linli.contracts.neighbourhood.affairs import Wording
from linli.contracts.neighbourhood.rounds import Question
from neighbourhood.rounds.domain.response import Response


@dataclass(frozen=True, slots=True)
class DraftRound:
    """Begin a round."""

    id: str
    by: str
    community: str
    neighbourhood: str
    title: Wording
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class Revise:
    """Ask otherwise."""

    by: str
    title: Wording
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """Let households answer until then."""

    by: str
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Extend:
    """Let them answer for longer."""

    by: str
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Close:
    """`seed`: 32 random bytes in hex, drawn by who calls."""

    by: str
    seed: str


@dataclass(frozen=True, slots=True)
class SettleCluster:
    """These demands, and no others, are one matter."""

    by: str
    cluster: str
    title: Wording
    demands: tuple[str, ...]
    known: frozenset[str]
    """The demands that there are in the neighbourhood, of those named."""


@dataclass(frozen=True, slots=True)
class LeaveOut:
    """A demand belongs to no cluster."""

    by: str
    demand: str
    reason: Wording
    known: frozenset[str]
    """As of a cluster."""


@dataclass(frozen=True, slots=True)
class Summarise:
    """Count all answers: `responses` are those of all who were invited."""

    by: str
    responses: Sequence[Response]


@dataclass(frozen=True, slots=True)
class Publish:
    """Let all read what was counted."""

    by: str


Command: TypeAlias = DraftRound | Revise | Open | Extend | Close | SettleCluster | LeaveOut | Summarise | Publish
