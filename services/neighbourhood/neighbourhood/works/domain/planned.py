"""Whether what a package is opened of stands so in the plan."""

from collections.abc import Mapping
from dataclasses import dataclass

from neighbourhood.refusal import Refusal, refused
from neighbourhood.works.domain.commands import OpenPackage


@dataclass(frozen=True, slots=True)
class PlannedItems:
    """A plan as works need to know it: its final version, if it has one."""

    community: str
    neighbourhood: str
    final_hash: str | None
    items: Mapping[str, tuple[str, ...]]
    """The items of that version, each with the demands that it cites."""


def against(plan: PlannedItems | None, command: OpenPackage) -> Refusal | None:
    """Why a package cannot be opened of these items; None where it can."""
    here = (command.community, command.neighbourhood)
    if plan is None or (plan.community, plan.neighbourhood) != here:
        return refused("unknown_plan", "This neighbourhood has no such plan.", "本小区没有这份方案。", "/plan_id")
    if plan.final_hash is None:
        return refused("plan_not_final", "The plan is not final yet.", "方案尚未定稿。", "/plan_id")
    if plan.final_hash != command.plan_hash:
        said = "Another version of the plan is the final one."
        return refused("not_the_plan", said, "定稿的是方案的另一个版本。", "/plan_hash")
    if missing := [each for each in command.items if each not in plan.items]:
        said, chinese = "The plan has no item {item}.", "方案里没有项目“{item}”。"
        return refused("unknown_item", said, chinese, "/items", item=missing[0])
    cited = {demand for item in command.items for demand in plan.items[item]}
    if other := [each for each in command.demands if each not in cited]:
        said, chinese = "These items cite no demand {demand}.", "这些项目没有引用需求“{demand}”。"
        return refused("unknown_demand", said, chinese, "/demands", demand=other[0])
    return None
