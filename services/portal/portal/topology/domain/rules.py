"""The rules by which something is found amiss: from samples and the picture of the last of them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from portal.topology.domain.answers import answers_of
from portal.topology.domain.declared import Declared, as_told
from portal.topology.domain.findings import Found, Rule
from portal.topology.domain.lag import lag_of
from portal.topology.domain.more_figures import parked_by_reason
from portal.topology.domain.nodes import process_state
from portal.topology.domain.picture import Kind, Node, Picture, State
from portal.topology.domain.producers import undeclared
from portal.topology.domain.rights import differing, is_long
from portal.topology.domain.sample import Sample

UNSENT_FOR = 60.0
"""Seconds that an event may wait for Kafka."""
HELD_FOR = 300.0
"""Seconds that an event may wait for an earlier one."""
FAILS_FROM, FAILS_SHARE = 10, 5.0
"""Answers of 5xx in a minute, and percent of all, from which on a service fails."""
MOST_SAID = 20
"""Rights that one finding names."""
NO_SUCH_TYPE = "unknown_type"
"""Why a record is put aside whose type, or version, its reader does not know."""
NOT_READY_FOR = timedelta(seconds=20)
"""A start takes a moment."""


def judged(contracts: Declared, window: Sequence[Sample], picture: Picture) -> list[Found]:
    """All that is amiss. Without a fresh sample nothing is judged: what is not known is neither well nor amiss."""
    if not picture.fresh:
        return []
    declared = as_told(contracts, window[-1])
    return [
        *_services(declared, window),
        *_groups(declared, window),
        *_topics(declared, window[-1]),
        *_rights(declared, window),
        *(
            Found(Rule.UNDECLARED_PRODUCER, f"topic:{name}", "operator", evidence)
            for name, evidence in undeclared(declared, window).items()
        ),
        *_outside_the_contracts(declared, window[-1]),
        *(found for node in picture.nodes.values() for found in _node(node)),
    ]


def _services(declared: Declared, window: Sequence[Sample]) -> Iterator[Found]:
    newest = window[-1]
    for service in declared.services:
        processes = newest.of(service)
        states = {id: process_state(process, newest.at) for id, process in processes.items()}
        away = sorted(id for id, state in states.items() if state in {State.STOPPED, State.SILENT})
        heard = [process.heard for process in processes.values() if process.heard]
        last: dict[str, float | str] = {"last_heard": max(heard).isoformat(timespec="seconds")} if heard else {}
        if processes and len(away) == len(processes):
            yield Found(Rule.SERVICE_STOPPED, f"service:{service}", service, {"processes": len(away), **last})
        else:
            for id in away:
                yield Found(Rule.PROCESS_SILENT, f"instance:{id}", service)
        answers = answers_of(window, service)
        if answers and answers.failed >= FAILS_FROM and answers.share >= FAILS_SHARE:
            share = round(answers.share, 1)
            yield Found(
                Rule.SERVICE_FAILS, f"service:{service}", service, {"errors_share": share, "failed": answers.failed}
            )
        lacking = {name for id, each in processes.items() if states[id] is State.AILING for name in each.lacks}
        if lacking and _lacked_all_along(window, service):
            lacks = ", ".join(sorted(lacking))
            yield Found(Rule.SERVICE_NOT_READY, f"service:{service}", service, {"lacks": lacks})


def _lacked_all_along(window: Sequence[Sample], service: str) -> bool:
    recent = [sample for sample in window if window[-1].at - sample.at <= NOT_READY_FOR]
    long = window[-1].at - window[0].at >= NOT_READY_FOR
    return long and all(any(each.ready is False for each in sample.of(service).values()) for sample in recent)


def _groups(declared: Declared, window: Sequence[Sample]) -> Iterator[Found]:
    for group, service in declared.groups.items():
        lag = lag_of(window, group)
        if lag is None:
            continue
        evidence: dict[str, float | str] = {"lag": lag.records}
        if lag.stalled:
            where = ", ".join(f"{topic}/{partition}" for topic, partition in lag.stalled)
            yield Found(Rule.GROUP_STALLED, f"group:{group}", service, {**evidence, "partitions": where})
        elif lag.falling_behind:
            yield Found(Rule.GROUP_FALLS_BEHIND, f"group:{group}", service, evidence)


def _topics(declared: Declared, sample: Sample) -> Iterator[Found]:
    if not sample.kafka:
        yield Found(Rule.KAFKA_SILENT, "kafka", "operator")
        return
    for name, topic in declared.topics.items():
        node, seen = f"topic:{name}", sample.topics.get(name)
        if seen is None:
            yield Found(Rule.TOPIC_MISSING, node, "operator")
            continue
        differs = _differing(topic.config, seen.config)
        if seen.partitions < topic.partitions:
            differs["partitions"] = f"{seen.partitions} ≠ {topic.partitions}"
        if differs:
            yield Found(Rule.TOPIC_DIFFERS, node, "operator", differs)
        if seen.behind:
            yield Found(Rule.COPIES_BEHIND, node, "operator", {"partitions": seen.behind})
        if seen.leaderless:
            yield Found(Rule.LEADERLESS, node, "operator", {"partitions": seen.leaderless})
    for stranger in sample.strangers:
        rule = Rule.UNDECLARED_TOPIC if stranger.startswith("topic:") else Rule.UNDECLARED_GROUP
        yield Found(rule, stranger, "operator")


def _outside_the_contracts(declared: Declared, sample: Sample) -> Iterator[Found]:
    for service in declared.services:
        if count := parked_by_reason(sample, service).get(NO_SUCH_TYPE):
            yield Found(Rule.UNKNOWN_TYPE, f"parking:{service}", service, {"parked": count})


def _rights(declared: Declared, window: Sequence[Sample]) -> Iterator[Found]:
    found = differing(declared, window) if is_long(window) else None
    if found is None:
        return
    for rule, by_node in ((Rule.ACL_UNDECLARED, found.undeclared), (Rule.ACL_MISSING, found.missing)):
        for node, acls in by_node.items():
            kind, _, name = node.partition(":")
            owner = name if kind in {"service", "partner"} else "operator"
            users = ", ".join(sorted({each.user for each in acls}))
            said = "; ".join(map(str, acls[:MOST_SAID])) + ("; …" if len(acls) > MOST_SAID else "")
            yield Found(rule, node, owner, {"user": users, "acls": said, "count": len(acls)})


def _differing(declared: Mapping[str, str], seen: Mapping[str, str]) -> dict[str, float | str]:
    return {name: f"{seen.get(name, '–')} ≠ {value}" for name, value in declared.items() if seen.get(name) != value}


def _node(node: Node) -> Iterator[Found]:
    def value(name: str) -> float:
        found = node.figures.get(name, 0)
        return found if isinstance(found, int | float) else 0

    match node.kind:
        case Kind.PARKING if value("parked"):
            yield Found(Rule.PARKED, node.id, node.owner, {"parked": value("parked")})
        case Kind.PARTNER if value("unanswered"):
            yield Found(Rule.PARTNER_SILENT, node.id, node.owner, {"unanswered": value("unanswered")})
        case Kind.DELIVERY if value("given_up"):
            yield Found(Rule.GIVEN_UP, node.id, node.owner, {"given_up": value("given_up")})
        case Kind.DATABASE:
            if value("unsent_age") > UNSENT_FOR:
                waiting = {"unsent": value("unsent"), "age": value("unsent_age")}
                yield Found(Rule.UNSENT, node.id, node.owner, waiting)
            if value("held_age") > HELD_FOR:
                yield Found(Rule.HELD, node.id, node.owner, {"held": value("held"), "age": value("held_age")})
            if value("members") < value("members_expected"):
                counts = {"members": value("members"), "expected": value("members_expected")}
                yield Found(Rule.MEMBERS_AWAY, node.id, "operator", counts)
