"""What is otherwise in one picture than in another."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from portal.topology.domain.picture import Edge, Node, Picture

T = TypeVar("T", Node, Edge)


@dataclass(frozen=True, slots=True)
class Changed:
    """A node or an edge that stood otherwise."""

    id: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """From an earlier picture to a later one, by ids."""

    came: tuple[str, ...]
    went: tuple[str, ...]
    changed: tuple[Changed, ...]


def difference(before: Picture, after: Picture) -> Difference:
    """Figures go up and down all the time; what is told of is who is there, and how each stands."""
    earlier, later = _states(before), _states(after)
    return Difference(
        tuple(sorted(later.keys() - earlier.keys())),
        tuple(sorted(earlier.keys() - later.keys())),
        tuple(
            Changed(id, earlier[id], later[id])
            for id in sorted(earlier.keys() & later.keys())
            if earlier[id] != later[id]
        ),
    )


def _states(picture: Picture) -> Mapping[str, str]:
    nodes = {id: node.state.value for id, node in picture.nodes.items()}
    return nodes | {id: edge.flow.value for id, edge in picture.edges.items()}
