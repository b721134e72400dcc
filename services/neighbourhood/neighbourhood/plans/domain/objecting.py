"""Objections to a version that hangs, and their answers."""

from datetime import datetime

from linli.contracts.neighbourhood import plans as events
from neighbourhood.plans.domain.commands import AnswerObjection, FileObjection, OnObjection, WithdrawObjection
from neighbourhood.plans.domain.plan import Decision, Plan
from neighbourhood.refusal import refused

MOST_OBJECTIONS = 5_000
MOST_OF_A_HOUSEHOLD = 20
"""With those that it took back: one code does not use up what is there for all."""


def on_objection(plan: Plan, command: OnObjection, now: datetime) -> Decision:
    """Objections are taken from when a version was frozen until the plan is final: late ones as well."""
    if isinstance(command, FileObjection):
        return _filed(plan, command, now)
    objection = plan.objections.get(command.objection)
    if objection is None:
        return refused("no_objection", "There is no such objection.", "没有这条异议。")
    about = {"plan_id": plan.id, "at": now, "by": command.by, "objection": command.objection}
    if isinstance(command, WithdrawObjection):
        if command.household != objection.household:
            return refused("not_theirs", "Another household objected.", "这条异议是其他住户提出的。")
        return () if objection.withdrawn else (events.PlanObjectionWithdrawn(**about),)
    return _answered(plan, command, now)


def _answered(plan: Plan, command: AnswerObjection, now: datetime) -> Decision:
    """The first answer holds: what somebody relies on is not changed under them; they may object again."""
    objection = plan.objections[command.objection]
    if (objection.outcome, objection.answer) == (command.outcome, command.answer):
        return ()
    if not objection.open:
        return refused("objection_closed", "The objection has its answer, or is withdrawn.", "异议已答复或已撤回。")
    about = {"plan_id": plan.id, "at": now, "by": command.by, "objection": command.objection}
    return (events.PlanObjectionAnswered(**about, outcome=command.outcome, answer=command.answer),)


def _filed(plan: Plan, command: FileObjection, now: datetime) -> Decision:
    if not plan.versions:
        return refused("nothing_to_object_to", "There is no version yet.", "方案还没有版本。")
    newest = plan.versions[-1]
    if command.item is not None and command.item not in {each.id for each in newest.text.items}:
        return refused("no_item", "The version has no such item.", "这一版没有这项内容。", "/item")
    if had := plan.objections.get(command.id):
        same = (had.household, had.words, had.item) == (command.household, command.words, command.item)
        return () if same else refused("objection_exists", "There is another one with that id.", "异议编号重复。")
    if sum(each.household == command.household for each in plan.objections.values()) >= MOST_OF_A_HOUSEHOLD:
        english = (
            "A household objects {most} times to a plan at most, with what it took back; bring more to the office."
        )
        chinese = "每户对一个方案最多提出 {most} 条异议（含已撤回的）；还有意见请到社区居委会当面反映。"
        return refused("household_objected_enough", english, chinese, most=MOST_OF_A_HOUSEHOLD)
    if len(plan.objections) >= MOST_OBJECTIONS:
        return refused("too_many_objections", "There are too many objections.", "异议过多。")
    about = {"plan_id": plan.id, "at": now, "by": command.by}
    filed = events.PlanObjectionFiled(
        **about,
        objection=command.id,
        household=command.household,
        number=newest.number,
        item=command.item,
        text_hash=command.words,
    )
    return (filed,)
