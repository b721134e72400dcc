"""How a service answers over HTTP: how much, which share of it with a fault of its own, and how soon.

By what its processes counted between two samples; who began anew between them counts from nothing.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from portal.topology.domain.counting import counted, increase
from portal.topology.domain.sample import Sample, labelled

OVER = timedelta(seconds=60)
"""What it is taken over."""
ANSWERS = "linli_http_answers_total"
BUCKET = "linli_http_answer_seconds_bucket"
QUANTILE = 0.95


@dataclass(frozen=True, slots=True)
class Answers:
    """Of one service in the last minute."""

    count: float
    failed: float
    """Those with a status of 5xx."""
    seconds: float
    p95: float | None
    """Seconds within which 95 % began; None where there were none."""

    @property
    def rate(self) -> float:
        return self.count / self.seconds

    @property
    def share(self) -> float:
        """Percent that failed."""
        return 100 * self.failed / self.count if self.count else 0.0


def answers_of(window: Sequence[Sample], service: str) -> Answers | None:
    """None where nobody counts, or nothing is known of before."""
    newest = window[-1]
    first = next(sample for sample in window if newest.at - sample.at <= OVER)
    seconds = (newest.at - first.at).total_seconds()
    before, after = first.of(service), newest.of(service)
    count = increase(counted(before, ANSWERS), counted(after, ANSWERS))
    if not seconds or count is None:
        return None
    failed = counted(after, ANSWERS, status="5xx")
    grown = increase(counted(before, ANSWERS, status="5xx") or dict.fromkeys(failed or {}, 0.0), failed)
    return Answers(count, grown or 0.0, seconds, _quantile(_buckets(first, newest, service)))


def _buckets(first: Sample, newest: Sample, service: str) -> Mapping[float, float]:
    """Upper bound in seconds → answers of the time between that began within it."""
    before, after = first.of(service), newest.of(service)
    bounds = {labels["le"] for each in after.values() for labels, _ in labelled(each.figures, BUCKET, "le")}
    found = {}
    for bound in bounds:
        grown = increase(counted(before, BUCKET, le=bound), counted(after, BUCKET, le=bound))
        if grown is not None:
            found[float(bound)] = grown
    return dict(sorted(found.items()))


def _quantile(buckets: Mapping[float, float]) -> float | None:
    """A straight line within the bucket that it falls into, as Prometheus' `histogram_quantile` has it."""
    if not buckets or (total := max(buckets.values())) <= 0:
        return None
    wanted = QUANTILE * total
    for (lower, below), (upper, within) in pairwise([(0.0, 0.0), *buckets.items()]):
        if within >= wanted:
            if math.isinf(upper):
                return lower
            return lower + (upper - lower) * (wanted - below) / (within - below) if within > below else upper
    return None
