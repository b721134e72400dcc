"""A plan as it hangs, for everybody: what is done, who pays, which demands it answers, and why others are not."""

from datetime import date
from typing import Annotated, Any

from fastapi import Request

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Digest, Id, Wording
from linli.contracts.neighbourhood.permissions import READ_PUBLIC_AFFAIRS
from linli.contracts.neighbourhood.plan_text import DeclinedDemand, PlanItem
from linli.contracts.neighbourhood.plans import PlanStage
from linli.security.auth import Who, caller_of, needs
from linli.web.app import problems, router
from linli.web.given import given
from linli.web.problems import not_found
from neighbourhood.affairs.office import Place
from neighbourhood.affairs.verbs import AffairId
from neighbourhood.papers.press import Press
from neighbourhood.plans.domain.plan import Plan
from neighbourhood.plans.office import Plans, notice_of
from neighbourhood.plans.printing import FILES, days_of, paper_of

routes = router(prefix="/v1/public/plans", tags=["plans"])
PlansDep = Annotated[Plans, given(Plans)]
PressDep = Annotated[Press, given(Press)]


class PublicPlan(Record):
    """The newest version that was posted."""

    id: Id
    community: Slug
    neighbourhood: Slug
    stage: PlanStage
    number: int
    digest: Digest
    """Of exactly this text, as it stands on each sheet."""
    title: Wording
    items: list[PlanItem]
    declined: list[DeclinedDemand]
    """Demands that it does not answer, each with the reason."""
    estimate: int
    """Fen."""
    notice: Id
    """Where it hangs: `/v1/board/{notice}`."""
    days: tuple[date, date] | None
    """The first and the last that count, once it hangs everywhere."""
    changing: bool
    """Another version is being written; what hangs is not what will hold."""
    objections: int
    objections_open: int
    replaces: Id | None


@routes.get("", dependencies=[needs(READ_PUBLIC_AFFAIRS)], responses=problems(404, 422))
async def of_a_place(plans: PlansDep, community: Slug, neighbourhood: Slug) -> list[PublicPlan]:
    """The plan that holds in a neighbourhood, and the one that is posted to take its place."""
    plans.communities.place(community, neighbourhood)
    return [await public_plan(plans, each) for each in await plans.posted(Place(community, neighbourhood))]


@routes.get("/{id}", dependencies=[needs(READ_PUBLIC_AFFAIRS)], responses=problems(404))
async def one(id: AffairId, who: Who, plans: PlansDep) -> PublicPlan:
    """One plan, also after another has taken its place."""
    return await public_plan(plans, await _posted(plans, id, who))


@routes.get("/{id}/paper", dependencies=[needs(READ_PUBLIC_AFFAIRS)], responses=FILES | problems(404, 503))
async def paper(id: AffairId, request: Request, who: Who, plans: PlansDep, press: PressDep) -> Any:
    """The posted version as a PDF, as it hangs."""
    plan = await _posted(plans, id, who)
    return await paper_of(plans, plan, plan.versions[-1], press, caller_of(request))


async def public_plan(plans: Plans, plan: Plan) -> PublicPlan:
    """Raises 404 where none of its versions was posted."""
    if not plan.versions:
        raise not_found("affair")
    newest = plan.versions[-1]
    return PublicPlan(
        id=plan.id,
        community=plan.community,
        neighbourhood=plan.neighbourhood,
        stage=plan.stage,
        number=newest.number,
        digest=newest.digest,
        title=newest.text.title,
        items=list(newest.text.items),
        declined=list(newest.text.declined),
        estimate=newest.estimate,
        notice=notice_of(plan),
        days=await days_of(plans, plan, newest),
        changing=plan.changed,
        objections=len(plan.objections),
        objections_open=sum(each.open for each in plan.objections.values()),
        replaces=plan.replaces,
    )


async def _posted(plans: Plans, id: str, who: Who) -> Plan:
    plan = await plans.seen(id, who)
    if not plan.versions:
        raise not_found("affair")
    return plan
