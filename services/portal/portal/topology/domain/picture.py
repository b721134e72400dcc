"""The picture: nodes and edges, with figures and how each stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What a node is."""

    CHANNEL = "channel"
    """By which submissions come in."""
    SERVICE = "service"
    INSTANCE = "instance"
    """One process of a service."""
    DATABASE = "database"
    TOPIC = "topic"
    GROUP = "group"
    DELIVERY = "delivery"
    """By which people are told."""
    PARTNER = "partner"
    PARKING = "parking"
    """What a service put aside for a person to decide."""
    USER = "user"
    """One of Kafka's whom nobody has declared, with a right that concerns us."""


class State(StrEnum):
    """How a node stands."""

    WELL = "well"
    AILING = "ailing"
    """It is there, and something is amiss."""
    STOPPED = "stopped"
    SILENT = "silent"
    """Declared, and not there or not heard of."""
    UNDECLARED = "undeclared"
    UNKNOWN = "unknown"
    """No fresh sample says how it is."""


class Flow(StrEnum):
    """How an edge stands."""

    SEEN = "seen"
    """Declared, and something went over it."""
    SILENT = "silent"
    """Declared, and nothing was seen, or nothing for long (`silence.py`)."""
    UNDECLARED = "undeclared"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Node:
    """Something that takes part."""

    id: str
    """`<kind>:<name>`."""
    kind: Kind
    name: str
    state: State
    lane: int
    owner: str
    """A service, a partner, or `operator`: whom one asks about it."""
    figures: Mapping[str, float | str] = field(default_factory=dict)
    """By name; what is not known is left out."""


@dataclass(frozen=True, slots=True)
class Edge:
    """Something that goes from one node to another."""

    id: str
    """`<source>><target>`."""
    source: str
    target: str
    flow: Flow
    rate: float | None = None
    """A second; None: not known."""
    errors: float | None = None
    """A second; None: not known, or not counted here."""
    moved: datetime | None = None
    """When something went over it last, as far as is known."""
    figures: Mapping[str, float | str] = field(default_factory=dict)

    @property
    def silent_since(self) -> datetime | None:
        """When something was seen last of what is seen no more; None: that is not known, or it is seen."""
        return self.moved if self.flow is Flow.SILENT else None


@dataclass(frozen=True, slots=True)
class Picture:
    """One moment."""

    at: datetime
    """Of the sample that it is from."""
    fresh: bool
    """Whether that was a moment ago."""
    nodes: Mapping[str, Node]
    edges: Mapping[str, Edge]
    rights: str = ""
    """Whether Kafka told who may do what: `told`, or why not (`Sample.rights_told`)."""

    @property
    def seq(self) -> int:
        """Numbers the picture: a later one has a higher one."""
        return int(self.at.timestamp() * 1000)


def unknown(picture: Picture) -> Picture:
    """The same parts, of none of which is known how it stands."""
    nodes = {id: replace(node, state=State.UNKNOWN) for id, node in picture.nodes.items()}
    edges = {
        id: replace(edge, flow=edge.flow if edge.flow is Flow.UNDECLARED else Flow.UNKNOWN, rate=None, errors=None)
        for id, edge in picture.edges.items()
    }
    return Picture(picture.at, False, nodes, edges, picture.rights)


def edge_id(source: str, target: str) -> str:
    """Names what goes from one node to another."""
    return f"{source}>{target}"
