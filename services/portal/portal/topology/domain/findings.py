"""What is amiss: found by rules, followed over time, acknowledged and muted by people.

A finding goes by itself when its rule does not find it any more. One that comes back is a new one: whoever
acknowledged the last has not seen this.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum


class Rule(StrEnum):
    """What was found."""

    SERVICE_STOPPED = "service_stopped"
    """No process of it answers."""
    PROCESS_SILENT = "process_silent"
    """One of several does not."""
    SERVICE_FAILS = "service_fails"
    """It answers with faults of its own."""
    SERVICE_NOT_READY = "service_not_ready"
    GROUP_STALLED = "group_stalled"
    """There is something to read, and nothing takes effect."""
    GROUP_FALLS_BEHIND = "group_falls_behind"
    PARTNER_SILENT = "partner_silent"
    """It has said nothing of orders within their time."""
    UNDECLARED_PRODUCER = "undeclared_producer"
    """More came into a topic than those who may write it have written."""
    UNDECLARED_TOPIC = "undeclared_topic"
    UNDECLARED_GROUP = "undeclared_group"
    ACL_UNDECLARED = "acl_undeclared"
    """Kafka gives somebody a right that nobody has declared."""
    ACL_MISSING = "acl_missing"
    """A right that is declared is not there."""
    TOPIC_MISSING = "topic_missing"
    TOPIC_DIFFERS = "topic_differs"
    """Its settings are not as declared."""
    COPIES_BEHIND = "copies_behind"
    LEADERLESS = "leaderless"
    KAFKA_SILENT = "kafka_silent"
    """It does not tell of itself."""
    MEMBERS_AWAY = "members_away"
    """Of MongoDB's replica set."""
    PARKED = "parked"
    UNKNOWN_TYPE = "unknown_type"
    """Events whose type, or whose version, no contract has."""
    HELD = "held"
    """Events wait for an earlier one of their story."""
    UNSENT = "unsent"
    """Events wait for Kafka."""
    GIVEN_UP = "given_up"
    """Deliveries that reached nobody."""


WHOLE = frozenset(
    {Rule.SERVICE_STOPPED, Rule.UNDECLARED_PRODUCER, Rule.LEADERLESS, Rule.GROUP_STALLED, Rule.ACL_UNDECLARED}
)
"""Rules of which one finding is urgent."""
Evidence = Mapping[str, float | str]


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found at one moment."""

    rule: Rule
    node: str
    """Where, as the picture names it."""
    owner: str
    """A service, a partner or `operator`."""
    evidence: Evidence = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"{self.rule}@{self.node}"


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding over time."""

    id: str
    rule: Rule
    node: str
    owner: str
    evidence: Evidence
    """As it was found last."""
    first_seen: datetime
    last_seen: datetime
    ended: datetime | None = None
    """When it was not found any more."""
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    muted_until: datetime | None = None

    def is_muted(self, now: datetime) -> bool:
        return self.muted_until is not None and now < self.muted_until

    @property
    def urgent(self) -> bool:
        return self.rule in WHOLE


LONGEST_MUTE = timedelta(days=30)


def followed(before: Mapping[str, Finding], found: Iterable[Found], now: datetime) -> dict[str, Finding]:
    """How findings stand after a look; those that had ended before are left out."""
    after = {each.id: _seen(before.get(each.id), each, now) for each in found}
    for id, finding in before.items():
        if id not in after and finding.ended is None:
            after[id] = replace(finding, ended=now)
    return after


def _seen(before: Finding | None, found: Found, now: datetime) -> Finding:
    if before is None or before.ended is not None:
        muted = before.muted_until if before and before.is_muted(now) else None
        return Finding(found.id, found.rule, found.node, found.owner, found.evidence, now, now, muted_until=muted)
    return replace(before, evidence=found.evidence, owner=found.owner, last_seen=now)


def acknowledged(finding: Finding, by: str, now: datetime) -> Finding:
    """Somebody has seen it and sees to it; whoever says so first is told of."""
    if finding.acknowledged_by is not None:
        return finding
    return replace(finding, acknowledged_by=by, acknowledged_at=now)


def muted(finding: Finding, until: datetime | None) -> Finding:
    """Nobody is told of it until then, though it comes back; None: everybody is again."""
    return replace(finding, muted_until=until)
