"""`/v1/topology` and `/v1/trace`: for programs, and for `linli topology` and `linli trace`."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Path, Query, Request
from pydantic import Field

from linli.contracts.base import Record
from linli.contracts.portal.permissions import JUDGE_FINDINGS, READ_TOPOLOGY
from linli.security.auth import OPEN
from linli.web.app import problems, router
from linli.web.localized import Localized
from linli.web.problems import Problem
from linli.web.rfc3339 import Moment
from portal.topology.access import allowed
from portal.topology.domain.findings import LONGEST_MUTE, Finding, acknowledged, muted
from portal.topology.given import ServicesDep, Topology, TopologyDep
from portal.topology.trace import way_of
from portal.topology.views import AcceptanceView, FindingView, HistoryView, TopologyView, WayView

routes = router(prefix="/v1", tags=["topology"])
ANSWERS = problems(401, 403, 404, 503)


class Acknowledge(Record):
    """Say that somebody sees to a finding."""

    finding: str = Field(max_length=300, examples=["group_stalled@group:linli.notify"])


class Mute(Record):
    """Do not tell of a finding for a while, even when it comes back."""

    finding: str = Field(max_length=300, examples=["partner_silent@partner:fushan-road/water-company"])
    until: Moment | None = Field(examples=["2026-12-01T08:00:00+08:00"])
    """At most 30 days from now; null: tell of it again."""


@routes.get("/topology", dependencies=[OPEN], responses=ANSWERS)
async def topology(
    request: Request,
    services: ServicesDep,
    found: TopologyDep,
    at: Annotated[Moment | None, Query(description="A moment of the last seven days; now unless said")] = None,
    since: Annotated[Moment | None, Query(description="Tell what is otherwise than at that moment")] = None,
) -> TopologyView:
    """What flows where, how each stands, and what is amiss."""
    await allowed(request, services, READ_TOPOLOGY)
    picture = await found.picture(at)
    other = await found.difference(picture, since) if since else None
    return TopologyView.of(picture, await found.findings(at), found.window.oldest, other)


@routes.get("/topology/history", dependencies=[OPEN], responses=ANSWERS | problems(422, 429))
async def history(
    request: Request,
    services: ServicesDep,
    found: TopologyDep,
    node: Annotated[str, Query(max_length=300)],
    since: Moment | None = None,
    until: Moment | None = None,
) -> HistoryView:
    """One node's figures over time: the last hour unless said, a day at most, about 120 points."""
    _, who = await allowed(request, services, READ_TOPOLOGY)
    end = until or found.now()
    return await found.history(who, node, since or end - timedelta(hours=1), end)


@routes.get("/topology/acceptance", dependencies=[OPEN], responses=ANSWERS | problems(422))
async def acceptance(
    request: Request,
    services: ServicesDep,
    found: TopologyDep,
    finding: Annotated[str, Query(max_length=300, examples=["undeclared_topic@topic:linli.warehouse"])],
) -> AcceptanceView:
    """What an engineer would change to accept what was seen and nobody declared: a patch. Nothing is changed by it."""
    await allowed(request, services, READ_TOPOLOGY)
    return AcceptanceView.of(*await found.acceptance(finding))


@routes.post("/topology/findings:acknowledge", dependencies=[OPEN], responses=ANSWERS | problems(400, 413, 422))
async def acknowledge(body: Acknowledge, request: Request, services: ServicesDep, found: TopologyDep) -> FindingView:
    """Somebody sees to it: whoever says so first is told of."""
    _, who = await allowed(request, services, JUDGE_FINDINGS)
    return FindingView.of(await said(found, body.finding, lambda one: acknowledged(one, who, found.now())))


@routes.post("/topology/findings:mute", dependencies=[OPEN], responses=ANSWERS | problems(400, 413, 422))
async def mute(body: Mute, request: Request, services: ServicesDep, found: TopologyDep) -> FindingView:
    """Tell nobody of it until then, or tell of it again."""
    await allowed(request, services, JUDGE_FINDINGS)
    check_until(body.until, found.now())
    return FindingView.of(await said(found, body.finding, lambda one: muted(one, body.until)))


@routes.get("/trace/{case}", dependencies=[OPEN], responses=ANSWERS)
async def trace(
    case: Annotated[str, Path(max_length=200)], request: Request, services: ServicesDep, found: TopologyDep
) -> WayView:
    """One case's way: its events over all topics, with gaps, and who took each in and when."""
    caller, _ = await allowed(request, services, READ_TOPOLOGY)
    return await way_of(case, services, caller, found)


def check_until(until: datetime | None, now: datetime) -> None:
    """Raises 422 for a time that is over, or too far."""
    if until is not None and not now < until <= now + LONGEST_MUTE:
        detail = Localized("Mute it for at most 30 days from now.", "最多静音三十天，从现在算起。")
        raise Problem("mute_out_of_range", 422, detail)


async def said(found: Topology, id: str, change: Callable[[Finding], Finding]) -> Finding:
    """A finding after what somebody says of it. Raises 404 for one that is not there, or has just come anew."""
    finding = await found.store.finding(id)
    changed = change(finding) if finding else None
    if changed is None or not await found.store.say(changed):
        raise Problem("not_found", 404, Localized("There is no such finding.", "没有这条发现。"))
    found.window.learn(changed)
    return changed
