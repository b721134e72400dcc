"""One plan holds in a neighbourhood 一小区一方案: a new one names the one that it is to take the place of."""

from collections.abc import Iterable

from linli.contracts.neighbourhood.plans import PlanStage
from neighbourhood.plans.domain.commands import DraftPlan
from neighbourhood.plans.domain.plan import Plan
from neighbourhood.refusal import Refusal, refused


def beside(others: Iterable[Plan], command: DraftPlan) -> Refusal | None:
    """Why a plan is not drafted beside those of its neighbourhood that are not superseded; None where it may be."""
    holds = None
    for plan in others:
        if plan.stage is not PlanStage.FINALISED:
            return refused("plan_drafted", "A plan is being drawn there already.", "本小区已有方案正在编制。")
        holds = plan.id
    if command.replaces == holds:
        return None
    if holds is None:
        return refused(
            "replaces_none", "There is no final plan of that id there.", "没有这份已定稿的方案。", "/replaces"
        )
    english = "A plan holds there: name it in replaces."
    return refused("plan_holds", english, "本小区已有定稿方案，新方案须写明替代它。", "/replaces")
