"""Versions: frozen by a hash, posted, and final when that very text has hung for its full days."""

from datetime import datetime

from linli.contracts.neighbourhood import plans as events
from linli.contracts.neighbourhood.plan_text import DeclinedDemand, VersionText
from linli.contracts.neighbourhood.plans import ObjectionOutcome, PlanStage
from neighbourhood.digests import digest_of
from neighbourhood.plans.domain.commands import Announce, Finalise, FreezeVersion, Hung
from neighbourhood.plans.domain.plan import Decision, Plan
from neighbourhood.refusal import Refusal, refused

_NOT_FROZEN = refused("not_frozen", "The plan has changed since it was frozen.", "方案在定版后有修改，请重新定版。")


def text_of(plan: Plan) -> VersionText:
    """What the plan says now, as the version that it would be."""
    declined = sorted(plan.declined.items())
    return VersionText(
        plan_id=plan.id,
        number=len(plan.versions) + 1,
        title=plan.title,
        items=tuple(plan.items.values()),
        declined=tuple(DeclinedDemand(demand=demand, reason=reason) for demand, reason in declined),
    )


def frozen(plan: Plan, command: FreezeVersion, now: datetime) -> Decision:
    """A further version. Every demand has to be cited or declined."""
    if plan.frozen:
        return ()
    if not plan.items:
        return refused("plan_empty", "The plan has no item.", "方案没有内容。")
    if left := plan.unanswered:
        english = "{count} demands are neither cited nor declined, such as {first}."
        chinese = "还有 {count} 条需求既未采纳也未说明理由，例如 {first}。"
        return refused("demands_unanswered", english, chinese, count=len(left), first=left[0])
    text = text_of(plan)
    about = {"plan_id": plan.id, "at": now, "by": command.by}
    return (events.PlanVersionFrozen(**about, text=text, digest=digest_of((text,))),)


def announced(plan: Plan, command: Announce, now: datetime) -> Decision:
    """The newest version is what that notice makes public."""
    version = plan.frozen
    if version is None:
        return _NOT_FROZEN
    if fault := _other(plan, command.hung):
        return fault
    if plan.publicity == command.hung.id:
        return ()
    about = {"plan_id": plan.id, "at": now, "by": command.by}
    noticed = events.PlanNoticed(**about, number=version.number, digest=version.digest, publicity=command.hung.id)
    return (noticed,)


def finalised(plan: Plan, command: Finalise, now: datetime) -> Decision:
    """Final, when this text has hung for all of its days and nothing that was said against it is open."""
    version = plan.frozen
    if version is None:
        return _NOT_FROZEN
    if plan.stage is not PlanStage.NOTICED or plan.publicity != command.hung.id:
        return refused("not_noticed", "This version is not made public.", "这一版方案没有公示。")
    if fault := _other(plan, command.hung) or _short(command.hung) or _objected(plan, version.number):
        return fault
    assert command.hung.days is not None
    first, last = command.hung.days
    about = {"plan_id": plan.id, "at": now, "by": command.by, "publicity": command.hung.id}
    final = events.PlanFinalised(**about, number=version.number, digest=version.digest, first_day=first, last_day=last)
    return (final,)


def _other(plan: Plan, hung: Hung) -> Refusal | None:
    """One changed character is another text: days on which something else hung do not count."""
    if plan.frozen and (hung.plan_id, hung.digest) == (plan.id, plan.frozen.digest):
        return None
    english = "What hangs is not this version of the plan."
    return refused("other_text", english, "公示的不是这一版方案。")


def _short(hung: Hung) -> Refusal | None:
    if hung.days is not None:
        return None
    return refused("days_not_over", "It has not hung for its full days yet.", "公示期未满。")


def _objected(plan: Plan, number: int) -> Refusal | None:
    """An objection that was right wants another version than the one that it was against."""
    left = [each for each in plan.objections.values() if each.open]
    if left:
        english = "{count} objections have no answer."
        return refused("objections_open", english, "还有 {count} 条异议未答复。", count=len(left))
    upheld = [
        each for each in plan.objections.values() if each.outcome is ObjectionOutcome.UPHELD and not each.withdrawn
    ]
    if any(each.number >= number for each in upheld):
        english = "An objection was upheld; the plan has to change."
        return refused("objection_upheld", english, "已采纳异议，方案应作相应修改。")
    return None
