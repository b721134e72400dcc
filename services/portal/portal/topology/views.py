"""The picture as JSON has it, the same for programs, for `linli topology` and for the page's table."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from linli.contracts.base import Record
from linli.web.problem_words import answered
from portal.topology.acceptance import Acceptance
from portal.topology.accepting import FILE
from portal.topology.domain.difference import Difference
from portal.topology.domain.findings import Finding
from portal.topology.domain.picture import Edge, Node, Picture
from portal.topology.domain.tracing import Step


class NodeView(Record):
    """Something that takes part."""

    id: str
    kind: str
    name: str
    state: str
    """`well`, `ailing`, `stopped`, `silent`, `undeclared` or `unknown`."""
    lane: int
    """Where it stands, from left to right."""
    owner: str
    figures: dict[str, float | str]

    @classmethod
    def of(cls, node: Node) -> "NodeView":
        return cls(
            id=node.id,
            kind=node.kind,
            name=node.name,
            state=node.state,
            lane=node.lane,
            owner=node.owner,
            figures=dict(node.figures),
        )


class EdgeView(Record):
    """Something that goes from one node to another."""

    id: str
    source: str
    target: str
    flow: str
    """`seen`, `silent`, `undeclared` or `unknown`."""
    rate: float | None
    """A second; null: not known."""
    errors: float | None
    """A second; null: not known, or not counted here."""
    moved: datetime | None
    """When something went over it last, as far as is known."""

    @classmethod
    def of(cls, edge: Edge) -> "EdgeView":
        return cls(
            id=edge.id,
            source=edge.source,
            target=edge.target,
            flow=edge.flow,
            rate=edge.rate,
            errors=edge.errors,
            moved=edge.moved,
        )


class FindingView(Record):
    """Something that is amiss, or was lately."""

    id: str
    rule: str
    node: str
    owner: str
    """A service, a partner or `operator`: who has to do with it."""
    urgent: bool
    evidence: dict[str, float | str]
    first_seen: datetime
    last_seen: datetime
    ended: datetime | None
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    muted_until: datetime | None

    @classmethod
    def of(cls, finding: Finding) -> "FindingView":
        return cls(
            id=finding.id,
            rule=finding.rule,
            node=finding.node,
            owner=finding.owner,
            urgent=finding.urgent,
            evidence=dict(finding.evidence),
            first_seen=finding.first_seen,
            last_seen=finding.last_seen,
            ended=finding.ended,
            acknowledged_by=finding.acknowledged_by,
            acknowledged_at=finding.acknowledged_at,
            muted_until=finding.muted_until,
        )


class AcceptanceView(Record):
    """What an engineer would change to accept what was seen and nobody declared. Nothing is changed by asking."""

    finding: str
    file: str
    """Of the repository."""
    patch: str | None
    """As `git apply` takes it; null: it cannot be said so."""
    said: str
    """What is to be done with it, or why there is none, in the language that is asked for."""

    @classmethod
    def of(cls, finding: Finding, found: Acceptance) -> "AcceptanceView":
        return cls(finding=finding.id, file=FILE, patch=found.patch, said=answered(found.said))


class ChangedView(Record):
    """A node or an edge that stood otherwise."""

    id: str
    before: str
    after: str


class DifferenceView(Record):
    """What is otherwise than at an earlier moment; ids of nodes and edges."""

    since: datetime
    came: list[str]
    went: list[str]
    changed: list[ChangedView]

    @classmethod
    def of(cls, since: datetime, found: Difference) -> "DifferenceView":
        changed = [ChangedView(id=each.id, before=each.before, after=each.after) for each in found.changed]
        return cls(since=since, came=list(found.came), went=list(found.went), changed=changed)


class TopologyView(Record):
    """What flows where at one moment."""

    at: datetime
    """Of the sample that this is from."""
    seq: int
    """A later picture has a higher one."""
    fresh: bool
    """Whether that was a moment ago; else nothing is known of how it is now."""
    oldest: datetime | None
    """From when on `at` may be asked for."""
    nodes: list[NodeView]
    edges: list[EdgeView]
    rights: str
    """Whether Kafka told who may do what: `told`; else `refused`, `no_authorizer`, `too_many` or `failed`; empty: it is
    away."""
    findings: list[FindingView]
    """Those that stand, urgent ones first, then those that ended in the last hour."""
    difference: DifferenceView | None = None

    @classmethod
    def of(
        cls, picture: Picture, findings: Iterable[Finding], oldest: datetime | None, other: DifferenceView | None = None
    ) -> "TopologyView":
        return cls(
            at=picture.at,
            seq=picture.seq,
            fresh=picture.fresh,
            oldest=oldest,
            nodes=[NodeView.of(each) for _, each in sorted(picture.nodes.items())],
            edges=[EdgeView.of(each) for _, each in sorted(picture.edges.items())],
            rights=picture.rights,
            findings=[FindingView.of(each) for each in findings],
            difference=other,
        )


class PointView(Record):
    """A node's figures at one moment."""

    at: datetime
    state: str
    figures: dict[str, float | str]


class HistoryView(Record):
    """A node over time, oldest first."""

    node: str
    points: list[PointView]


class ReaderView(Record):
    """A service that reads the topic of an event."""

    service: str
    taken: str
    """`applied`, `waits` or `blocked`."""
    at: datetime | None
    exactly: bool
    """Whether it was then; else at the latest."""


class ToldView(Record):
    """A delivery that an event brought about."""

    recipient: str
    channel: str
    state: str
    at: datetime
    finished: datetime | None


class StepView(Record):
    """One event of a case's way."""

    id: str
    type: str
    service: str
    topic: str
    at: datetime
    sent: bool
    trace: str | None = None
    """W3C trace id of the request that caused it."""
    gap: float | None
    """Seconds since the event before."""
    readers: list[ReaderView]
    told: list[ToldView]

    @classmethod
    def of(cls, step: Step) -> "StepView":
        wrote = step.wrote
        return cls(
            id=wrote.id,
            type=wrote.type,
            service=wrote.service,
            topic=wrote.topic,
            at=wrote.at,
            sent=wrote.sent,
            trace=wrote.trace,
            gap=step.gap,
            readers=[
                ReaderView(service=each.service, taken=each.taken, at=each.at, exactly=each.exactly)
                for each in step.readers
            ],
            told=[
                ToldView(
                    recipient=each.recipient,
                    channel=each.channel,
                    state=each.state,
                    at=each.at,
                    finished=each.finished,
                )
                for each in step.told
            ],
        )


class WayView(Record):
    """One case's way."""

    case: str
    steps: list[StepView]
    away: list[str]
    """Services that did not answer: what they wrote and read is missing here."""
    held: int
    parked: list[str]
    """Records of the case that wait for a person."""


def shown(findings: Mapping[str, Finding], now: datetime, ended_within: float = 3_600.0) -> list[Finding]:
    """In the order in which somebody would look at them."""
    lately = [
        each for each in findings.values() if each.ended is None or (now - each.ended).total_seconds() <= ended_within
    ]
    return sorted(lately, key=lambda each: (each.ended is not None, each.is_muted(now), not each.urgent, each.id))
