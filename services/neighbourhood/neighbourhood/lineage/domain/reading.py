"""Which links an event makes. Nothing is read for it: what an event leaves unsaid is worked out where links are read.

So an item that is written anew does not say which demands it cites no more: those links are of an older event than its
own, and hold no longer (`assembling`). The same is true of a cluster.
"""

from collections.abc import Iterator

from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.contracts.kinds import Kind as SubmissionKind
from linli.contracts.neighbourhood import rounds
from linli.contracts.neighbourhood.actions import ActionEvent
from linli.contracts.neighbourhood.deliberations import ConcernKind
from linli.contracts.neighbourhood.deliberations_settled import CommitmentAccepted
from linli.contracts.neighbourhood.plans import PlanEvent
from linli.contracts.neighbourhood.responses import ResponseDemandRaised
from linli.contracts.neighbourhood.rounds import RoundEvent, RoundStage
from linli.contracts.neighbourhood.works import PackageEvent
from linli.contracts.workflow import case as cases
from linli.contracts.workflow.case import CaseEvent
from neighbourhood.lineage.domain.links import Kind, Link, Relation, State, Thing
from neighbourhood.lineage.domain.reading_plans import of_plan
from neighbourhood.lineage.domain.reading_works import of_action, of_package
from neighbourhood.lineage.domain.saying import Said, says, stands

_MOVES = (
    cases.CaseOpened,
    cases.CaseDispatched,
    cases.CaseTriaged,
    cases.CaseAccepted,
    cases.CaseReturned,
    cases.CaseResolved,
    cases.CaseClosed,
    cases.CaseReopened,
    cases.CaseWithdrawn,
    cases.CaseCorrected,
    cases.CaseMerged,
    cases.CaseUnmerged,
)
"""What a case stands otherwise after. What is told of it beside would be written for nothing."""
_STAGES: dict[type[RoundEvent], RoundStage] = {
    rounds.RoundDrafted: RoundStage.DRAFT,
    rounds.RoundOpened: RoundStage.OPEN,
    rounds.RoundClosed: RoundStage.CLOSED,
    rounds.RoundSummarised: RoundStage.SUMMARISED,
    rounds.RoundPublished: RoundStage.PUBLISHED,
}
_CONCERNS = {
    ConcernKind.DEMAND: Kind.DEMAND,
    ConcernKind.CASE: Kind.DEMAND,
    ConcernKind.PLAN_ITEM: Kind.ITEM,
}


def links_of(envelope: Envelope[Event]) -> tuple[Link, ...]:
    """The links of one event, from whichever topic; none of most."""
    event = envelope.data
    at = envelope.time if isinstance(event, CaseEvent) else getattr(event, "at", envelope.time)
    story, number, where = event.story, envelope.sequence, getattr(event, "community", None)
    return tuple(
        Link(said.relation, said.source, said.target, said.state, at, story, number, said.reason, where)
        for said in _said(event)
    )


def _said(event: Event) -> Iterator[Said]:
    match event:
        case CaseEvent():
            yield from _of_case(event)
        case ResponseDemandRaised():
            yield says(Relation.RAISED, Thing(Kind.DEMAND, event.demand), Thing(Kind.ROUND, event.round_id))
        case RoundEvent():
            yield from _of_round(event)
        case PlanEvent():
            yield from of_plan(event)
        case CommitmentAccepted():
            commitment = Thing(Kind.COMMITMENT, event.commitment_id)
            for each in event.concerns:
                if kind := _CONCERNS.get(each.kind):
                    yield says(Relation.COMMITTED, Thing(kind, each.id), commitment)
        case ActionEvent():
            yield from of_action(event)
        case PackageEvent():
            yield from of_package(event)


def _of_case(event: CaseEvent) -> Iterator[Said]:
    """Of demands only: no other case has a lineage, and there are many of them."""
    kinds = {event.kind, event.was_kind} if isinstance(event, cases.CaseCorrected) else {event.kind}
    if SubmissionKind.DEMAND not in kinds:
        return
    demand = Thing(Kind.DEMAND, event.case_id)
    if isinstance(event, _MOVES):
        yield stands(demand, event.state)
    match event:
        case cases.CaseMerged():
            yield says(Relation.MERGED, demand, Thing(Kind.DEMAND, event.into))
        case cases.CaseUnmerged():
            yield says(Relation.MERGED, demand, Thing(Kind.DEMAND, event.from_case), State.OVER)


def _of_round(event: RoundEvent) -> Iterator[Said]:
    round = Thing(Kind.ROUND, event.round_id)
    match event:
        case rounds.DemandsClustered():
            cluster = Thing(Kind.CLUSTER, f"{event.round_id}~{event.cluster}")
            yield says(Relation.SETTLED, cluster, round)
            for demand in event.demands:
                yield says(Relation.PLACED, Thing(Kind.DEMAND, demand), cluster)
        case rounds.DemandLeftOut():
            yield says(Relation.PLACED, Thing(Kind.DEMAND, event.demand), round, State.LEFT_OUT, event.reason)
        case _ if stage := _STAGES.get(type(event)):
            yield stands(round, stage)
