"""Samples of the portal's topology, as the sampler would take them of services that are well."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from linli.contracts.kinds import Channel
from portal.topology.domain.declared import by_contracts
from portal.topology.domain.sample import GroupSeen, ProcessSeen, Sample, TopicSeen, figure
from tests.support.builders import NOON

EVERY = timedelta(seconds=5)
PORTS = {"intake": 8101, "workflow": 8102, "notify": 8103, "neighbourhood": 8104}
READS = {
    "intake": [("linli.community", "copies"), ("linli.principals", "copies")],
    "workflow": [("linli.intake", "reads")],
    "notify": [("linli.cases", "reads"), ("linli.orders", "reads"), ("linli.community", "copies")],
    "neighbourhood": [("linli.community", "copies"), ("linli.principals", "copies")],
}
CONTRACTS = by_contracts("linli", tuple(PORTS))


def address(service: str) -> str:
    return f"{service}@127.0.0.1:{PORTS[service]}"


def process(service: str, n: int, heard: int | None = None, started: float = 1.0, **figures: float) -> ProcessSeen:
    """One that answered at the look `heard`, or at this one."""
    traffic = {figure("linli_traffic_declared", topic=topic, how=how): 1.0 for topic, how in READS[service]}
    return ProcessSeen(
        service=service,
        heard=NOON + (n if heard is None else heard) * EVERY,
        ready=True,
        checks=("kafka", "mongodb"),
        version="1",
        started=started,
        figures={"linli_inbox_parked": 0.0, **traffic, **figures},
    )


def topic(name: str, end: int = 10) -> TopicSeen:
    declared = CONTRACTS.topics[name]
    ends = (end, *(0 for _ in range(declared.partitions - 1)))
    return TopicSeen(replication=1, begins=tuple(0 for _ in ends), ends=ends, config=declared.config)


def sample(
    n: int,
    *,
    ends: Mapping[str, int] | None = None,
    positions: Mapping[tuple[str, str], int] | None = None,
    written: Mapping[str, float] | None = None,
    configs: Mapping[str, Mapping[str, str]] | None = None,
    figures: Mapping[str, Mapping[str, float]] | None = None,
    started: float = 1.0,
) -> Sample:
    """The look number `n`. `ends` and `positions` are of partition 0; whoever reads has read all unless said."""
    topics = {name: topic(name, (ends or {}).get(name, 10)) for name in CONTRACTS.topics}
    topics |= {name: topics[name].model_copy(update={"config": config}) for name, config in (configs or {}).items()}
    counted = {name: float(seen.ends[0]) for name, seen in topics.items()} | dict(written or {})
    own: dict[str, dict[str, float]] = {service: dict((figures or {}).get(service, {})) for service in PORTS}
    for service, reads in READS.items():
        group = f"linli.{service}"
        for name in (name for name, how in reads if how == "reads"):
            at = (positions or {}).get((group, name), topics[name].ends[0])
            own[service][figure("linli_consumer_position", group=group, topic=name, partition="0")] = float(at)
    for name, declared in CONTRACTS.topics.items():
        if declared.writer:
            own[declared.writer][figure("linli_outbox_published_total", topic=name, way="hot")] = counted[name]
    for channel in Channel:
        own["intake"][figure("linli_intake_accepted_total", channel=channel, kind="report")] = 1.0
    return Sample(
        at=NOON + n * EVERY,
        processes={address(service): process(service, n, started=started, **own[service]) for service in PORTS},
        kafka=True,
        brokers=1,
        brokers_expected=1,
        topics=topics,
        groups={f"linli.{name}": GroupSeen(state="Stable", members=("m",)) for name in ("workflow", "notify")},
        written_before=counted,
    )


def stopped(seen: Sample, service: str, since: int) -> Sample:
    """The same without an answer of a service after the look number `since`."""
    number = round((seen.at - NOON) / EVERY)
    if number <= since:
        return seen
    silent = seen.processes[address(service)].model_copy(update={"heard": NOON + since * EVERY})
    return seen.model_copy(update={"processes": {**seen.processes, address(service): silent}})


def looks(at: Callable[[int], Sample], count: int = 8) -> list[Sample]:
    """So many in a row, oldest first."""
    return [at(n) for n in range(count)]
