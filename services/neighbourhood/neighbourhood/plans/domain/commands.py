"""What can be done with a plan."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, TypeAlias

from pydantic import Field

from linli.contracts.base import Slug
from linli.contracts.neighbourhood.affairs import Digest, Id, Wording
from linli.contracts.neighbourhood.plan_text import PlanItem
from linli.contracts.neighbourhood.plans import ObjectionOutcome

MOST_AT_ONCE = 2_000
"""Demands of one command: each is in its event."""
MOST_BUILDINGS = 500


@dataclass(frozen=True, slots=True)
class Hung:
    """What publicity knows of a notice, as far as a plan needs it."""

    id: str
    plan_id: str
    """What it makes public."""
    digest: str
    """Of the text that hangs now."""
    days: tuple[date, date] | None = None
    """The first and the last day that counted, once that text has hung for all of them."""


@dataclass(frozen=True, slots=True)
class DraftPlan:
    """Begin a plan."""

    id: Id
    by: Id
    community: Slug
    neighbourhood: Slug
    title: Wording
    replaces: Id | None = None


@dataclass(frozen=True, slots=True)
class TakeDemands:
    """Let the plan owe an answer to these as well, such as to all of a round's."""

    by: Id
    demands: Annotated[tuple[Id, ...], Field(min_length=1, max_length=MOST_AT_ONCE)]


@dataclass(frozen=True, slots=True)
class WriteItem:
    """Add an item, or put another in the place of the one with its id."""

    by: Id
    item: PlanItem


@dataclass(frozen=True, slots=True)
class RemoveItem:
    """Take an item out."""

    by: Id
    item: Slug


@dataclass(frozen=True, slots=True)
class Decline:
    """Say that the plan does not answer a demand, and why."""

    by: Id
    demand: Id
    reason: Wording


@dataclass(frozen=True, slots=True)
class Reconsider:
    """Take that back."""

    by: Id
    demand: Id


@dataclass(frozen=True, slots=True)
class FreezeVersion:
    """Make a version of what it says now, and post it. The first one says in which buildings; a later one hangs in the
    same, and its days begin anew."""

    by: Id
    buildings: Annotated[tuple[Slug, ...], Field(max_length=MOST_BUILDINGS)] = ()


@dataclass(frozen=True, slots=True)
class Announce:
    """The version is being posted by that notice."""

    by: Id
    hung: Hung


@dataclass(frozen=True, slots=True)
class FileObjection:
    """Object to the newest version. `words` is the hash of what was written."""

    id: Id
    by: Id
    household: Id
    words: Digest
    item: Slug | None = None


@dataclass(frozen=True, slots=True)
class AnswerObjection:
    """Answer an objection."""

    by: Id
    objection: Id
    outcome: ObjectionOutcome
    answer: Wording


@dataclass(frozen=True, slots=True)
class WithdrawObjection:
    """Take an objection back; `household` is who asks."""

    by: Id
    objection: Id
    household: Id


@dataclass(frozen=True, slots=True)
class Finalise:
    """Let it hold, if it has hung for its days and nothing is open."""

    by: Id
    hung: Hung


@dataclass(frozen=True, slots=True)
class Supersede:
    """That plan holds in its place."""

    by: Id
    replaced_by: Id


Edit: TypeAlias = TakeDemands | WriteItem | RemoveItem | Decline | Reconsider
OnObjection: TypeAlias = FileObjection | AnswerObjection | WithdrawObjection
Command: TypeAlias = DraftPlan | Edit | FreezeVersion | Announce | OnObjection | Finalise | Supersede
