"""Routes of what is public: services, requests, what became of them, what reporters add."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import Query, Request

from linli.contracts.base import Slug
from linli.contracts.workflow.case import CaseMediated, CaseSupplemented
from linli.contracts.workflow.permissions import COMMENT_REQUESTS, READ_REQUESTS, READ_SERVICES
from linli.contracts.workflow.timeline import NOT_PUBLIC
from linli.security.auth import Who, needs
from linli.security.principals import Principal
from linli.web.app import problems, router
from linli.web.given import given
from linli.web.localized import Localized
from linli.web.problems import Problem, Refused, not_found
from linli.web.rfc3339 import Moment
from linli.web.tracing import traceparent
from workflow.community.domain.directory import Directory
from workflow.community.store import CommunityStore
from workflow.requests.domain.public import CLOSED, OPEN, may_see, with_words
from workflow.requests.domain.services import offers
from workflow.requests.handlers import Comments
from workflow.requests.store import MOST_CHANGED, By, RequestStore, TooMany, Window
from workflow.requests.views import (
    Comment,
    Commented,
    CommunityName,
    CommunityNames,
    RequestPage,
    ServiceList,
    StepList,
    request_view,
    service_view,
    step_view,
)

routes = router(prefix="/v1", tags=["public"])
CommunitiesDep = Annotated[CommunityStore, given(CommunityStore)]
StoreDep = Annotated[RequestStore, given(RequestStore)]
CommentsDep = Annotated[Comments, given(Comments)]
MOST = 1_000
"""Requests in one answer, or named in one question."""
LONG_AGO = timedelta(days=90)
"""How far back requests are told where nothing is said."""
LATELY = timedelta(hours=2)
_NOT_TOLD = frozenset(event.TYPE for event in (*NOT_PUBLIC, CaseSupplemented, CaseMediated))
"""What a program has added itself would come back to it as news."""


@routes.get("/services", dependencies=[needs(READ_SERVICES)])
async def communities(store: CommunitiesDep) -> CommunityNames:
    """The communities that take submissions."""
    found = [each.community for each in (await store.directories()).values() if each.community.retired_at is None]
    return CommunityNames(
        items=[CommunityName(id=each.id, name=each.name, name_en=each.name_en) for each in found],
    )


@routes.get("/services/{community}", dependencies=[needs(READ_SERVICES)], responses=problems(404))
async def services(community: str, store: CommunitiesDep) -> ServiceList:
    """What a community offers: its categories as far as the public may name them, with what each asks."""
    directory = await store.directory(community)
    if directory is None or directory.community.retired_at is not None:
        raise not_found("community")
    items = [service_view(offer) for offer in offers(directory.community)]
    return ServiceList(community=community, version=directory.version, items=items)


@routes.get("/requests", dependencies=[needs(READ_REQUESTS)], responses=problems(404, 422))
async def requests(
    community: Slug,
    who: Who,
    store: StoreDep,
    communities: CommunitiesDep,
    id: Annotated[list[str] | None, Query(max_length=MOST, description="Only these; repeatable")] = None,
    category: Annotated[list[Slug] | None, Query(max_length=100, description="Only these; repeatable")] = None,
    neighbourhood: Annotated[list[Slug] | None, Query(max_length=100, description="Only these; repeatable")] = None,
    open: Annotated[bool | None, Query(description="Whether it is still to be dealt with")] = None,
    requested_after: Moment | None = None,
    requested_before: Moment | None = None,
    updated_after: Moment | None = None,
    updated_before: Moment | None = None,
    skip: Annotated[int, Query(ge=0, le=100_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> RequestPage:
    """A community's reports and demands as the public may know them, newest first; of the last 90 days unless said.

    Without what people wrote, and with a point to about a hundred metres, or without a key in the neighbourhood's
    middle; but of what came in over Open311 all of it, for a key that submits there.
    """
    directory = await _visible(community, who, communities)
    if id is not None:
        found = await store.named(community, id)
        more = False
    else:
        window = Window(By.REQUESTED, requested_after, requested_before)
        if updated_after or updated_before:
            window = Window(By.UPDATED, updated_after, updated_before)
        elif requested_after is None:
            begin = (requested_before or communities.now()) - LONG_AGO
            window = Window(By.REQUESTED, begin, requested_before)
        filters: dict[str, Any] = {"category": {"$in": category}} if category else {}
        if neighbourhood:
            filters["neighbourhood"] = {"$in": neighbourhood}
        if open is not None:
            filters["state"] = {"$in": [state.value for state in (OPEN if open else CLOSED)]}
        found = await store.listing(community, filters, window, skip, limit + 1)
        found, more = found[:limit], len(found) > limit
    return RequestPage(items=[request_view(case, directory, who) for case in found], more=more)


@routes.get("/request-steps", dependencies=[needs(READ_REQUESTS)], responses=problems(404, 422))
async def steps(
    community: Slug,
    who: Who,
    store: StoreDep,
    communities: CommunitiesDep,
    since: Moment | None = None,
    until: Moment | None = None,
) -> StepList:
    """What happened to a community's reports and demands, oldest first; in the last two hours unless said."""
    directory = await _visible(community, who, communities)
    end = until or communities.now()
    try:
        told = await store.told(community, since or end - LATELY, end, _NOT_TOLD)
    except TooMany:
        many = Localized(
            "More than {most} requests have changed since then; ask for what is more recent.",
            "此后有变化的事项超过 {most} 件，请查询较近的时间。",
            most=MOST_CHANGED,
        )
        raise Problem("too_many", 422, many) from None
    directories = {community: directory}
    views = [step_view(each, directories, words=with_words(who, each.case)) for each in told]
    return StepList(items=[view for view in views if view is not None])


@routes.post("/requests/{id}/comments", dependencies=[needs(COMMENT_REQUESTS)], responses=problems(400, 404, 413, 422))
async def comment(id: str, body: Comment, who: Who, comments: CommentsDep, request: Request) -> Commented:
    """Add what a reporter says, as a note for staff; once for each `update_id`. The case stands as it did."""
    await comments.take(id, body, who, traceparent(request.headers))
    return Commented(id=id, update_id=body.update_id)


async def _visible(community: str, who: Principal, communities: CommunityStore) -> Directory:
    """Raises 404 for a community that is not there, or not for this key."""
    directory = await communities.directory(community)
    if directory is None:
        raise not_found("community")
    if not may_see(who, community):
        raise Refused(not_found("community"), "another community", community)
    return directory
