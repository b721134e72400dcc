"""A plan at the desk: its versions, two of them side by side, what was said against it, what it declines and why."""

import asyncio
from typing import Annotated, Any

from fastapi import Query, Response

from linli.security.auth import OPEN
from portal.addresses import at
from portal.pages.route import page_router
from portal.renewal.given import AtTheDesk, Id, StaffVisit
from portal.renewal.steps.plans import PLANS, texts_of_demands, unanswered
from portal.renewal.steps.step import Known
from portal.services import NOT_TO_BE_HAD, or_none

routes = page_router()
Number = Annotated[int | None, Query(ge=1, le=10_000)]


@routes.get("/desk/plans/{id}", dependencies=[OPEN])
async def plan(id: Id, here: AtTheDesk, before: Number = None, after: Number = None) -> Response:
    """How it stands. Unless said otherwise the newest version is compared with the one before it."""
    found = await here.get(at("/v1/plans/{id}", id=id))
    newest = len(found["versions"])
    after = min(after or newest, newest)
    before = min(before or max(after - 1, 1), newest) if newest else None
    compared, (first_day, last_day) = await asyncio.gather(
        _compared(here, id, before, after) if before and before != after else _nothing(),
        _days(here, found["publicity"]),
    )
    objections = await or_none(here.get(at("/v1/plans/{id}/objections", id=id)), NOT_TO_BE_HAD)
    return here.page(
        "desk_plan.html",
        plan=found,
        steps=PLANS.open_to(found, here.person),
        one=PLANS.of_one(found, here.person),
        left=unanswered(found),
        texts=await texts_of_demands(Known(here, found)),
        said_of=objections,
        compared=compared,
        before=before,
        after=after,
        first_day=first_day,
        last_day=last_day,
    )


async def _compared(here: StaffVisit, id: str, before: int, after: int) -> Any:
    path = at("/v1/plans/{id}/versions/{n}:compare", id=id, n=str(before))
    return await here.get(path, {"with": after})


async def _nothing() -> None:
    return None


async def _days(here: StaffVisit, publicity: str | None) -> tuple[str | None, str | None]:
    """The days that count of the notice by which its newest version hangs."""
    if publicity is None:
        return None, None
    notice = await or_none(here.get(at("/v1/board/{id}", id=publicity)), NOT_TO_BE_HAD)
    return (notice["first_day"], notice["last_day"]) if notice else (None, None)
