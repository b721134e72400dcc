"""What an event says of two things, before it is known by which event."""

from dataclasses import dataclass

from linli.contracts.neighbourhood.affairs import Wording
from neighbourhood.lineage.domain.links import Relation, State, Thing


@dataclass(frozen=True, slots=True)
class Said:
    """A link without its event."""

    relation: Relation
    source: Thing
    target: Thing
    state: str
    reason: Wording | None = None


def says(
    relation: Relation, source: Thing, target: Thing, state: str = State.HOLDS, reason: Wording | None = None
) -> Said:
    return Said(relation, source, target, state, reason)


def stands(thing: Thing, state: str) -> Said:
    """Where a thing stands."""
    return Said(Relation.STANDING, thing, thing, state)
