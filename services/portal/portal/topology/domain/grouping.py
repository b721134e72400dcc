"""A picture that is too large to be drawn: nodes of a kind that are many stand together in one."""

from collections.abc import Mapping
from dataclasses import replace

from portal.topology.domain.picture import Edge, Flow, Kind, Node, Picture, State, edge_id

DRAWN = 300
"""Nodes that are drawn one by one."""
FIRST = (Kind.PARTNER, Kind.INSTANCE, Kind.CHANNEL, Kind.DELIVERY, Kind.TOPIC, Kind.GROUP, Kind.USER)
"""What is put together, in this order, until the rest can be drawn."""
WORST = (State.STOPPED, State.UNDECLARED, State.AILING, State.SILENT, State.UNKNOWN, State.WELL)
WORST_FLOW = (Flow.UNDECLARED, Flow.SEEN, Flow.SILENT, Flow.UNKNOWN)


def grouped(picture: Picture, drawn: int = DRAWN) -> Picture:
    """The same with at most so many nodes, as far as putting kinds together goes. What is well is put together; what
    is not stands for itself as long as there is room for it."""
    for kind in FIRST:
        if len(picture.nodes) <= drawn:
            return picture
        picture = _together(picture, kind, drawn)
    return picture


def _together(picture: Picture, kind: Kind, drawn: int) -> Picture:
    by_lane: dict[int, list[Node]] = {}
    for node in picture.nodes.values():
        if node.kind is kind and not node.id.endswith(":*"):
            by_lane.setdefault(node.lane, []).append(node)
    into: dict[str, str] = {}
    nodes = dict(picture.nodes)
    for lane, those in sorted(by_lane.items()):
        calm = [node for node in those if node.state in {State.WELL, State.UNKNOWN}]
        room = len(nodes) - len(calm) + 1 <= drawn
        chosen = calm if room else those
        if len(chosen) < 2:
            continue
        id = _id(kind, lane)
        state = min((node.state for node in chosen), key=WORST.index)
        into |= {node.id: id for node in chosen}
        for node in chosen:
            del nodes[node.id]
        nodes[id] = Node(id, kind, f"× {len(chosen)}", state, lane, chosen[0].owner, {"together": float(len(chosen))})
    return replace(picture, nodes=nodes, edges=_edges(picture.edges, into))


def _id(kind: Kind, lane: int) -> str:
    return f"{kind.value}:{lane}:*"


def members(picture: Picture, id: str) -> list[Node]:
    """What may stand together under this id; empty for the id of a node."""
    return [node for _, node in sorted(picture.nodes.items()) if _id(node.kind, node.lane) == id]


def _edges(edges: Mapping[str, Edge], into: Mapping[str, str]) -> dict[str, Edge]:
    found: dict[str, Edge] = {}
    for edge in edges.values():
        source, target = into.get(edge.source, edge.source), into.get(edge.target, edge.target)
        moved = replace(edge, id=edge_id(source, target), source=source, target=target)
        found[moved.id] = _both(found[moved.id], moved) if moved.id in found else moved
    return found


def _both(one: Edge, other: Edge) -> Edge:
    flows = min(one.flow, other.flow, key=WORST_FLOW.index)
    moments = [each.moved for each in (one, other) if each.moved]
    return replace(
        one,
        flow=flows,
        rate=_sum(one.rate, other.rate),
        errors=_sum(one.errors, other.errors),
        moved=max(moments) if moments else None,
    )


def _sum(one: float | None, other: float | None) -> float | None:
    known = [each for each in (one, other) if each is not None]
    return sum(known) if known else None
