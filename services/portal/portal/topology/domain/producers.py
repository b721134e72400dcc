"""Who writes without being declared: Kafka does not record it, but every writer of ours counts what it has written.

From one look at a topic's ends to another no more can have come than its writers counted between, from before the
first look until after the last, with what they hold for lost. What is more, somebody else wrote. A writer may count
what it wrote after the look, so a surplus has to stand for two looks. Where a process that writes was not asked, or
began anew, counting begins anew as well.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from portal.topology.domain.declared import Declared, DeclaredTopic
from portal.topology.domain.findings import Evidence
from portal.topology.domain.sample import Sample, total

PUBLISHED = "linli_outbox_published_total"
FAILED = "linli_outbox_publish_failed_total"
LATE = 4.0
"""Seconds by which an answer is no longer of this look."""
Writers = Mapping[str, float]
"""The processes that may write, and since when each of them counts."""


def undeclared(declared: Declared, window: Sequence[Sample]) -> Mapping[str, Evidence]:
    """Topic → how much more came into it than those who may write it have written, in the looks of a window."""
    found: dict[str, Evidence] = {}
    for name, topic in declared.topics.items():
        if topic.writer is None:
            continue  # an operator's own: who writes there nobody has said
        for run in _comparable(topic, window):
            surplus = _standing([_surplus(topic, run[0], each) for each in run[1:]])
            if surplus > 0:
                since = run[0].at.isoformat(timespec="seconds")
                found[name] = {"records": surplus, "since": since, "writer": topic.writer or "operator"}
    return found


def _standing(surpluses: Sequence[float]) -> float:
    """The highest that stood for two looks."""
    return max((min(pair) for pair in pairwise(surpluses)), default=0.0)


def _comparable(topic: DeclaredTopic, window: Sequence[Sample]) -> Iterator[list[Sample]]:
    """The looks that can be compared, in order: each time with the same writers, all of whom were asked."""
    run: list[Sample] = []
    for sample in window:
        if run and not _alike(topic, run[-1], sample):
            yield run
            run = []
        if _writers(topic, sample) is not None:
            run.append(sample)
    yield run


def _alike(topic: DeclaredTopic, before: Sample, after: Sample) -> bool:
    writers = _writers(topic, after)
    if writers is None or writers != _writers(topic, before):
        return False
    then, now = before.topics[topic.name].ends, after.topics[topic.name].ends
    return len(then) == len(now) and all(a <= b for a, b in zip(then, now, strict=True))


def _writers(topic: DeclaredTopic, sample: Sample) -> Writers | None:
    """None where not all are known, or the topic is not."""
    if not sample.kafka or topic.name not in sample.topics:
        return None
    processes = sample.of(topic.writer or "")
    for process in processes.values():
        if process.heard is None or abs((sample.at - process.heard).total_seconds()) > LATE:
            return None
        if (total(process.figures, "linli_members", state="heard") or 0) > len(processes):
            return None  # another one of them answers at the same address
    return {id: process.started for id, process in processes.items()} or None


def _surplus(topic: DeclaredTopic, first: Sample, last: Sample) -> float:
    came = sum(last.topics[topic.name].ends) - sum(first.topics[topic.name].ends)
    written = _written(topic, last) - first.written_before.get(topic.name, 0.0)
    return came - written


def _written(topic: DeclaredTopic, sample: Sample) -> float:
    return written_by(sample, topic.writer or "", topic.name)


def written_by(sample: Sample, service: str, topic: str) -> float:
    """What a service's processes say that they have written to a topic, with what they hold for lost."""
    return sum(
        (total(process.figures, PUBLISHED, topic=topic) or 0.0) + (total(process.figures, FAILED) or 0.0)
        for process in sample.of(service).values()
    )
