"""A round, and how each event changes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce

from linli.contracts.neighbourhood import rounds as events
from linli.contracts.neighbourhood.affairs import Wording
from linli.contracts.neighbourhood.rounds import Question, RoundEvent, RoundStage, RoundSummary
from linli.frozen import replace


@dataclass(frozen=True, slots=True)
class DemandCluster:
    """Demands that a person has found to be one matter."""

    title: Wording
    demands: frozenset[str]


@dataclass(frozen=True, slots=True)
class Round:
    """One collection of needs and opinions. `version` is the number of events in its story."""

    id: str
    community: str
    neighbourhood: str
    title: Wording
    questions: tuple[Question, ...]
    stage: RoundStage = RoundStage.DRAFT
    digest: str | None = None
    """Of what is asked, from when it is open."""
    opened_at: datetime | None = None
    closes_at: datetime | None = None
    closed_at: datetime | None = None
    seed: str | None = None
    """By which the sheets are drawn that a second person reads."""
    clusters: Mapping[str, DemandCluster] = field(default_factory=dict)
    left_out: Mapping[str, Wording] = field(default_factory=dict)
    """Demands that are in no cluster, with the reason."""
    summary: RoundSummary | None = None
    summary_digest: str | None = None
    published_at: datetime | None = None
    version: int = 0

    def takes_answers(self, now: datetime) -> bool:
        """The time that was announced ends it, also before anybody has closed it."""
        return self.stage is RoundStage.OPEN and self.closes_at is not None and now < self.closes_at

    @property
    def settled(self) -> frozenset[str]:
        """The demands that are in a cluster or have a reason."""
        return frozenset(self.left_out).union(*(each.demands for each in self.clusters.values()))


def evolve(round: Round | None, event: RoundEvent) -> Round:  # noqa: PLR0911 - one for each event
    """The round after an event of its story."""
    if isinstance(event, events.RoundDrafted):
        return Round(event.round_id, event.community, event.neighbourhood, event.title, event.questions, version=1)
    assert round is not None, f"{event.TYPE} comes after the round was drafted"
    after = replace(round, version=round.version + 1)
    match event:
        case events.RoundRevised():
            return replace(after, title=event.title, questions=event.questions)
        case events.RoundOpened():
            return replace(
                after, stage=RoundStage.OPEN, digest=event.digest, opened_at=event.at, closes_at=event.closes_at
            )
        case events.RoundExtended():
            return replace(after, closes_at=event.closes_at)
        case events.RoundClosed():
            return replace(after, stage=RoundStage.CLOSED, closed_at=event.at, seed=event.seed)
        case events.RoundPublished():
            return replace(after, stage=RoundStage.PUBLISHED, published_at=event.at)
        case events.RoundSummarised():
            return replace(after, stage=RoundStage.SUMMARISED, summary=event.summary, summary_digest=event.digest)
        case events.DemandsClustered():
            return _clustered(after, event)
        case events.DemandLeftOut():
            clusters = _without(after.clusters, frozenset({event.demand}))
            return replace(after, clusters=clusters, left_out={**after.left_out, event.demand: event.reason})
        case _:
            raise AssertionError(f"{event.TYPE} is no event of a round")


def _clustered(round: Round, event: events.DemandsClustered) -> Round:
    """A demand is in one cluster at most: it leaves the one that it was in."""
    demands = frozenset(event.demands)
    others = {id: each for id, each in round.clusters.items() if id != event.cluster}
    clusters = {**_without(others, demands), event.cluster: DemandCluster(event.title, demands)}
    left_out = {id: reason for id, reason in round.left_out.items() if id not in demands}
    return replace(round, clusters=clusters, left_out=left_out)


def _without(clusters: Mapping[str, DemandCluster], demands: frozenset[str]) -> dict[str, DemandCluster]:
    """The clusters without those demands; a cluster that nothing is left of is gone."""
    left = {id: replace(each, demands=each.demands - demands) for id, each in clusters.items()}
    return {id: each for id, each in left.items() if each.demands}


def replayed(story: Iterable[RoundEvent]) -> Round | None:
    """The round that a whole story leads to."""
    return reduce(evolve, story, None)
