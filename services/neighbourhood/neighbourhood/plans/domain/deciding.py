"""What a command on a plan comes to: events, or a refusal."""

from datetime import datetime

from linli.contracts.neighbourhood import plans as events
from linli.contracts.neighbourhood.plans import PlanStage
from neighbourhood.plans.domain.commands import (
    Announce,
    Command,
    DraftPlan,
    Edit,
    Finalise,
    FreezeVersion,
    OnObjection,
    Supersede,
)
from neighbourhood.plans.domain.editing import edited
from neighbourhood.plans.domain.objecting import on_objection
from neighbourhood.plans.domain.plan import Decision, Plan
from neighbourhood.plans.domain.versions import announced, finalised, frozen
from neighbourhood.refusal import refused

_OVER = refused("plan_final", "The plan is final; another plan can take its place.", "方案已定稿，可另拟方案替代。")


def decide(plan: Plan | None, command: Command, now: datetime) -> Decision:
    """The events of a command; none where it is so already."""
    if isinstance(command, DraftPlan):
        return _drafted(plan, command, now)
    if plan is None:
        return refused("no_plan", "There is no such plan.", "没有这个方案。")
    if isinstance(command, Supersede):
        return _superseded(plan, command, now)
    if plan.stage in {PlanStage.FINALISED, PlanStage.SUPERSEDED}:
        return _OVER
    if isinstance(command, Edit):
        return edited(plan, command, now)
    return on_objection(plan, command, now) if isinstance(command, OnObjection) else _way(plan, command, now)


def _drafted(plan: Plan | None, command: DraftPlan, now: datetime) -> Decision:
    if plan is not None:
        return refused("plan_exists", "There is such a plan already.", "这个方案已经有了。")
    return (
        events.PlanDrafted(
            plan_id=command.id,
            at=now,
            by=command.by,
            community=command.community,
            neighbourhood=command.neighbourhood,
            title=command.title,
            replaces=command.replaces,
        ),
    )


def _way(plan: Plan, command: FreezeVersion | Announce | Finalise, now: datetime) -> Decision:
    match command:
        case FreezeVersion():
            return frozen(plan, command, now)
        case Announce():
            return announced(plan, command, now)
        case Finalise():
            return finalised(plan, command, now)


def _superseded(plan: Plan, command: Supersede, now: datetime) -> Decision:
    """Told once the other one is final."""
    if plan.replaced_by == command.replaced_by:
        return ()
    if plan.stage is not PlanStage.FINALISED or command.replaced_by == plan.id:
        return refused("plan_not_final", "Only a final plan is superseded, by another.", "只有已定稿的方案可被替代。")
    return (events.PlanSuperseded(plan_id=plan.id, at=now, by=command.by, replaced_by=command.replaced_by),)
