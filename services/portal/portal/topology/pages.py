"""The pages of the topology: the picture, one node, one case's way, and what people say of findings."""

from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import Form, Header, Query, Request, Response
from fastapi.responses import RedirectResponse

from linli.contracts.portal.permissions import JUDGE_FINDINGS, READ_TOPOLOGY
from linli.security.auth import OPEN
from linli.security.permissions import Permission
from linli.web.localized import Localized
from linli.web.problem_words import answered, document
from linli.web.problems import Problem
from linli.web.signals import line
from portal.addresses import nothing_here
from portal.pages.api import PagesDep, own_address
from portal.pages.moments import moment as read_moment
from portal.pages.route import page_router
from portal.signin.person import Person
from portal.signin.staff import Staff
from portal.topology import drawing, words
from portal.topology.api import check_until, said
from portal.topology.domain.findings import Finding, acknowledged, muted
from portal.topology.domain.grouping import members
from portal.topology.domain.picture import Picture
from portal.topology.given import ServicesDep, Topology, TopologyDep
from portal.topology.leads import leads
from portal.topology.trace import way_of
from portal.topology.views import DifferenceView

routes = page_router(alone=True, prefix="/topology")
SPANS = (1, 6, 24)
"""Hours that a node is shown over."""
ASKED_ANEW = 600.0
"""Seconds after which a stream ends: the browser asks for another, and shows who it is once more."""
SAMPLE = line("sample")
MUTES = (1, 8, 24, 168)
"""Hours that a finding may be muted for."""
Text = Annotated[str, Query(max_length=40)]


@routes.get("", dependencies=[OPEN])
async def topology(
    request: Request, pages: PagesDep, staff: Staff, found: TopologyDep, at: Text = "", since: Text = ""
) -> Response:
    """What flows where, now or at a moment; of which nothing is kept, that is said beside the form."""
    _may(staff, READ_TOPOLOGY)
    asked: dict[str, Any] = {"at": at, "since": since, "zone": found.zone, "words": words}
    try:
        values = await _values(found, at, since)
    except Problem as problem:
        if problem.status not in {404, 422}:
            raise
        return pages.page(request, "topology/topology.html", problem.status, fault=document(problem)["detail"], **asked)
    return pages.page(request, "topology/topology.html", fault=None, **values | asked)


@routes.get("/part", dependencies=[OPEN])
async def part(
    request: Request, pages: PagesDep, staff: Staff, found: TopologyDep, at: Text = "", since: Text = ""
) -> Response:
    """What of the page changes."""
    _may(staff, READ_TOPOLOGY)
    text = pages.text(request, "topology/picture.html", **await _values(found, at, since))
    return Response(text, media_type="text/html; charset=utf-8")


@routes.get("/events", dependencies=[OPEN])
async def events(
    request: Request,
    staff: Staff,
    found: TopologyDep,
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> Response:
    """Says when there is something new: whoever looks then asks for it. Raises 429, 503 where too many listen."""
    _may(staff, READ_TOPOLOGY)
    viewers = found.window.viewers
    listener = viewers.join(staff.caller(request).origin, lambda _: None, [SAMPLE], ASKED_ANEW)
    if last_event_id is not None:  # it was here before, and may have missed something
        listener.tell(SAMPLE)
    return viewers.streamed(listener)


@routes.get("/way", dependencies=[OPEN])
async def look_for(case: Annotated[str, Query(max_length=200)] = "") -> Response:
    """To a case's way."""
    return RedirectResponse(f"/topology/way/{quote(case.strip(), safe='')}" if case.strip() else "/topology", 303)


@routes.get("/way/{case}", dependencies=[OPEN])
async def way(
    case: str, request: Request, pages: PagesDep, staff: Staff, services: ServicesDep, found: TopologyDep
) -> Response:
    """Which way one case's events took."""
    _may(staff, READ_TOPOLOGY)
    view = await way_of(case, services, staff.caller(request), found)
    return pages.page(request, "topology/way.html", way=view, words=words)


@routes.get("/accept", dependencies=[OPEN])
async def accept(
    request: Request, pages: PagesDep, staff: Staff, found: TopologyDep, finding: Annotated[str, Query(max_length=300)]
) -> Response:
    """What an engineer would change to accept what was seen and nobody declared; nothing is changed by looking."""
    _may(staff, READ_TOPOLOGY)
    one, acceptance = await found.acceptance(finding)
    said = answered(acceptance.said)
    return pages.page(request, "topology/accept.html", finding=one, found=acceptance, said=said, words=words)


@routes.post("/findings", dependencies=[OPEN])
async def judge(
    staff: Staff,
    found: TopologyDep,
    finding: Annotated[str, Form(max_length=300)],
    hours: Annotated[int | None, Form(ge=0, le=720)] = None,
    back: Annotated[str, Form(max_length=2_000)] = "/topology",
) -> Response:
    """Acknowledge a finding; with `hours` mute it for so long, 0: tell of it again."""
    _may(staff, JUDGE_FINDINGS)
    now = found.now()
    if hours is None:
        await said(found, finding, lambda one: acknowledged(one, staff.principal, now))
    else:
        until = now + timedelta(hours=hours) if hours else None
        check_until(until, now)
        await said(found, finding, lambda one: muted(one, until))
    return RedirectResponse(own_address(back), 303)


@routes.get("/{id:path}", dependencies=[OPEN])
async def node(
    id: str,
    request: Request,
    pages: PagesDep,
    staff: Staff,
    found: TopologyDep,
    at: Text = "",
    hours: Annotated[int, Query(ge=1, le=24)] = 1,
) -> Response:
    """One node: what it is, its figures over time, what it is joined to, and what is amiss with it."""
    _may(staff, READ_TOPOLOGY)
    moment = read_moment(at, ZoneInfo(found.zone))
    picture = await found.picture(moment)
    if many := members(picture, id):
        return pages.page(request, "topology/many.html", nodes=many, picture=picture, at=at, words=words)
    if id not in picture.nodes:
        raise nothing_here()
    end = moment or found.now()
    history = await found.history(staff.principal, id, end - timedelta(hours=hours), end)
    findings = [each for each in await found.findings(moment) if each.node == id]
    return pages.page(
        request,
        "topology/node.html",
        node=picture.nodes[id],
        picture=picture,
        edges=[each for each in picture.edges.values() if id in {each.source, each.target}],
        charts=drawing.charts(history),
        findings=findings,
        now=found.now(),
        at=at,
        hours=hours,
        spans=SPANS,
        mutes=MUTES,
        leads=leads,
        words=words,
    )


def _may(staff: Person, permission: Permission) -> None:
    """Raises 403: the services would refuse it as well."""
    if not staff.may(permission):
        raise Problem("forbidden", 403, Localized("Your key does not allow this.", "您的密钥没有这项权限。"))


async def _values(found: Topology, at: str, since: str) -> dict[str, Any]:
    zone = ZoneInfo(found.zone)
    moment, earlier = read_moment(at, zone), read_moment(since, zone)
    picture: Picture = await found.picture(moment)
    findings: list[Finding] = await found.findings(moment)
    other: DifferenceView | None = await found.difference(picture, earlier) if earlier else None
    return {
        "picture": picture,
        "placed": await found.placed(picture),
        "findings": findings,
        "standing": [each for each in findings if moment or each.ended is None],
        "difference": other,
        "otherwise": _otherwise(other),
        "oldest": found.window.oldest,
        "now": found.now(),
        "at": at,
        "since": since,
        "mutes": MUTES,
        "leads": leads,
        "words": words,
    }


def _otherwise(found: DifferenceView | None) -> frozenset[str]:
    return frozenset([*found.came, *(each.id for each in found.changed)]) if found else frozenset()
