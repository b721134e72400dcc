"""What can be done with a plan."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from linli.contracts.neighbourhood.affairs import Wording
from linli.contracts.neighbourhood.plan_text import PlanItem
from linli.contracts.neighbourhood.plans import ObjectionOutcome


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

    id: str
    by: str
    community: str
    neighbourhood: str
    title: Wording
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class TakeDemands:
    """Let the plan owe an answer to these as well, such as to all of a round's."""

    by: str
    demands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WriteItem:
    """Add an item, or put another in the place of the one with its id."""

    by: str
    item: PlanItem


@dataclass(frozen=True, slots=True)
class RemoveItem:
    """Take an item out."""

    by: str
    item: str


@dataclass(frozen=True, slots=True)
class Decline:
    """Say that the plan does not answer a demand, and why."""

    by: str
    demand: str
    reason: Wording


@dataclass(frozen=True, slots=True)
class Reconsider:
    """Take that back."""

    by: str
    demand: str


@dataclass(frozen=True, slots=True)
class FreezeVersion:
    """Make a version of what it says now."""

    by: str


@dataclass(frozen=True, slots=True)
class Announce:
    """The version is being posted by that notice."""

    by: str
    hung: Hung


@dataclass(frozen=True, slots=True)
class FileObjection:
    """Object to the newest version. `words` is the hash of what was written."""

    id: str
    by: str
    household: str
    words: str
    item: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerObjection:
    """Answer an objection."""

    by: str
    objection: str
    outcome: ObjectionOutcome
    answer: Wording


@dataclass(frozen=True, slots=True)
class WithdrawObjection:
    """Take an objection back; `household` is who asks."""

    by: str
    objection: str
    household: str


@dataclass(frozen=True, slots=True)
class Finalise:
    """Let it hold, if it has hung for its days and nothing is open."""

    by: str
    hung: Hung


@dataclass(frozen=True, slots=True)
class Supersede:
    """That plan holds in its place."""

    by: str
    replaced_by: str


Edit: TypeAlias = TakeDemands | WriteItem | RemoveItem | Decline | Reconsider
OnObjection: TypeAlias = FileObjection | AnswerObjection | WithdrawObjection
Command: TypeAlias = DraftPlan | Edit | FreezeVersion | Announce | OnObjection | Finalise | Supersede
