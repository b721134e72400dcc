"""What should flow: the topics and who writes them from the contracts, who reads them as the services tell."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from linli.contracts.catalogue import event_types, topics
from linli.contracts.kinds import Channel
from linli.contracts.topics import AS_DECLARED, Otherwise, Topic, as_deployed
from portal.topology.domain.sample import Sample, figure, labelled

TRAFFIC = "linli_traffic_declared"
RIGHTS = "linli_workflow_partner_rights"
UNANSWERED = "linli_workflow_partner_orders_unanswered"


@dataclass(frozen=True, slots=True)
class DeclaredTopic:
    """A topic as it should be, by its full name."""

    name: str
    writer: str | None
    """The service that says its events; None: an operator's own."""
    key: str
    partitions: int
    config: Mapping[str, str]


@dataclass(frozen=True, slots=True, order=True)
class Reads:
    """A service reads a topic: in its consumer group, or whole, as a copy."""

    service: str
    topic: str
    copy: bool


@dataclass(frozen=True, slots=True)
class Declared:
    """All that should be there."""

    prefix: str
    services: tuple[str, ...]
    topics: Mapping[str, DeclaredTopic]
    reads: tuple[Reads, ...] = ()
    partners: tuple[str, ...] = ()
    """`<community>/<party>`."""
    channels: tuple[str, ...] = field(default=tuple(each.value for each in Channel))
    """By which submissions come in."""
    own_groups: frozenset[str] = frozenset()
    """Consumer groups of an operator's own programs."""
    named: bool = False
    """Whether the services come to Kafka as users of their own; else nobody gives those rights."""

    def group(self, service: str) -> str:
        """The consumer group of a service."""
        return f"{self.prefix}.{service}"

    @property
    def groups(self) -> Mapping[str, str]:
        """Group → its service, of those that read in one."""
        return {self.group(each.service): each.service for each in self.reads if not each.copy}


def by_contracts(
    prefix: str,
    services: Sequence[str],
    all: Otherwise = AS_DECLARED,
    own: Mapping[str, Otherwise] | None = None,
    *,
    own_groups: Iterable[str] = (),
    named: bool = False,
) -> Declared:
    """What the contracts declare; `all` and `own` say what this deployment has otherwise (`deploy/topics.yaml`)."""
    writers = {event.TOPIC.name: event.SOURCE.removeprefix("linli/") for event in event_types()}
    found = {}
    for topic in topics():
        name = f"{prefix}.{topic.name}"
        partitions, config = as_deployed(topic, all, (own or {}).get(name, AS_DECLARED))
        found[name] = DeclaredTopic(name, writers[topic.name], topic.key, partitions, config)
    for name, each in (own or {}).items():
        if name not in found:
            found[name] = DeclaredTopic(name, None, "", *as_deployed(Topic(name=name, key=""), all, each))
    return Declared(prefix, tuple(services), found, own_groups=frozenset(own_groups), named=named)


def as_told(contracts: Declared, sample: Sample) -> Declared:
    """With what the services say that they read, and the partners that workflow has; what a service that is away said
    last still counts."""
    reads = {
        Reads(process.service, labels["topic"], labels["how"] == "copies")
        for process in sample.processes.values()
        for labels, value in labelled(process.figures, TRAFFIC, "topic", "how")
        if value and labels["how"] in {"reads", "copies"}
    }
    partners = {
        f"{labels['community']}/{labels['party']}"
        for process in sample.processes.values()
        for metric in (UNANSWERED, RIGHTS)
        for labels, _ in labelled(process.figures, metric, "community", "party")
        if labels.get("may") != "none"
    }
    return Declared(
        contracts.prefix,
        contracts.services,
        contracts.topics,
        tuple(sorted(reads)),
        tuple(sorted(partners)),
        contracts.channels,
        contracts.own_groups,
        contracts.named,
    )


def unanswered_of(partner: str) -> str:
    """The figure that says how many orders a partner has left unanswered."""
    community, _, party = partner.partition("/")
    return figure(UNANSWERED, community=community, party=party)
