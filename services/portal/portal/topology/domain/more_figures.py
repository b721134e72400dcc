"""What a node tells beside how it stands: how much goes in and out by it, and what its service counts of it."""

from collections.abc import Callable, Mapping
from datetime import datetime

from portal.topology.domain.picture import Edge, Kind, Node, edge_id
from portal.topology.domain.sample import ProcessSeen, Sample, labelled

Figures = dict[str, float | str]
BEHIND = "linli_notify_partner_events_behind"


def more_figures(node: Node, edges: Mapping[str, Edge], sample: Sample) -> Figures:
    """What is not known is left out."""
    told = OF.get(node.kind)
    return told(node, edges, sample) if told else {}


def _channel(node: Node, edges: Mapping[str, Edge], _: Sample) -> Figures:
    edge = edges.get(edge_id(node.id, "service:intake"))
    return _passed(edge, "accepted", "refused") | _moment("last_seen", edge)


def _delivery(node: Node, edges: Mapping[str, Edge], _: Sample) -> Figures:
    edge = edges.get(edge_id("service:notify", node.id))
    return _passed(edge, "sent", "failed_rate") | _moment("last_seen", edge)


def _partner(node: Node, edges: Mapping[str, Edge], sample: Sample) -> Figures:
    community, _, party = node.name.partition("/")
    ways = {
        labels["way"]
        for process in sample.of("notify").values()
        for labels, _ in labelled(process.figures, BEHIND, "community", "party", "way")
        if (labels["community"], labels["party"]) == (community, party)
    }
    found: Figures = {"ways": ", ".join(sorted(ways))} if ways else {}
    out, back = edges.get(edge_id("service:notify", node.id)), edges.get(edge_id(node.id, "service:workflow"))
    return found | _moment("last_out", out) | _moment("last_in", back)


def _instance(node: Node, _: Mapping[str, Edge], sample: Sample) -> Figures:
    process = sample.processes.get(node.name)
    has = process and [*labelled(process.figures, "linli_consumer_position", "group", "topic", "partition")]
    return {"partitions": len(has)} if has else {}


def _service(node: Node, _: Mapping[str, Edge], sample: Sample) -> Figures:
    return _highest(sample, node.name, "due", "linli_notify_due")


def _database(node: Node, _: Mapping[str, Edge], sample: Sample) -> Figures:
    primary = _values(sample.of(node.name), "linli_mongodb_primary")
    found: Figures = {"primary": "yes" if min(primary) else "no"} if primary else {}
    ping = _values(sample.of(node.name), "linli_mongodb_ping_seconds")
    return found | ({"ping_ms": round(1000 * max(ping), 1)} if ping else {})


def _parking(node: Node, _: Mapping[str, Edge], sample: Sample) -> Figures:
    reasons = parked_by_reason(sample, node.name)
    found = _highest(sample, node.name, "oldest", "linli_inbox_parked_age_seconds")
    said = ", ".join(f"{reason} {count:g}" for reason, count in sorted(reasons.items()))
    return (found | {"reasons": said}) if said else {}


OF: Mapping[Kind, Callable[[Node, Mapping[str, Edge], Sample], Figures]] = {
    Kind.CHANNEL: _channel,
    Kind.DELIVERY: _delivery,
    Kind.PARTNER: _partner,
    Kind.INSTANCE: _instance,
    Kind.SERVICE: _service,
    Kind.DATABASE: _database,
    Kind.PARKING: _parking,
}


def parked_by_reason(sample: Sample, service: str) -> Mapping[str, float]:
    """Reason → records that wait for a person; each replica counts the same database."""
    found: dict[str, float] = {}
    for process in sample.of(service).values():
        for labels, value in labelled(process.figures, "linli_inbox_parked_by_reason", "reason"):
            found[labels["reason"]] = max(value, found.get(labels["reason"], 0.0))
    return found


def _highest(sample: Sample, service: str, name: str, metric: str) -> Figures:
    values = _values(sample.of(service), metric)
    return {name: round(max(values), 1)} if values else {}


def _values(processes: Mapping[str, ProcessSeen], metric: str) -> list[float]:
    return [value for each in processes.values() for _, value in labelled(each.figures, metric)]


def _passed(edge: Edge | None, well: str, not_well: str) -> Figures:
    rates = {well: edge.rate, not_well: edge.errors} if edge else {}
    return {name: round(rate, 2) for name, rate in rates.items() if rate is not None}


def _moment(name: str, edge: Edge | None) -> Figures:
    moved: datetime | None = edge.moved if edge else None
    return {name: moved.isoformat(timespec="seconds")} if moved else {}
