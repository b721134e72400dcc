"""Where each node stands: in fixed lanes from left to right, ordered so that few edges cross.

The order in a lane is by the mean height of what a node is joined to (Sugiyama's barycentre), swept to and fro a few
times; where that says nothing, by id. The same picture always looks the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.topology.domain.lanes import LANES
from portal.topology.domain.picture import Edge, Kind, Node, Picture

WIDTH, HEIGHT = 132, 40
"""Of a node."""
GAP_X, GAP_Y = 44, 12
MARGIN = 16
SWEEPS = 4
BENEATH = (Kind.SERVICE, Kind.INSTANCE, Kind.DATABASE, Kind.PARKING)
"""In this order, what belongs to one service stands together in its lane."""


@dataclass(frozen=True, slots=True)
class PlacedNode:
    """A node with its upper left corner."""

    node: Node
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class PlacedEdge:
    """An edge as a path of SVG."""

    edge: Edge
    path: str
    weight: int
    """1 to 4, by the logarithm of its rate."""
    middle: tuple[int, int] = (0, 0)
    """Where a sign of it stands."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture to be drawn."""

    width: int
    height: int
    nodes: Sequence[PlacedNode]
    edges: Sequence[PlacedEdge]


def layout(picture: Picture) -> Placed:
    """Places everything; nothing overlaps."""
    lanes = _ordered(picture)
    nodes = {
        node.id: PlacedNode(node, MARGIN + lane * (WIDTH + GAP_X), MARGIN + row * (HEIGHT + GAP_Y))
        for lane, column in enumerate(lanes)
        for row, node in enumerate(column)
    }
    edges = [_placed(edge, nodes[edge.source], nodes[edge.target]) for _, edge in sorted(picture.edges.items())]
    used = max((number for number, column in enumerate(lanes) if column), default=0) + 1
    tallest = max((len(column) for column in lanes), default=0)
    return Placed(
        2 * MARGIN + used * WIDTH + (used - 1) * GAP_X,
        2 * MARGIN + max(0, tallest * (HEIGHT + GAP_Y) - GAP_Y),
        list(nodes.values()),
        edges,
    )


def weight(rate: float | None) -> int:
    """Of an edge, in four steps: below 0.1 a second, below 1, below 10, and above."""
    return 1 + sum(rate >= step for step in (0.1, 1, 10)) if rate else 1


def _ordered(picture: Picture) -> list[list[Node]]:
    lanes: list[list[Node]] = [[] for _ in range(LANES)]
    for node in sorted(picture.nodes.values(), key=_first_order):
        lanes[min(node.lane, LANES - 1)].append(node)
    joined = _joined(picture.edges)
    for sweep in range(SWEEPS):
        for column in lanes if sweep % 2 == 0 else reversed(lanes):
            heights = {node.id: _height(row, len(each)) for each in lanes for row, node in enumerate(each)}
            means = {node.id: _mean(node, joined, heights) for node in column}
            column.sort(key=lambda node: (means[node.id], *_first_order(node)))
    return lanes


def _first_order(node: Node) -> tuple[str, int, str]:
    """What is a service's own stands together."""
    own = node.kind in BENEATH
    return (node.owner if own else "", BENEATH.index(node.kind) if own else 0, node.id)


def _joined(edges: Mapping[str, Edge]) -> dict[str, list[str]]:
    joined: dict[str, list[str]] = {}
    for _, edge in sorted(edges.items()):
        joined.setdefault(edge.source, []).append(edge.target)
        joined.setdefault(edge.target, []).append(edge.source)
    return joined


def _height(row: int, rows: int) -> float:
    """From 0 to 1, so that short lanes and long ones can be compared."""
    return (row + 0.5) / rows


def _mean(node: Node, joined: Mapping[str, Sequence[str]], heights: Mapping[str, float]) -> float:
    if node.kind in BENEATH:
        return 0.0  # they keep their order: what is a service's own is found beneath it
    others = [heights[each] for each in joined.get(node.id, ()) if each in heights]
    return sum(others) / len(others) if others else heights[node.id]


def _placed(edge: Edge, source: PlacedNode, target: PlacedNode) -> PlacedEdge:
    """Forward from side to side; within a lane, or back, by a bow."""
    y1, y2 = source.y + HEIGHT // 2, target.y + HEIGHT // 2
    if source.x < target.x:
        x1, x2 = source.x + WIDTH, target.x
        bow = (x1 + x2) // 2
    elif source.x == target.x:
        x1 = x2 = source.x + WIDTH
        bow = x1 + GAP_X // 2
    else:
        x1, x2 = source.x, target.x + WIDTH
        bow = (x1 + x2) // 2
    path = f"M{x1} {y1}C{bow} {y1} {bow} {y2} {x2} {y2}"
    return PlacedEdge(edge, path, weight(edge.rate), ((x1 + 6 * bow + x2) // 8, (y1 + y2) // 2))
