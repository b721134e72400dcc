"""What can be done with a round."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, TypeAlias

from pydantic import AwareDatetime, Field

from linli.contracts.base import Slug
from linli.contracts.neighbourhood.affairs import Digest, Id, Wording
from linli.contracts.neighbourhood.rounds import Question
from neighbourhood.rounds.domain.questions import MOST_QUESTIONS
from neighbourhood.rounds.domain.response import Response

MOST_TOGETHER = 5_000
"""Demands of one cluster."""
Questions = Annotated[tuple[Question, ...], Field(max_length=MOST_QUESTIONS)]


@dataclass(frozen=True, slots=True)
class DraftRound:
    """Begin a round."""

    id: Id
    by: Id
    community: Slug
    neighbourhood: Slug
    title: Wording
    questions: Questions = ()


@dataclass(frozen=True, slots=True)
class Revise:
    """Ask otherwise."""

    by: Id
    title: Wording
    questions: Questions


@dataclass(frozen=True, slots=True)
class Open:
    """Let households answer until then."""

    by: Id
    closes_at: AwareDatetime


@dataclass(frozen=True, slots=True)
class Extend:
    """Let them answer for longer."""

    by: Id
    closes_at: AwareDatetime


@dataclass(frozen=True, slots=True)
class Close:
    """`seed`: 32 random bytes in hex, drawn by who calls."""

    by: Id
    seed: Digest


@dataclass(frozen=True, slots=True)
class SettleCluster:
    """These demands, and no others, are one matter."""

    by: Id
    cluster: Id
    title: Wording
    demands: Annotated[tuple[Id, ...], Field(max_length=MOST_TOGETHER)]
    known: frozenset[str]
    """The demands that there are in the neighbourhood, of those named."""


@dataclass(frozen=True, slots=True)
class LeaveOut:
    """A demand belongs to no cluster."""

    by: Id
    demand: Id
    reason: Wording
    known: frozenset[str]
    """As of a cluster."""


@dataclass(frozen=True, slots=True)
class Summarise:
    """Count all answers: `responses` are those of all who were invited."""

    by: Id
    responses: Sequence[Response]


@dataclass(frozen=True, slots=True)
class Publish:
    """Let all read what was counted."""

    by: Id


Command: TypeAlias = DraftRound | Revise | Open | Extend | Close | SettleCluster | LeaveOut | Summarise | Publish
