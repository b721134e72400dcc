"""The findings and the age of the last look, in the portal's metrics."""

from collections.abc import Mapping
from datetime import datetime

from prometheus_client import Gauge

from portal.topology.domain.findings import Finding

FINDING = Gauge(
    "linli_topology_finding",
    "1 for each finding that stands and is not muted",
    ["rule", "node", "owner", "acknowledged", "urgent"],
)
SEEN = Gauge("linli_topology_sample_timestamp_seconds", "When everything was looked at last; 0: not yet")


def tell(findings: Mapping[str, Finding], newest: datetime | None, now: datetime) -> None:
    """What this process knows."""
    FINDING.clear()
    for each in findings.values():
        if each.ended is None and not each.is_muted(now):
            acknowledged = "yes" if each.acknowledged_by else "no"
            urgent = "yes" if each.urgent else "no"
            FINDING.labels(each.rule.value, each.node, each.owner, acknowledged, urgent).set(1)
    if newest is not None:
        SEEN.set(newest.timestamp())
