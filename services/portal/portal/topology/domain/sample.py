"""What the sampler saw at one moment.

Values are kept for days and read by later versions: a field that is new has a default, one that is unknown is passed
over. A process's figures are those of its metrics, by a name such as
`linli_outbox_published_total|topic=linli.cases`.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from linli.messaging.rights import Acl


class Seen(BaseModel):
    """A frozen value that tolerates what a newer version wrote."""

    model_config = ConfigDict(frozen=True, extra="ignore")


Figures = Mapping[str, float]


def figure(name: str, **labels: str) -> str:
    """The name under which a metric with these labels is kept; a value may hold any character."""
    return "|".join([name, *(f"{label}={_escaped(value)}" for label, value in sorted(labels.items()))])


def named(key: str) -> tuple[str, Mapping[str, str]]:
    """The metric and its labels of a name that `figure` made."""
    name, *pairs = key.split("|")
    return name, {label: _plain(value) for label, _, value in (pair.partition("=") for pair in pairs)}


def labelled(figures: Figures, name: str, *needed: str) -> Iterator[tuple[Mapping[str, str], float]]:
    """The labels and the value of each figure of this metric that has the labels which are needed.

    One without is passed over: a process of another version may have them otherwise.
    """
    for key, value in figures.items():
        if key.partition("|")[0] == name:
            _, labels = named(key)
            if labels.keys() >= set(needed):
                yield labels, value


def _escaped(value: str) -> str:
    return value.replace("%", "%25").replace("|", "%7C")


def _plain(value: str) -> str:
    return value.replace("%7C", "|").replace("%25", "%")


def total(figures: Figures, name: str, **labels: str) -> float | None:
    """The sum of a metric's figures that have these labels among theirs; None where there is none."""
    found = [value for have, value in labelled(figures, name) if labels.items() <= have.items()]
    return sum(found) if found else None


class ProcessSeen(Seen):
    """One process of a service, or of the portal itself."""

    service: str
    heard: datetime | None
    """When it answered last; None: never yet. What else is here is from then."""
    ready: bool | None = None
    checks: tuple[str, ...] = ()
    """What it looks at to say whether it is ready: `kafka`, `mongodb`, …"""
    lacks: tuple[str, ...] = ()
    """Those of them that fail."""
    member: str = ""
    """How it calls itself among its replicas."""
    version: str = ""
    started: float = 0.0
    """Seconds since 1970; another one, and its counters began anew."""
    figures: Figures = {}


class TopicSeen(Seen):
    """One of our topics, as Kafka has it. `begins` and `ends` hold an offset for each partition, from 0."""

    replication: int
    behind: int = 0
    """Partitions of which a copy is not in sync."""
    leaderless: int = 0
    begins: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    config: Mapping[str, str] = {}
    """What was set for this topic."""

    @property
    def partitions(self) -> int:
        return len(self.ends)


class GroupSeen(Seen):
    """A consumer group, as its coordinator has it."""

    state: str
    members: tuple[str, ...] = ()
    committed: Mapping[str, int] = {}
    """`<topic>/<partition>` → up to where it says to Kafka that it has read."""


class Sample(Seen):
    """One look at everything."""

    at: datetime
    processes: Mapping[str, ProcessSeen] = {}
    """By `<service>@<host>:<port>`."""
    kafka: bool = False
    """Whether Kafka told its part; without it `topics` and `groups` are from before."""
    brokers: int = 0
    brokers_expected: int = 0
    topics: Mapping[str, TopicSeen] = {}
    groups: Mapping[str, GroupSeen] = {}
    strangers: tuple[str, ...] = ()
    """`topic:<name>` and `group:<name>`: named like ours, and declared by nobody."""
    rights: tuple[Acl, ...] = ()
    """Who may do what in Kafka, of that which concerns us."""
    rights_told: str = ""
    """`told`; `refused`, `no_authorizer`, `too_many` or `failed`, and `rights` are none; empty: it is away."""
    written_before: Mapping[str, float] = {}
    """Topic → what its writers said that they had written, asked before Kafka was (`producers.py`)."""
    moved: Mapping[str, datetime] = {}
    """Edge → when something went over it last, as far as is known."""
    looked_since: datetime | None = None
    """When somebody looked first, of all the looks that `moved` is from; None: it is not known."""

    def of(self, service: str) -> Mapping[str, ProcessSeen]:
        """A service's processes."""
        return {id: each for id, each in self.processes.items() if each.service == service}
