"""Whether anything more is to come of a demand; if not, why.

What is a draft ends nothing, and what is answered anew has not ended: an acceptance that is revoked, a plan that takes
up what the one before it had declined.
"""

from collections.abc import Iterable

from linli.contracts.neighbourhood.plans import PlanStage
from linli.contracts.workflow.case import CaseState
from neighbourhood.lineage.domain.lineage import End, Stage, Step
from neighbourhood.lineage.domain.links import Link, Relation, State, Thing
from neighbourhood.lineage.domain.web import Web

R = Relation


def ended(web: Web, near: tuple[Thing, ...]) -> tuple[End, Step] | None:
    """The end of a demand, with its step. `near` is the demand and what it is merged into."""
    case = web.standing(near[0])
    packages, waiting = _works(web, near)
    if packages and not waiting and all(map(web.is_accepted, packages)):
        accepted = [link for each in packages for link in web.of(each, R.ACCEPTING)]
        return _end(End.ACCEPTED, near[0], accepted)
    if case and case.state == CaseState.WITHDRAWN:
        return _end(End.WITHDRAWN, near[0], [case])
    if packages or waiting:
        return None
    return _by_plans(web, near) or (None if _open(web, near) else _by_rounds(web, near) or _by_case(case, near))


def _works(web: Web, near: tuple[Thing, ...]) -> tuple[list[Thing], bool]:
    """The packages that are built for it, and whether an item that holds waits for one.

    An item of a plan that is superseded holds where it is being built already.
    """
    items = {cited.target for each in near for cited in web.of(each, R.CITED)}
    built = {link.target for each in {*near, *items} for link in web.of(each, R.BUILT)}
    idle = (each for each in items if not web.of(each, R.BUILT))
    return sorted(built), any(_stage(web, each) is not PlanStage.SUPERSEDED for each in idle)


def _stage(web: Web, item: Thing) -> PlanStage:
    plan = web.plan_of(item)
    return web.stage_of(plan) if plan else PlanStage.DRAFTING


def _by_plans(web: Web, near: tuple[Thing, ...]) -> tuple[End, Step] | None:
    """What the plan that holds says comes first; then one that is being drawn; then what held before."""
    declined = [link for each in near for link in web.of(each, R.DECLINED)]
    holding = [each for each in declined if web.stage_of(each.target) is PlanStage.FINALISED]
    if holding:
        return _declined(holding)
    if _open(web, near):
        return None
    cited = [link for each in near for link in web.of(each, R.CITED)]
    plans = {plan for each in cited if (plan := web.plan_of(each.target))}
    over = [link for each in sorted(plans) for link in web.of(each, R.SUPERSEDED)]
    if over:
        last = _last(over)
        return _end(End.SUPERSEDED, last.target, [last])
    return _declined(declined) if declined else None


def _declined(links: list[Link]) -> tuple[End, Step]:
    last = _last(links)
    return _end(End.DECLINED, last.target, [last])


def _open(web: Web, near: tuple[Thing, ...]) -> bool:
    """Whether a plan that is not final yet owes it an answer, or may still change the one that it gives."""
    links = (link for each in near for relation in (R.TAKEN, R.DECLINED) for link in web.of(each, relation))
    return any(web.stage_of(each.target) in {PlanStage.DRAFTING, PlanStage.NOTICED} for each in links)


def _by_rounds(web: Web, near: tuple[Thing, ...]) -> tuple[End, Step] | None:
    """It is left out where every round that speaks of it has left it out."""
    placed = [link for each in near for link in web.of(each, R.PLACED)]
    if not placed or any(each.state != State.LEFT_OUT or not web.is_summarised(each.target) for each in placed):
        return None
    last = _last(placed)
    return _end(End.LEFT_OUT, last.target, [last])


def _by_case(case: Link | None, near: tuple[Thing, ...]) -> tuple[End, Step] | None:
    if case is None or case.state not in {CaseState.RESOLVED, CaseState.CLOSED}:
        return None
    return _end(End.RESOLVED, near[0], [case])


def _last(links: Iterable[Link]) -> Link:
    return max(links, key=lambda each: (each.at, each.story, each.sequence))


def _end(end: End, thing: Thing, said: list[Link]) -> tuple[End, Step]:
    because = tuple(sorted({each.event for each in said}))
    step = Step(Stage.END, thing, end, max(each.at for each in said), because, reason=said[0].reason)
    return end, step
