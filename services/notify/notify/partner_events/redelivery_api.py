"""The route by which events are posted to an endpoint once more: one by its id, those of a time, or all since then."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Request
from pydantic import Field, model_validator

from linli.contracts.base import Record, Slug
from linli.security.audited import about
from linli.text.fields import Line
from linli.web.app import problems, router
from linli.web.localized import Localized
from linli.web.problems import not_found
from linli.web.rfc3339 import Moment
from notify.partner_events.domain.endpoint import Endpoint
from notify.partner_events.domain.redelivery import asked_again, asked_back
from notify.partner_events.endpoint_api import (
    CHANGES,
    ClockDep,
    EndpointsDep,
    EndpointView,
    FeedsDep,
    changed,
    existing,
)
from notify.partner_events.store import FeedStore

routes = router(prefix="/v1/endpoints/{community}/{party}", tags=["partners"])


class Replay(Record):
    """What is to be posted again: one event by its id, all of a time, or all since then."""

    event: Annotated[str, Line(300, 1)] | None = Field(None, examples=["0199e0a4-7d1c-7c55-8d6f-0e6f6f1f9a01~water:1"])
    since: Moment | None = Field(None, examples=["2026-11-29T06:00:00+08:00"])
    until: Moment | None = Field(None, examples=["2026-11-29T07:00:00+08:00"])
    """With `since`: what is of this time or later is not posted again."""

    @model_validator(mode="after")
    def _one(self) -> "Replay":
        if (self.event is None) is (self.since is None):
            raise ValueError(Localized("name either event or since", "event 和 since 只能写一个"))
        if self.until is not None and (self.since is None or self.until <= self.since):
            raise ValueError(Localized("until goes with a since that is before it", "until 须与早于它的 since 同用"))
        return self


@routes.post("/replay", dependencies=[CHANGES], responses=problems(400, 404, 413, 422))
async def replay(
    community: Slug,
    party: Slug,
    body: Replay,
    request: Request,
    feeds: FeedsDep,
    endpoints: EndpointsDep,
    clock: ClockDep,
) -> EndpointView:
    """Post events again, and switch the endpoint on if it was off.

    All since a time: it goes back, and on from there. Those of a time: they come beside what is new. Another time while
    one is under way makes one of both, with what is between them.
    """
    partner = f"{community}/{party}"
    about(request, [partner])
    await existing(partner, endpoints)
    return await changed(partner, feeds, endpoints, clock, await _changes(partner, body, feeds))


async def _changes(partner: str, body: Replay, feeds: FeedStore) -> Callable[[Endpoint], dict[str, Any]]:
    """What that changes. Raises 404 for an event that there is not."""
    if body.since is None:
        number = await feeds.number_of(partner, body.event or "")
        if number is None:
            raise not_found("event")
        return lambda before: {"again": asked_again(before, number)}
    begun = await feeds.begun_at(partner, body.since)
    if body.until is None:
        return lambda before: {"cursor": min(before.cursor, begun), "taken": ()}
    last = await feeds.ended_at(partner, body.until)
    if last <= begun:
        return lambda _: {}
    return lambda before: {"back": asked_back(before, begun + 1, last)}
