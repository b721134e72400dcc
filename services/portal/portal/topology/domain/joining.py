"""Joins what is declared with what was seen into one picture."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from portal.topology.domain.counting import Passed, increase, passed
from portal.topology.domain.declared import Declared, as_told
from portal.topology.domain.nodes import nodes_of
from portal.topology.domain.partner_groups import passed_to_partners
from portal.topology.domain.picture import Edge, Flow, Picture
from portal.topology.domain.sample import Sample
from portal.topology.domain.silence import is_silent

FRESH_FOR = timedelta(seconds=25)
"""A picture that is older shows how nothing is now: half a minute after the last look, with the time to tell of it,
everybody knows. Longer than `sampler.LEASE`, after which another process looks."""
RATE_OVER = timedelta(seconds=30)
"""What a rate is taken over."""
HEARD_WITHIN = timedelta(seconds=15)
"""A process that has not answered for so long counts as not seen."""


def join(contracts: Declared, window: Sequence[Sample], now: datetime) -> Picture:
    """The picture of the newest of some samples, oldest first; the others say what moved. `now` says how old it is.

    Of a picture of the past, `now` is the time that is looked at.
    """
    newest = window[-1]
    declared = as_told(contracts, newest)
    fresh = is_fresh(newest.at, now)
    edges = {each.id: each for each in _edges(declared, window, fresh=fresh)}
    nodes = {each.id: each for each in nodes_of(declared, window, edges, fresh=fresh)}
    joined = {id: each for id, each in edges.items() if _both(each, nodes)}
    return Picture(newest.at, fresh, nodes, joined, newest.rights_told)


def is_fresh(at: datetime, now: datetime) -> bool:
    """Whether a sample tells how it is now."""
    return now - at < FRESH_FOR


def _both(edge: Edge, nodes: Mapping[str, object]) -> bool:
    return edge.source in nodes and edge.target in nodes


def _edges(declared: Declared, window: Sequence[Sample], *, fresh: bool) -> list[Edge]:
    newest = window[-1]
    first = _before(window)
    seconds = (newest.at - first.at).total_seconds()
    earlier = {each.id: each for each in _passed(declared, first)} if seconds > 0 else {}
    return [
        _edge(declared, each, earlier.get(each.id), newest, seconds, fresh=fresh and _is_told(newest, each.by))
        for each in _passed(declared, newest)
    ]


def _passed(declared: Declared, sample: Sample) -> Iterator[Passed]:
    yield from passed(declared, sample)
    yield from passed_to_partners(declared, sample)


def _before(window: Sequence[Sample]) -> Sample:
    """The sample that a rate is counted from."""
    return next(sample for sample in window if window[-1].at - sample.at <= RATE_OVER)


def _is_told(sample: Sample, by: str) -> bool:
    return _is_heard(sample, by) if by else sample.kafka


def _is_heard(sample: Sample, service: str) -> bool:
    return any(each.heard and sample.at - each.heard < HEARD_WITHIN for each in sample.of(service).values())


def _edge(
    declared: Declared, each: Passed, earlier: Passed | None, newest: Sample, seconds: float, *, fresh: bool
) -> Edge:
    moved = newest.moved.get(each.id)
    return Edge(
        id=each.id,
        source=each.source,
        target=each.target,
        flow=_flow(declared, each, moved, newest, fresh=fresh),
        rate=_rate(earlier.counts if earlier else None, each.counts, seconds) if fresh else None,
        errors=_rate(earlier.failed if earlier else None, each.failed, seconds) if fresh else None,
        moved=moved,
    )


def _flow(declared: Declared, each: Passed, moved: datetime | None, newest: Sample, *, fresh: bool) -> Flow:
    if not each.declared:
        return Flow.UNDECLARED
    if not fresh:
        return Flow.UNKNOWN
    uncounted = each.counts is None and each.target.startswith("database:")
    return Flow.SEEN if uncounted or not is_silent(declared, each, moved, newest) else Flow.SILENT


def _rate(before: Mapping[str, float] | None, after: Mapping[str, float] | None, seconds: float) -> float | None:
    grown = increase(before, after)
    return None if grown is None or not seconds else grown / seconds


def moved(contracts: Declared, before: Sample | None, after: Sample) -> Mapping[str, datetime]:
    """When something went over each edge last, once `after` has been seen."""
    known = dict(before.moved) if before else {}
    if before is None:
        return known
    declared = as_told(contracts, after)
    earlier = {each.id: each for each in _passed(declared, before)}
    for each in _passed(declared, after):
        grown = increase(earlier[each.id].counts, each.counts) if each.id in earlier else None
        if grown:
            known[each.id] = after.at
    return known
