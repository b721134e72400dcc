"""Routes of partners' endpoints: an operator sets one, its partner looks at what was tried."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Request
from pydantic import Field, HttpUrl

from linli.contracts.base import Record, Slug
from linli.contracts.notify.permissions import CHANGE_ENDPOINTS, READ_ENDPOINTS, READ_PARTNER_EVENTS
from linli.frozen import replace
from linli.security.audited import about
from linli.security.auth import Who, needs
from linli.storage.clock import ServerClock
from linli.text.fields import Line
from linli.web.app import problems, router
from linli.web.given import given
from linli.web.localized import Localized
from linli.web.problems import Problem, not_found
from notify.notices.communities import Communities
from notify.partner_events.domain.endpoint import Endpoint, switched_on
from notify.partner_events.endpoint_store import EndpointStore
from notify.partner_events.forwarding import Forwarding
from notify.partner_events.store import FeedStore

operators = router(prefix="/v1/endpoints/{community}/{party}", tags=["partners"])
own = router(prefix="/v1/endpoint", tags=["partners"])
CHANGES, READS, OWN = needs(CHANGE_ENDPOINTS), needs(READ_ENDPOINTS), needs(READ_PARTNER_EVENTS)
FeedsDep = Annotated[FeedStore, given(FeedStore)]
EndpointsDep = Annotated[EndpointStore, given(EndpointStore)]
ForwardingDep = Annotated[Forwarding, given(Forwarding)]
CommunitiesDep = Annotated[Communities, given(Communities)]
ClockDep = Annotated[ServerClock, given(ServerClock)]
Limit = Annotated[int, Query(ge=1, le=200)]


class NewEndpoint(Record):
    """Where a partner's events are to be posted."""

    url: HttpUrl = Field(examples=["https://dispatch.water.example/linli"])
    types: tuple[Annotated[str, Line(120, 1)], ...] | None = Field(
        None, max_length=50, examples=[["linli.order.issued.v1"]]
    )
    """Only these; all unless said."""
    ordered: bool = True
    """Nothing later of an order comes before the earlier was taken; `false`: all come side by side, in no order."""


class EndpointView(Record):
    """A partner's endpoint as it stands."""

    community: str
    party: str
    url: str
    types: tuple[str, ...] | None
    ordered: bool
    """Whether nothing later of an order comes before the earlier was taken."""
    added_at: datetime
    cursor: str
    """All up to here were taken or passed over, as in `GET /v1/events`."""
    behind: int
    """Events that it has yet to be told of, of whatever type."""
    failing_since: datetime | None
    due_at: datetime | None
    """When it is tried next; None while nothing waits for that."""
    off: str | None
    """Why nothing is posted to it any more."""


class TryView(Record):
    """One call."""

    event: str
    number: int
    at: datetime
    milliseconds: int
    taken: bool
    reason: str | None
    answer: str
    """The beginning of it."""


class TryList(Record):
    """Calls, newest first."""

    items: list[TryView]


@operators.put("", dependencies=[CHANGES], responses=problems(400, 404, 413, 422))
async def put(
    community: Slug,
    party: Slug,
    body: NewEndpoint,
    request: Request,
    feeds: FeedsDep,
    endpoints: EndpointsDep,
    forwarding: ForwardingDep,
    communities: CommunitiesDep,
    clock: ClockDep,
) -> EndpointView:
    """Post the partner's events there from now on, once it has answered a challenge.

    A POST of type `linli.endpoint.ping.v1` has `data.challenge`, which the answer, a 2xx, is to contain. Another URL in
    place of the one before goes on where that one was.
    """
    partner, url = f"{community}/{party}", str(body.url)
    about(request, [partner])
    directory = communities.directory(community)
    if directory is None or party not in directory.parties:
        raise not_found("party")
    if (why := await forwarding.ping(partner, url)) is not None:
        raise Problem(
            "endpoint_not_proved",
            422,
            Localized(
                "The endpoint did not send the challenge back: {why}.", "端点没有送回 challenge：{why}。", why=why
            ),
            reason=why,
        )
    last = (await feeds.reach(partner)).last
    now = clock.now()
    new = Endpoint(partner, url, body.types, cursor=last, due_at=now, added_at=now, ordered=body.ordered)
    if await endpoints.add(replace(new, version=secrets.randbelow(2**31))):  # no number of one that was removed
        return view(new, last)
    wanted = {"url": url, "types": body.types, "ordered": body.ordered}
    return await changed(partner, feeds, endpoints, clock, lambda _: wanted)


async def changed(
    partner: str,
    feeds: FeedStore,
    endpoints: EndpointStore,
    clock: ServerClock,
    changes: Callable[[Endpoint], dict[str, Any]],
) -> EndpointView:
    """The endpoint with changes, switched on; tried again as often as something was posted meanwhile. Raises 404."""
    while True:
        before = await existing(partner, endpoints)
        after = switched_on(before, clock.now(), **changes(before))
        if await endpoints.change(before, after):
            return view(after, (await feeds.reach(partner)).last)


@operators.get("", dependencies=[READS], responses=problems(404))
async def get(community: Slug, party: Slug, feeds: FeedsDep, endpoints: EndpointsDep) -> EndpointView:
    """The endpoint of a partner."""
    return await _shown(f"{community}/{party}", feeds, endpoints)


@operators.delete("", dependencies=[CHANGES], status_code=204, responses=problems(404))
async def remove(community: Slug, party: Slug, request: Request, endpoints: EndpointsDep) -> None:
    """Post nothing there any more. Its events stay to be fetched."""
    about(request, [f"{community}/{party}"])
    if not await endpoints.remove(f"{community}/{party}"):
        raise not_found("endpoint")


@operators.get("/tries", dependencies=[READS])
async def tries(community: Slug, party: Slug, endpoints: EndpointsDep, limit: Limit = 50) -> TryList:
    """The calls to a partner's endpoint, newest first."""
    return await _tries(f"{community}/{party}", endpoints, limit)


@own.get("", dependencies=[OWN], responses=problems(404))
async def own_endpoint(who: Who, feeds: FeedsDep, endpoints: EndpointsDep) -> EndpointView:
    """Your endpoint as it stands."""
    return await _shown(f"{who.community}/{who.party}", feeds, endpoints)


@own.get("/tries", dependencies=[OWN])
async def own_tries(who: Who, endpoints: EndpointsDep, limit: Limit = 50) -> TryList:
    """The calls to your endpoint, newest first, with the beginning of what it answered."""
    return await _tries(f"{who.community}/{who.party}", endpoints, limit)


async def existing(partner: str, endpoints: EndpointStore) -> Endpoint:
    if (found := await endpoints.endpoint(partner)) is None:
        raise not_found("endpoint")
    return found


async def _shown(partner: str, feeds: FeedStore, endpoints: EndpointStore) -> EndpointView:
    return view(await existing(partner, endpoints), (await feeds.reach(partner)).last)


async def _tries(partner: str, endpoints: EndpointStore, limit: int) -> TryList:
    return TryList(items=[TryView(**each) for each in await endpoints.tries(partner, limit)])


def view(endpoint: Endpoint, last: int) -> EndpointView:
    community, _, party = endpoint.partner.partition("/")
    return EndpointView(
        community=community,
        party=party,
        url=endpoint.url,
        types=endpoint.types,
        ordered=endpoint.ordered,
        added_at=endpoint.added_at,
        cursor=str(endpoint.cursor),
        behind=last - endpoint.cursor - len(endpoint.taken),
        failing_since=endpoint.failing_since,
        due_at=endpoint.due_at if endpoint.failures and endpoint.off is None else None,
        off=endpoint.off,
    )
