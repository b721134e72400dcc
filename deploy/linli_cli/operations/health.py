"""What `linli status` tells: each process, each consumer group's lag, events unsent and parked."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx2
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample
from pydantic import BaseModel

from linli_cli.operations.databases import READS
from linli_cli.operations.delivery_health import DeliveryHealth, count_deliveries, known, whole
from linli_cli.operations.figures import SERVICE, GroupLag, KafkaHealth, MongoHealth, ServerFigures, ServiceEvents


class ProcessHealth(BaseModel):
    name: str
    pid: int | None
    """None when it is down, or not known from here."""
    address: str
    health: str
    """ready, starting, not ready, or down."""
    detail: str
    uptime_seconds: float | None
    restarts: int | None


class StackHealth(BaseModel):
    running: bool = True
    healthy: bool
    target: str
    phase: str
    """starting, ready, not healthy or stopping; ready only when healthy."""
    supervisor_pid: int | None
    """Of the embedded stack."""
    processes: list[ProcessHealth]
    kafka: KafkaHealth | None
    """Its brokers and copies, as it tells itself; None: unknown, here and below."""
    mongodb: MongoHealth | None
    heard_of: dict[str, dict[str, float]]
    """Service → its processes, each with how many seconds ago it wrote itself down; a service is missing: unknown."""
    groups: list[GroupLag]
    events: dict[str, ServiceEvents | None]
    """Service → its counts; None when it could not be asked."""
    unsent: int | None
    """In all services; None when one of them could not be asked."""
    parked: int | None
    deliveries: DeliveryHealth | None = None


def put_together(
    target: str,
    phase: str,
    processes: Sequence[ProcessHealth],
    samples: Mapping[str, Sequence[Sample] | None],
    figures: ServerFigures,
    supervisor_pid: int | None = None,
) -> StackHealth:
    """How a deployment is. `phase` is what it would be if every process were ready.

    A figure is taken from the servers, and where they do not tell it, from the service's own word (`samples`).
    """
    now = datetime.now(UTC)
    events = {
        name: figures.events.get(name) or (count_events(found, now) if found is not None else None)
        for name, found in samples.items()
    }
    servers_well = all(server is None or server.well for server in (figures.kafka, figures.mongodb))
    phase = phase_shown(phase, processes, servers_well=servers_well)
    return StackHealth(
        healthy=phase == "ready",
        target=target,
        phase=phase,
        supervisor_pid=supervisor_pid,
        processes=list(processes),
        kafka=figures.kafka,
        mongodb=figures.mongodb,
        heard_of=figures.heard_of,
        groups=groups(figures, [sample for found in samples.values() for sample in found or ()], now),
        events=events,
        unsent=_total(events.values(), lambda counts: counts.unsent),
        parked=_total(events.values(), lambda counts: counts.parked),
        deliveries=figures.deliveries or count_deliveries(samples.get("notify"), now),
    )


def groups(figures: ServerFigures, samples: Sequence[Sample], now: datetime) -> list[GroupLag]:
    """Each consumer group; one of which nobody knows the lag is there as well."""
    own_word = {lag.group.rpartition(".")[2]: lag for lag in sum_lag(samples, now)}
    found = []
    for reader in READS:
        known = figures.groups.get(reader) or GroupLag(group=reader, lag=None, topics={})
        if known.lag is None and reader in own_word:
            known = own_word[reader].model_copy(update={"members": known.members})
        found.append(known)
    return found


def phase_shown(phase: str, processes: Sequence[ProcessHealth], *, servers_well: bool = True) -> str:
    """The phase, unless it says ready of a deployment that is not: a supervisor only remembers the start."""
    all_ready = servers_well and all(process.health == "ready" for process in processes)
    return "not healthy" if phase == "ready" and not all_ready else phase


def read_all_metrics(urls: Mapping[str, str]) -> dict[str, list[Sample] | None]:
    """Service → what `read_metrics` finds; all are asked at once."""
    with ThreadPoolExecutor(len(urls)) as threads:
        return dict(zip(urls, threads.map(read_metrics, urls.values()), strict=True))


def read_metrics(url: str) -> list[Sample] | None:
    """None when the service does not answer, or not in Prometheus' format."""
    try:
        answer = httpx2.get(f"{url}/metrics", timeout=2, trust_env=False).raise_for_status()
        return [sample for family in text_string_to_metric_families(answer.text) for sample in family.samples]
    except (httpx2.HTTPError, ValueError):
        return None


def sum_lag(samples: Iterable[Sample], now: datetime) -> list[GroupLag]:
    """The lag of each consumer group, over all partitions and replicas of its service."""
    groups: dict[str, dict[str, int]] = {}
    for sample in samples:
        if sample.name == "linli_consumer_lag":
            topics = groups.setdefault(sample.labels["group"], {})
            topics[sample.labels["topic"]] = topics.get(sample.labels["topic"], 0) + int(sample.value)
    return [
        GroupLag(group=name, lag=sum(topics.values()), topics=topics, source=SERVICE, at=now)
        for name, topics in sorted(groups.items())
    ]


def count_events(samples: Iterable[Sample], now: datetime) -> ServiceEvents:
    """Sums of the gauges that the service has."""
    sums: dict[str, float] = {}
    for sample in samples:
        sums[sample.name] = sums.get(sample.name, 0.0) + sample.value
    return ServiceEvents(
        unsent=whole(sums.get("linli_outbox_unsent")),
        unsent_age_seconds=known(sums.get("linli_outbox_unsent_age_seconds")),
        parked=whole(sums.get("linli_inbox_parked")),
        held=whole(sums.get("linli_inbox_held")),
        source=SERVICE,
        at=now,
    )


def _total(events: Collection[ServiceEvents | None], count: Callable[[ServiceEvents], int | None]) -> int | None:
    """None when a service could not be asked, or none of them keeps the count."""
    asked = [counts for counts in events if counts is not None]
    known = [value for value in map(count, asked) if value is not None]
    return sum(known) if known and len(asked) == len(events) else None
