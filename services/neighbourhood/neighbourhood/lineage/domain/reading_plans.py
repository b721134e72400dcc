"""What the events of a plan say of its demands and items."""

from collections.abc import Iterator

from linli.contracts.neighbourhood import plans as events
from linli.contracts.neighbourhood.plans import PlanEvent, PlanStage
from neighbourhood.lineage.domain.links import Kind, Relation, State, Thing
from neighbourhood.lineage.domain.saying import Said, says, stands

_STAGES: dict[type[PlanEvent], PlanStage] = {
    events.PlanDrafted: PlanStage.DRAFTING,
    events.PlanDemandsTaken: PlanStage.DRAFTING,
    events.PlanItemWritten: PlanStage.DRAFTING,
    events.PlanItemRemoved: PlanStage.DRAFTING,
    events.DemandDeclined: PlanStage.DRAFTING,
    events.DemandReconsidered: PlanStage.DRAFTING,
    events.PlanNoticed: PlanStage.NOTICED,
    events.PlanFinalised: PlanStage.FINALISED,
    events.PlanSuperseded: PlanStage.SUPERSEDED,
}
"""Whatever changes what a plan says takes its notice down."""


def item_of(plan: str, item: str) -> Thing:
    """An item's id is its plan's own; here it has the plan's before it."""
    return Thing(Kind.ITEM, f"{plan}~{item}")


def of_plan(event: PlanEvent) -> Iterator[Said]:
    plan = Thing(Kind.PLAN, event.plan_id)
    if stage := _STAGES.get(type(event)):
        yield stands(plan, stage)
    match event:
        case events.PlanDemandsTaken():
            for each in event.demands:
                yield says(Relation.TAKEN, _demand(each), plan)
        case events.PlanItemWritten():
            item = item_of(event.plan_id, event.item.id)
            yield says(Relation.WRITTEN, item, plan)
            for each in event.item.demands:
                yield says(Relation.CITED, _demand(each), item)
        case events.PlanItemRemoved():
            yield says(Relation.WRITTEN, item_of(event.plan_id, event.item), plan, State.OVER)
        case events.DemandDeclined():
            yield says(Relation.DECLINED, _demand(event.demand), plan, reason=event.reason)
        case events.DemandReconsidered():
            yield says(Relation.DECLINED, _demand(event.demand), plan, State.OVER)
        case events.PlanSuperseded():
            yield says(Relation.SUPERSEDED, plan, Thing(Kind.PLAN, event.replaced_by))


def _demand(id: str) -> Thing:
    return Thing(Kind.DEMAND, id)
