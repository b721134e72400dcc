"""What the picture says at each node of rights on Kafka: a key for one that is not declared, a broken one for one that
lacks, and that it is not known where nobody tells."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from portal.topology.domain.declared import Declared
from portal.topology.domain.lanes import lane_of_service
from portal.topology.domain.picture import Kind, Node, State
from portal.topology.domain.rights import differing, wanted
from portal.topology.domain.sample import Sample

AS_DECLARED, DIFFER, UNKNOWN = "as_declared", "differ", "unknown"


def with_rights(nodes: Iterable[Node], declared: Declared, window: Sequence[Sample], *, fresh: bool) -> Iterator[Node]:
    """The nodes, with those of users of Kafka's whom nobody has declared."""
    found = differing(declared, window) if fresh else None
    asked = {node for node in wanted(declared, window[-1]).users.values() if declared.named or _is_partner(node)}
    undeclared = dict(found.undeclared) if found else {}
    missing = dict(found.missing) if found else {}
    for node in nodes:
        here = len(undeclared.pop(node.id, ())), len(missing.get(node.id, ()))
        if node.id not in asked and not any(here):
            yield node
            continue
        figures = dict(node.figures) | {"rights": UNKNOWN if found is None else DIFFER if any(here) else AS_DECLARED}
        names = ("acl_undeclared", "acl_missing")
        yield replace(node, figures=figures | {name: count for name, count in zip(names, here, strict=True) if count})
    for id, acls in undeclared.items():
        kind, _, name = id.partition(":")
        if kind == Kind.USER:
            figures = {"rights": DIFFER, "acl_undeclared": len(acls)}
            yield Node(id, Kind.USER, name, State.UNDECLARED, lane_of_service("notify") + 1, "operator", figures)


def _is_partner(node: str) -> bool:
    return node.startswith(f"{Kind.PARTNER}:")
