"""Links: what an event says of one thing and another, as small documents that are written without being read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from linli.contracts.neighbourhood.affairs import Wording


class Kind(StrEnum):
    """What a thing is."""

    DEMAND = "demand"
    """By its submission's id, which is also its case's."""
    ROUND = "round"
    CLUSTER = "cluster"
    """`round~cluster`."""
    PLAN = "plan"
    ITEM = "item"
    """`plan~item`: no item has a `~` in its own."""
    MEETING = "meeting"
    COMMITMENT = "commitment"
    ACTION = "action"
    PACKAGE = "package"
    DEFECT = "defect"
    """`package~defect`."""
    ACCEPTANCE = "acceptance"
    """A package has one; its id is the package's."""


class Thing(NamedTuple):
    """Something that has a name in some context."""

    kind: Kind
    id: str


class Relation(StrEnum):
    """What a link says of its two things. Each is written by one kind of story."""

    STANDING = "standing"
    """Of a thing and itself: where it stands."""
    MERGED = "merged"
    """A demand's case follows another's."""
    RAISED = "raised"
    """A demand was made in a round."""
    PLACED = "placed"
    """A round put a demand into a cluster, or left it out."""
    SETTLED = "settled"
    """A round settled a cluster."""
    TAKEN = "taken"
    """A plan owes a demand an answer."""
    CITED = "cited"
    """An item of a plan answers a demand."""
    DECLINED = "declined"
    """A plan does not answer a demand."""
    WRITTEN = "written"
    """An item stands in a plan, or stands there no more."""
    SUPERSEDED = "superseded"
    """A plan holds in another's place."""
    COMMITTED = "committed"
    """A party committed itself, when a thing was talked about."""
    ASSIGNED = "assigned"
    """An action comes of a thing."""
    BUILT = "built"
    """A package is of an item, and so of a demand."""
    FOUND = "found"
    """A defect is of a package."""
    ACCEPTING = "accepting"
    """How far a package's acceptance is."""
    FILED = "filed"
    """An acceptance is filed with the authority."""


_ONE_TARGET = frozenset({Relation.PLACED, Relation.MERGED})
"""Of these a source has one at a time in a story: another target takes the place of the one before."""


class State(StrEnum):
    """What a link says, where no contract has a word for it: what is of a stage or a case says that in its own."""

    HOLDS = "holds"
    OVER = "over"
    LEFT_OUT = "left_out"
    OPEN = "open"
    REPORTED = "reported"
    VERIFIED = "verified"
    DROPPED = "dropped"
    BUILDING = "building"
    MENDING = "mending"
    """Built, and not accepted as it is."""
    COMPLETED = "completed"
    HANDED_OVER = "handed_over"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    ORDERED = "ordered"
    SUBMITTED = "submitted"
    REQUESTED = "requested"
    CONVENED = "convened"
    PASSED = "passed"
    FAILED = "failed"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Link:
    """What the event of that story and sequence says of the two. The newest event of a link's story is what holds."""

    relation: Relation
    source: Thing
    target: Thing
    state: str
    at: datetime
    story: str
    sequence: int
    reason: Wording | None = None
    community: str | None = None
    """Where it happened, as far as the event says so; each of a case does."""

    @property
    def id(self) -> str:
        """The link's own: a document is written under it, and nothing else ever is."""
        target = "" if self.relation in _ONE_TARGET else f">{self.target.kind}:{self.target.id}"
        return f"{self.relation}|{self.story}|{self.source.kind}:{self.source.id}{target}"

    @property
    def event(self) -> str:
        """The id of the event that says so."""
        return f"{self.story}:{self.sequence}"


def newest(links: Iterable[Link]) -> Mapping[str, Link]:
    """By id, the link of the latest event. Whatever order they come in, and however often.

    So a batch is one bulk write with one operation a link: put it there, unless a later one is there already.
    """
    found: dict[str, Link] = {}
    for each in links:
        before = found.get(each.id)
        if before is None or before.sequence < each.sequence:
            found[each.id] = each
    return found
