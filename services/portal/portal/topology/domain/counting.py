"""What went over each edge, counted: from two samples follows how much went between them.

A process that started anew counts from 0 again, and one that was not seen before has counted what nobody knows; so
each count is kept apart by the process that says it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from portal.topology.domain.declared import Declared
from portal.topology.domain.picture import edge_id
from portal.topology.domain.sample import ProcessSeen, Sample, labelled

POSITION = "linli_consumer_position"
HELPED = "linli_http_helper_calls_total"
ACCEPTED, REFUSED = "linli_intake_accepted_total", "linli_intake_refused_total"
Counts = Mapping[str, float]
"""Who counts → up to where."""


@dataclass(frozen=True, slots=True)
class Passed:
    """What has gone over an edge, and what of it failed; None: nobody counts that."""

    source: str
    target: str
    counts: Counts | None = None
    failed: Counts | None = None
    declared: bool = True
    by: str = ""
    """The service that says it; empty: Kafka."""
    extra: Mapping[str, float | str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return edge_id(self.source, self.target)


def increase(before: Counts | None, after: Counts | None) -> float | None:
    """How much was counted between; None where nothing can be told."""
    if before is None or after is None:
        return None
    return sum(_grown(before.get(who), value) for who, value in after.items())


def _grown(before: float | None, after: float) -> float:
    if before is None:
        return 0.0
    return after - before if after >= before else after


def passed(declared: Declared, sample: Sample) -> Iterator[Passed]:
    """Each edge there is, declared or seen."""
    yield from _incoming(declared, sample)
    yield from _written(declared, sample)
    yield from _read(declared, sample)
    yield from _told(declared, sample)
    yield from _within(declared, sample)
    yield from _calls(declared, sample)


def counted(processes: Mapping[str, ProcessSeen], name: str, **labels: str) -> Counts | None:
    """What each process of these has counted, by who it is since when; None where nobody counts."""
    found: dict[str, float] = {}
    for id, process in processes.items():
        values = [value for have, value in labelled(process.figures, name) if labels.items() <= have.items()]
        if values:
            found[f"{id}/{process.started:.0f}"] = sum(values)
    return found or None


def _values(processes: Mapping[str, ProcessSeen], name: str, label: str) -> list[str]:
    return sorted({have[label] for each in processes.values() for have, _ in labelled(each.figures, name, label)})


def _incoming(declared: Declared, sample: Sample) -> Iterator[Passed]:
    intake = sample.of("intake")
    for channel in sorted({*declared.channels, *_values(intake, ACCEPTED, "channel")}):
        yield Passed(
            f"channel:{channel}",
            "service:intake",
            counted(intake, ACCEPTED, channel=channel),
            counted(intake, REFUSED, channel=channel),
            declared=channel in declared.channels,
            by="intake",
        )


def _written(declared: Declared, sample: Sample) -> Iterator[Passed]:
    for service in declared.services:
        processes = sample.of(service)
        own = {name for name, topic in declared.topics.items() if topic.writer == service}
        for topic in sorted({*own, *_values(processes, "linli_outbox_published_total", "topic")}):
            counts = counted(processes, "linli_outbox_published_total", topic=topic)
            failed = counted(processes, "linli_outbox_publish_failed_total", topic=topic)
            yield Passed(f"service:{service}", f"topic:{topic}", counts, failed, declared=topic in own, by=service)


def _read(declared: Declared, sample: Sample) -> Iterator[Passed]:
    for reads in declared.reads:
        processes = sample.of(reads.service)
        if reads.copy:
            counts = counted(processes, "linli_copy_heard_total", topic=reads.topic)
            yield Passed(f"topic:{reads.topic}", f"service:{reads.service}", counts, by=reads.service)
        else:
            group = declared.group(reads.service)
            yield Passed(
                f"topic:{reads.topic}", f"group:{group}", _positions(sample, group, reads.topic), by=reads.service
            )
    for group, service in sorted(declared.groups.items()):
        processes = sample.of(service)
        applied = counted(processes, "linli_inbox_applied_total", group=group)
        parked = counted(processes, "linli_inbox_parkings_total", group=group)
        yield Passed(f"group:{group}", f"service:{service}", applied, parked, by=service)


def _positions(sample: Sample, group: str, topic: str) -> Counts | None:
    """How far a group has applied a topic, by partition; who has a partition now says it."""
    found: dict[str, float] = {}
    for process in sorted(sample.processes.values(), key=lambda each: each.heard.timestamp() if each.heard else 0):
        for labels, value in labelled(process.figures, POSITION, "group", "topic", "partition"):
            if labels["group"] == group and labels["topic"] == topic:
                found[labels["partition"]] = max(value, found.get(labels["partition"], 0))
    return found or None


def _told(declared: Declared, sample: Sample) -> Iterator[Passed]:
    notify, workflow = sample.of("notify"), sample.of("workflow")
    delivered, failed = "linli_notify_delivered_total", "linli_notify_failed_total"
    for channel in sorted({*_values(notify, delivered, "channel"), *_values(notify, failed, "channel")}):
        yield Passed(
            "service:notify",
            f"delivery:{channel}",
            counted(notify, delivered, channel=channel),
            counted(notify, failed, channel=channel),
            by="notify",
        )
    for partner in declared.partners:
        community, _, party = partner.partition("/")
        whose = {"community": community, "party": party}
        told = counted(notify, "linli_notify_party_deliveries_total", outcome="sent", **whose)
        not_told = counted(notify, "linli_notify_party_deliveries_total", outcome="failed", **whose)
        yield Passed("service:notify", f"partner:{partner}", told, not_told, by="notify")
        said = counted(workflow, "linli_workflow_partner_updates_total", **whose)
        invalid = counted(workflow, "linli_workflow_partner_updates_total", outcome="invalid", **whose)
        yield Passed(f"partner:{partner}", "service:workflow", said, invalid, by="workflow")


def _within(declared: Declared, sample: Sample) -> Iterator[Passed]:
    for service in declared.services:
        processes = sample.of(service)
        if any("mongodb" in process.checks for process in processes.values()):
            yield Passed(f"service:{service}", f"database:{service}", by=service)
        if (parkings := counted(processes, "linli_inbox_parkings_total")) or _parks(processes):
            yield Passed(f"service:{service}", f"parking:{service}", parkings, by=service)


def _parks(processes: Mapping[str, ProcessSeen]) -> bool:
    return any("linli_inbox_parked" in process.figures for process in processes.values())


def _calls(declared: Declared, sample: Sample) -> Iterator[Passed]:
    for service in declared.services:
        processes = sample.of(service)
        for to in _values(processes, "linli_http_calls_total", "to"):
            if to != service:
                yield Passed(
                    f"service:{service}",
                    f"service:{to}",
                    counted(processes, "linli_http_calls_total", to=to),
                    counted(processes, "linli_http_calls_total", to=to, outcome="failed"),
                    by=service,
                )
        for helper in _values(processes, HELPED, "by"):
            calls = counted(processes, HELPED, by=helper)
            yield Passed(f"service:{helper}", f"service:{service}", calls, by=service)
