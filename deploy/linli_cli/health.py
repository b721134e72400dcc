"""What `linli status` finds out: each process, each consumer group's lag, events unsent and parked."""

from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx2
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample
from pydantic import BaseModel

from linli_cli.embedded.server import Program
from linli_cli.embedded.service import Service
from linli_cli.embedded.stack import Stack
from linli_cli.embedded.state import Phase, RunningProgram, StackState


class ProcessHealth(BaseModel):
    name: str
    pid: int | None
    address: str
    health: str
    """ready, starting, not ready, or down."""
    detail: str
    uptime_seconds: float | None
    restarts: int


class GroupLag(BaseModel):
    group: str
    lag: int
    topics: dict[str, int]


class ServiceEvents(BaseModel):
    """None: the service keeps no such count."""

    unsent: int | None = None
    unsent_age_seconds: float | None = None
    parked: int | None = None
    held: int | None = None


class StackHealth(BaseModel):
    running: bool = True
    healthy: bool
    phase: str
    """starting, ready, not healthy or stopping; ready only when healthy."""
    supervisor_pid: int
    processes: list[ProcessHealth]
    groups: list[GroupLag]
    events: dict[str, ServiceEvents | None]
    """Service → its counts; None when it could not be asked."""
    unsent: int | None
    """In all services; None when one of them could not be asked."""
    parked: int | None


def find_out(stack: Stack, state: StackState) -> StackHealth:
    """Asks all five at once; takes as long as the slowest, at most about four seconds."""
    programs: list[Program] = [stack.kafka, stack.mongo, *stack.services]
    with ThreadPoolExecutor(len(programs) + len(stack.services)) as threads:
        metrics = [threads.submit(read_metrics, service.url) for service in stack.services]
        processes = list(threads.map(lambda program: _process(program, state), programs))
        samples = {service.name: metric.result() for service, metric in zip(stack.services, metrics, strict=True)}
    events = {name: count_events(found) if found is not None else None for name, found in samples.items()}
    phase = phase_shown(state.phase, processes)
    return StackHealth(
        healthy=phase == Phase.READY,
        phase=phase,
        supervisor_pid=state.supervisor.pid,
        processes=processes,
        groups=sum_lag(sample for found in samples.values() for sample in found or ()),
        events=events,
        unsent=_total(events.values(), lambda counts: counts.unsent),
        parked=_total(events.values(), lambda counts: counts.parked),
    )


def phase_shown(phase: Phase, processes: Sequence[ProcessHealth]) -> str:
    """The supervisor's phase, unless it says ready of a stack that is not: it only remembers the start."""
    all_ready = all(process.health == "ready" for process in processes)
    return "not healthy" if phase is Phase.READY and not all_ready else phase


def read_metrics(url: str) -> list[Sample] | None:
    """None when the service does not answer, or not in Prometheus' format."""
    try:
        answer = httpx2.get(f"{url}/metrics", timeout=2, trust_env=False).raise_for_status()
        return [sample for family in text_string_to_metric_families(answer.text) for sample in family.samples]
    except (httpx2.HTTPError, ValueError):
        return None


def sum_lag(samples: Iterable[Sample]) -> list[GroupLag]:
    """The lag of each consumer group, over all partitions and replicas of its service."""
    groups: dict[str, dict[str, int]] = {}
    for sample in samples:
        if sample.name == "linli_consumer_lag":
            topics = groups.setdefault(sample.labels["group"], {})
            topics[sample.labels["topic"]] = topics.get(sample.labels["topic"], 0) + int(sample.value)
    return [GroupLag(group=name, lag=sum(topics.values()), topics=topics) for name, topics in sorted(groups.items())]


def count_events(samples: Iterable[Sample]) -> ServiceEvents:
    """Sums of the gauges that the service has."""
    sums: dict[str, float] = {}
    for sample in samples:
        sums[sample.name] = sums.get(sample.name, 0.0) + sample.value
    return ServiceEvents(
        unsent=_whole(sums.get("linli_outbox_unsent")),
        unsent_age_seconds=sums.get("linli_outbox_unsent_age_seconds"),
        parked=_whole(sums.get("linli_inbox_parked")),
        held=_whole(sums.get("linli_inbox_held")),
    )


def _process(program: Program, state: StackState) -> ProcessHealth:
    seen = state.program(program.name)
    running = seen is not None and seen.identity is not None and seen.identity.process() is not None
    missing = "" if not running else _what_is_missing(program)
    return ProcessHealth(
        name=program.name,
        pid=seen.identity.pid if running and seen and seen.identity else None,
        address=program.address,
        health=_health(seen, running, missing),
        detail=missing,
        uptime_seconds=_seconds_since(seen.started_at) if running and seen else None,
        restarts=seen.restarts if seen else 0,
    )


def _health(seen: RunningProgram | None, running: bool, missing: str) -> str:
    if not running:
        return "down"
    if not missing:
        return "ready"
    return "starting" if seen and seen.state == "starting" else "not ready"


def _what_is_missing(program: Program) -> str:
    if isinstance(program, Service):
        return program.what_is_missing(within=4.0)
    return "" if program.is_ready() else "does not answer"


def _seconds_since(time: datetime | None) -> float | None:
    return (datetime.now(UTC) - time).total_seconds() if time else None


def _total(events: Collection[ServiceEvents | None], count: Callable[[ServiceEvents], int | None]) -> int | None:
    """None when a service could not be asked, or none of them keeps the count."""
    asked = [counts for counts in events if counts is not None]
    known = [value for value in map(count, asked) if value is not None]
    return sum(known) if known and len(asked) == len(events) else None


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)
