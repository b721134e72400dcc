"""Writing a plan: items that say which demands they answer, and demands that are declined with a reason.

While a version hangs an edit is possible, and takes it down: what hangs is not what the plan says any more.
"""

from datetime import datetime

from linli.contracts.neighbourhood import plans as events
from linli.contracts.neighbourhood.plan_text import PlanItem
from neighbourhood.plans.domain.commands import Decline, Edit, Reconsider, RemoveItem, TakeDemands, WriteItem
from neighbourhood.plans.domain.plan import Decision, Plan
from neighbourhood.refusal import Refusal, refused

MOST_ITEMS = 80
MOST_CHARACTERS = 150_000
"""Of all texts: a version is one event, which Kafka takes up to a size."""
MOST_DEMANDS = 5_000


def edited(plan: Plan, command: Edit, now: datetime) -> Decision:
    """The event of an edit; none where the plan says that already."""
    match command:
        case TakeDemands():
            return _taken(plan, command, now)
        case WriteItem():
            return _written(plan, command, now)
        case RemoveItem():
            if command.item not in plan.items:
                return refused("no_item", "There is no such item.", "没有这项内容。", "/item")
            return (events.PlanItemRemoved(plan_id=plan.id, at=now, by=command.by, item=command.item),)
        case Decline() | Reconsider():
            return _declined(plan, command, now)


def _taken(plan: Plan, command: TakeDemands, now: datetime) -> Decision:
    """Those that it has already are left out, so the same round can be taken twice."""
    new = tuple(sorted(set(command.demands) - plan.demands))
    if len(plan.demands) + len(new) > MOST_DEMANDS:
        english = "A plan answers up to {most} demands."
        return refused("too_many_demands", english, "一个方案最多回应 {most} 条需求。", "/demands", most=MOST_DEMANDS)
    return (events.PlanDemandsTaken(plan_id=plan.id, at=now, by=command.by, demands=new),) if new else ()


def _written(plan: Plan, command: WriteItem, now: datetime) -> Decision:
    item = command.item
    if plan.items.get(item.id) == item:
        return ()
    if fault := _item_fault(plan, item):
        return fault
    return (events.PlanItemWritten(plan_id=plan.id, at=now, by=command.by, item=item),)


def _item_fault(plan: Plan, item: PlanItem) -> Refusal | None:
    if sum(share.fen for share in item.shares) != item.estimate:
        english = "Who pays what has to come to the estimate."
        return refused("shares_wrong", english, "各方出资之和应等于估算金额。", "/item/shares")
    if len(set(item.demands)) < len(item.demands) or set(item.demands) - plan.demands:
        english = "An item cites demands that the plan has taken, each once."
        return refused("no_demand", english, "引用的需求应已列入方案，且不重复。", "/item/demands")
    if both := sorted(set(item.demands) & plan.declined.keys()):
        english = "The demand {which} is declined; reconsider that first."
        return refused(
            "demand_declined", english, "需求 {which} 已说明不采纳，请先撤销。", "/item/demands", which=both[0]
        )
    after = {**plan.items, item.id: item}
    if len(after) > MOST_ITEMS or sum(map(_characters, after.values())) > MOST_CHARACTERS:
        return refused("plan_too_long", "The plan is too long.", "方案内容过长。", "/item")
    return None


def _characters(item: PlanItem) -> int:
    return sum(len(text.zh) + len(text.en) for text in (item.title, item.description) if text)


def _declined(plan: Plan, command: Decline | Reconsider, now: datetime) -> Decision:
    demand = command.demand
    if demand not in plan.demands:
        return refused("no_demand", "The plan has not taken that demand.", "方案没有列入这条需求。", "/demand")
    if isinstance(command, Reconsider):
        event = events.DemandReconsidered(plan_id=plan.id, at=now, by=command.by, demand=demand)
        return (event,) if demand in plan.declined else ()
    if demand in plan.cited:
        english = "An item answers that demand; take it out there first."
        return refused("demand_cited", english, "已有内容回应这条需求，请先从该内容中移除。", "/demand")
    if plan.declined.get(demand) == command.reason:
        return ()
    return (events.DemandDeclined(plan_id=plan.id, at=now, by=command.by, demand=demand, reason=command.reason),)
