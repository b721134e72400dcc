"""The nodes of a picture: each with its figures and how it stands."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from portal.topology.domain.answers import answers_of
from portal.topology.domain.declared import Declared, unanswered_of
from portal.topology.domain.kafka_nodes import group_node, topic_nodes
from portal.topology.domain.lanes import lane_of_service
from portal.topology.domain.more_figures import more_figures
from portal.topology.domain.partner_groups import nodes_of_operators, nodes_of_partners
from portal.topology.domain.picture import Edge, Flow, Kind, Node, State
from portal.topology.domain.sample import ProcessSeen, Sample, labelled, total
from portal.topology.domain.signs import with_rights

STOPPED_AFTER = timedelta(seconds=12)
"""A process that has not answered for so long is taken to have stopped."""
CALLS_WITHIN = timedelta(seconds=60)
"""A helper calls much more often."""
Told = Mapping[str, float | str]


def nodes_of(declared: Declared, window: Sequence[Sample], edges: Mapping[str, Edge], *, fresh: bool) -> Iterator[Node]:
    """All of them; without a fresh sample nobody knows how they are."""
    told = (
        replace(node, figures={**node.figures, **more_figures(node, edges, window[-1])})
        for node in _nodes(declared, window, edges)
    )
    for node in with_rights(told, declared, window, fresh=fresh):
        yield node if fresh or node.state is State.UNDECLARED else replace(node, state=State.UNKNOWN)


def _nodes(declared: Declared, window: Sequence[Sample], edges: Mapping[str, Edge]) -> Iterator[Node]:
    newest = window[-1]
    for service in declared.services:
        yield from _of_service(declared, window, service)
    yield from topic_nodes(declared, window)
    for group, service in declared.groups.items():
        yield group_node(declared, window, group, service)
    yield from nodes_of_partners(declared, newest)
    yield from nodes_of_operators(declared, newest)
    ends = {end for edge in edges.values() for end in (edge.source, edge.target)}
    for id in sorted(ends):
        kind, _, name = id.partition(":")
        if kind == Kind.CHANNEL:
            well = State.WELL if _is_heard(newest, "intake") else State.UNKNOWN
            state = well if name in declared.channels else State.UNDECLARED
            yield Node(id, Kind.CHANNEL, name, state, lane_of_service("intake") - 2, "intake")
        elif kind == Kind.SERVICE and name not in declared.services:
            yield _helper(newest, edges.values(), id)
        elif kind == Kind.DELIVERY:
            yield _delivery(newest, name)
        elif kind == Kind.PARTNER:
            yield _partner(newest, name)
    for stranger in newest.strangers:
        kind, _, name = stranger.partition(":")
        yield Node(stranger, Kind(kind), name, State.UNDECLARED, lane_of_service("notify") + 1, "operator")


# Services ------------------------------------------------------------------------------------------------------------


def _of_service(declared: Declared, window: Sequence[Sample], service: str) -> Iterator[Node]:
    sample = window[-1]
    processes, lane = sample.of(service), lane_of_service(service)
    states = {id: process_state(process, sample.at) for id, process in processes.items()}
    up = sum(state in {State.WELL, State.AILING} for state in states.values())
    figures: dict[str, float | str] = {"up": up, "expected": len(processes)}
    versions = sorted({process.version for process in processes.values() if process.version})
    figures |= {"version": ", ".join(versions)} if versions else {}
    figures |= _answers(window, service)
    yield Node(f"service:{service}", Kind.SERVICE, service, _together(states.values()), lane, service, figures)
    for id, process in processes.items():
        yield Node(f"instance:{id}", Kind.INSTANCE, id, states[id], lane, service, _of_process(process, sample.at))
    if any("mongodb" in process.checks for process in processes.values()):
        yield _database(sample, service, lane)
    if (parked := _most(processes, "linli_inbox_parked")) is not None:
        state = (State.AILING if parked else State.WELL) if _is_heard(sample, service) else State.UNKNOWN
        yield Node(f"parking:{service}", Kind.PARKING, service, state, lane, service, {"parked": parked})


def _answers(window: Sequence[Sample], service: str) -> Told:
    found = answers_of(window, service)
    if found is None:
        return {}
    figures: dict[str, float | str] = {"answers": round(found.rate, 2)}
    if found.count:
        figures["errors_share"] = round(found.share, 1)
    return figures | ({"p95_ms": round(found.p95 * 1000, 1)} if found.p95 is not None else {})


def _is_heard(sample: Sample, service: str) -> bool:
    """Whether somebody of a service has just answered: what it said before is no longer how it is."""
    return any(process_state(each, sample.at) in {State.WELL, State.AILING} for each in sample.of(service).values())


def process_state(process: ProcessSeen, now: datetime) -> State:
    """How one process stands."""
    if process.heard is None:
        return State.SILENT
    if now - process.heard >= STOPPED_AFTER:
        return State.STOPPED
    return State.WELL if process.ready else State.AILING


def _together(states: object) -> State:
    found = set(states)  # type: ignore[call-overload]  # any iterable of states
    for state in (State.AILING, State.WELL):
        if state in found:
            return State.WELL if found == {State.WELL} else State.AILING
    return State.STOPPED if State.STOPPED in found else State.SILENT


def _of_process(process: ProcessSeen, now: datetime) -> Told:
    figures: dict[str, float | str] = {"member": process.member} if process.member else {}
    if process.started:
        figures["started"] = datetime.fromtimestamp(process.started, now.tzinfo).isoformat(timespec="seconds")
    if process.lacks:
        figures["lacks"] = ", ".join(process.lacks)
    resident = total(process.figures, "process_resident_memory_bytes")
    return figures | ({"memory_mb": round(resident / 2**20)} if resident else {})


def _database(sample: Sample, service: str, lane: int) -> Node:
    processes = sample.of(service)
    figures: dict[str, float | str] = {}
    for name, metric in (
        ("unsent", "linli_outbox_unsent"),
        ("unsent_age", "linli_outbox_unsent_age_seconds"),
        ("held", "linli_inbox_held"),
        ("held_age", "linli_inbox_held_age_seconds"),
    ):
        if (value := _most(processes, metric)) is not None:
            figures[name] = value
    for name, metric in (("members", "linli_servers"), ("members_expected", "linli_servers_expected")):
        values = [
            value
            for process in processes.values()
            for labels, value in labelled(process.figures, metric, "server")
            if labels["server"] == "mongodb"
        ]
        if values:
            figures[name] = min(values)
    fresh = [each for each in processes.values() if process_state(each, sample.at) in {State.WELL, State.AILING}]
    if not fresh:
        state = State.UNKNOWN
    elif any("mongodb" in each.lacks for each in fresh):
        state = State.STOPPED
    else:
        state = State.AILING if figures.get("members", 0) < figures.get("members_expected", 0) else State.WELL  # type: ignore[operator]  # both are numbers
    return Node(f"database:{service}", Kind.DATABASE, service, state, lane, service, figures)


def _most(processes: Mapping[str, ProcessSeen], metric: str) -> float | None:
    """Of what each replica counts in the same database."""
    found = [value for each in processes.values() for _, value in labelled(each.figures, metric)]
    return max(found) if found else None


# The other end -------------------------------------------------------------------------------------------------------


def _helper(sample: Sample, edges: Iterable[Edge], id: str) -> Node:
    """It has no metrics: that it runs is known by its calls, which are counted where they arrive."""
    calls = [each for each in edges if each.source == id]
    moments = [each.moved for each in calls if each.moved]
    if all(each.flow is Flow.UNKNOWN for each in calls):
        state = State.UNKNOWN
    else:
        state = State.WELL if moments and sample.at - max(moments) < CALLS_WITHIN else State.SILENT
    since: Told = {"since": max(moments).isoformat(timespec="seconds")} if moments else {}
    name = id.partition(":")[2]
    return Node(id, Kind.SERVICE, name, state, lane_of_service("workflow") - 1, "operator", since)


def _delivery(sample: Sample, channel: str) -> Node:
    notify = sample.of("notify")
    given_up = sum(
        value
        for process in notify.values()
        for labels, value in labelled(process.figures, "linli_notify_given_up")
        if labels.get("channel") == channel
    )
    state = (State.AILING if given_up else State.WELL) if _is_heard(sample, "notify") else State.UNKNOWN
    return Node(
        f"delivery:{channel}",
        Kind.DELIVERY,
        channel,
        state,
        lane_of_service("notify") + 2,
        "notify",
        {"given_up": given_up},
    )


def _partner(sample: Sample, partner: str) -> Node:
    unanswered = max(
        (process.figures.get(unanswered_of(partner), 0.0) for process in sample.of("workflow").values()), default=0.0
    )
    community, _, party = partner.partition("/")
    behind = max(
        (
            value
            for process in sample.of("notify").values()
            for labels, value in labelled(process.figures, "linli_notify_partner_events_behind", "community", "party")
            if labels["community"] == community and labels["party"] == party
        ),
        default=0.0,
    )
    state = (State.SILENT if unanswered else State.WELL) if _is_heard(sample, "workflow") else State.UNKNOWN
    figures: Told = {"unanswered": unanswered, "behind": behind}
    return Node(f"partner:{partner}", Kind.PARTNER, partner, state, lane_of_service("notify") + 2, partner, figures)
