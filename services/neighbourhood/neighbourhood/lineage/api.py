"""`GET /v1/lineage/{id}`: what has become of a demand, for staff; `/public`: for whoever made it."""

from datetime import datetime
from typing import Annotated

from fastapi import Path

from linli.contracts.base import Record
from linli.contracts.neighbourhood.affairs import Id, Wording
from linli.contracts.neighbourhood.permissions import READ_AFFAIRS, READ_PUBLIC_AFFAIRS
from linli.security.auth import Who, needs
from linli.security.permissions import Role
from linli.web.app import problems, router
from linli.web.given import given
from linli.web.problems import not_found
from neighbourhood.affairs.allowed import in_its_place, leads
from neighbourhood.communities.known import Communities
from neighbourhood.lineage.domain.lineage import End, Stage
from neighbourhood.lineage.domain.links import Kind
from neighbourhood.lineage.following import Following

routes = router(prefix="/v1/lineage", tags=["lineage"])


class ThingView(Record):
    """Something that has a name in some context."""

    kind: Kind
    id: str


class StepView(Record):
    """One thing that the demand came to, as it stands now."""

    stage: Stage
    thing: ThingView
    state: str
    at: datetime
    came_of: list[ThingView]
    reason: Wording | None
    settled: bool


class LineageView(Record):
    """A demand's way. `end` is null while something is to come."""

    demand: Id
    steps: list[StepView]
    end: End | None


class PublicStep(Record):
    """One thing that a demand came to, without the name of any other thing."""

    stage: Stage
    state: str
    at: datetime
    reason: Wording | None


class PublicLineage(Record):
    """A demand's way, as whoever made it is shown it. Nothing that is still a draft."""

    steps: list[PublicStep]
    end: End | None


@routes.get("/{id}/public", dependencies=[needs(READ_PUBLIC_AFFAIRS)], responses=problems(404))
async def in_public(
    id: Annotated[str, Path(max_length=80)], following: Annotated[Following, given(Following)]
) -> PublicLineage:
    """What has become of a demand, in no words but the office's. Its id is on the receipt; nowhere are they listed."""
    lineage = await following.lineage(id)
    if not lineage.steps:
        raise not_found("affair")
    steps = [
        PublicStep(stage=each.stage, state=str(each.state), at=each.at, reason=each.reason)
        for each in lineage.steps
        if each.settled
    ]
    return PublicLineage(steps=steps, end=lineage.end)


@routes.get("/{id}", dependencies=[needs(READ_AFFAIRS)], responses=problems(403, 404, 503))
async def view(
    id: Annotated[str, Path(max_length=80)],
    who: Who,
    following: Annotated[Following, given(Following)],
    communities: Annotated[Communities, given(Communities)],
) -> LineageView:
    """What has become of a demand, by its submission's id: from its cluster to the acceptance, or why it ended.

    With what is still a draft, so no company reads it. To a party of another community it is not there.
    """
    lineage = await following.lineage(id)
    if not lineage.steps:
        raise not_found("affair")
    if who.role is Role.PARTY:
        in_its_place(who, lineage.community or "", id)
        leads(who, communities.of(who.community or ""))
    steps = [
        StepView(
            stage=each.stage,
            thing=ThingView(kind=each.thing.kind, id=each.thing.id),
            state=str(each.state),
            at=each.at,
            came_of=[ThingView(kind=thing.kind, id=thing.id) for thing in each.came_of],
            reason=each.reason,
            settled=each.settled,
        )
        for each in lineage.steps
    ]
    return LineageView(demand=lineage.demand, steps=steps, end=lineage.end)
