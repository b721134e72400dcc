"""The page on which something is reported. It works as a plain form; scripts only make it quicker."""

import secrets
from collections.abc import Mapping
from typing import Annotated, Any

import structlog
from fastapi import Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.datastructures import UploadFile

from linli.contracts.base import Slug
from linli.security.auth import OPEN
from linli.web.bodies import takes
from linli.web.localized import Localized
from linli.web.problem_words import ANSWER_IN, document
from linli.web.problems import Problem, not_found
from portal.addresses import at
from portal.pages.rendering import Pages
from portal.pages.route import page_router, policy, wants_json
from portal.residents.asking import hints_of
from portal.residents.forms import MOST_BYTES
from portal.residents.given import FormsDep, MapDep, MapSettings, PagesDep, PublicDep, ServicesDep
from portal.residents.map import between, drawn, neighbourhood_of
from portal.residents.naming import called
from portal.residents.public import Public
from portal.residents.report import AT_MOST, KINDS, Draft, Hints, faults_of, grouped, point_of, submission_of
from portal.services import Caller, Services
from portal.signin.person import resident_of

log = structlog.get_logger()
routes = page_router()
MOST_WORDS = 256 * 1024
"""Bytes of a form without photos."""
Chosen = Annotated[str | None, Query(max_length=80)]


@routes.get("/report", dependencies=[OPEN])
async def form(
    request: Request, pages: PagesDep, public: PublicDep, on_map: MapDep, community: Chosen = None
) -> Response:
    """The empty form."""
    return await _page(request, pages, public, on_map, Draft({"community": community or "", "kind": "report"}))


@routes.post("/report", dependencies=[OPEN, takes(MOST_BYTES)])
async def send(
    request: Request, pages: PagesDep, public: PublicDep, services: ServicesDep, forms: FormsDep, on_map: MapDep
) -> Response:
    """Take the form. What is known already is shown once before it is sent, unless photos came with it or a script has
    shown it."""
    caller = resident_of(request)
    async with forms.read(request) as sent:
        draft = Draft(sent.fields)
        if not sent.get("checked") and not sent.files:
            hints = await hints_of(sent.fields, on_map.crs, services, public, caller)
            if hints:
                return await _page(request, pages, public, on_map, draft, hints)
        try:
            receipt = await _submitted(sent.fields, services, on_map, caller)
        except Problem as problem:
            if wants_json(request):
                raise
            return await _refused(request, pages, public, on_map, draft, problem)
        refused = await _with_photos(services, sent.files, receipt, caller)
    if wants_json(request):
        return JSONResponse({"id": receipt["id"], "code": receipt["tracking_code"]}, 201)
    address = f"/track/{receipt['tracking_code']}/receipt?id={receipt['id']}"
    return RedirectResponse(address + (f"&lost={refused}" if refused else ""), 303)


@routes.post("/report/hints", dependencies=[OPEN, takes(MOST_WORDS)])
async def hints(
    request: Request, pages: PagesDep, public: PublicDep, services: ServicesDep, forms: FormsDep, on_map: MapDep
) -> Response:
    """What is known of it, as a part of the page: for the script, while somebody writes. Keeps nothing."""
    async with forms.read(request) as sent:
        found = await hints_of(sent.fields, on_map.crs, services, public, resident_of(request))
    return pages.page(request, "residents/hints.html", hints=found, draft=Draft(sent.fields), live=True)


@routes.get("/report/outlines/{community}", dependencies=[OPEN])
async def outlines(community: Slug, public: PublicDep, on_map: MapDep) -> Response:
    """The neighbourhoods as the map draws them."""
    places = (await public.places(community))["items"]
    return JSONResponse({"items": drawn(places, on_map.crs)}, headers={"Cache-Control": "public, max-age=600"})


@routes.post("/report/where", dependencies=[OPEN, takes(MOST_WORDS)])
async def where(request: Request, public: PublicDep, forms: FormsDep, on_map: MapDep) -> Response:
    """A point as the map has it, with its neighbourhood: of a telephone, or one that was picked."""
    async with forms.read(request) as sent:
        point, community = point_of(sent.fields), sent.get("community")
        told = on_map.device if sent.get("by") == "device" else on_map.crs
    if point is None or community is None:
        raise Problem("invalid", 422, Localized("That is no point.", "这不是一个位置。"))
    spot = between(point, told, on_map.crs)
    there = neighbourhood_of(spot, (await public.places(community))["items"], on_map.crs)
    return JSONResponse({"lon": spot[0], "lat": spot[1], "neighbourhood": there})


async def _submitted(said: Mapping[str, str], services: Services, on_map: MapSettings, caller: Caller) -> Any:
    body = submission_of(said, on_map.crs, ANSWER_IN.get())
    key = said.get("key", "")
    headers = {"Idempotency-Key": f"portal-{key}"} if key.isalnum() and len(key) <= 64 else {}
    return await services.send("intake", "/v1/submissions", body, caller, **headers)


async def _with_photos(services: Services, files: tuple[UploadFile, ...], receipt: Any, caller: Caller) -> int:
    """Sends the photos after the words, one by one; how many were not taken. They do not undo the report."""
    refused = 0
    for number, file in enumerate(files, 1):
        photo = ("photo", (f"{number}", file.file, file.content_type or "application/octet-stream"))
        path = at("/v1/submissions/{id}/attachments", id=receipt["id"])
        try:
            await services.send_photos(path, [photo], caller, **{"X-Tracking-Code": receipt["tracking_code"]})
        except Problem as problem:
            log.info("photo_refused", correlationid=receipt["id"], slug=problem.slug)
            refused += 1
    return refused


async def _refused(
    request: Request, pages: Pages, public: Public, on_map: MapSettings, draft: Draft, problem: Problem
) -> Response:
    """The form again with what was said in it, and why it was not taken."""
    said = document(problem)
    faults = faults_of(said.get("errors")) or {"": str(said["detail"])}
    return await _page(request, pages, public, on_map, Draft(draft.said, faults), status=problem.status)


async def _page(
    request: Request,
    pages: Pages,
    public: Public,
    on_map: MapSettings,
    draft: Draft,
    hints: Hints | None = None,
    status: int = 200,
) -> Response:
    communities = await public.communities()
    ids = [each["id"] for each in communities]
    chosen = draft.value("community") or (ids[0] if len(ids) == 1 else "")
    if chosen and chosen not in ids:
        raise not_found("community")
    return pages.page(
        request,
        "residents/report.html",
        status,
        {"Content-Security-Policy": policy(img_src=on_map.images)},
        communities=[(each["id"], called(each)) for each in communities],
        community=chosen,
        categories=grouped(await public.categories(chosen)) if chosen else {},
        places=[(each["id"], called(each)) for each in (await public.places(chosen))["items"]] if chosen else [],
        kinds=[kind.value for kind in KINDS],
        draft=draft,
        hints=hints,
        live=False,
        key=draft.value("key") or secrets.token_hex(16),
        at_most=AT_MOST,
        map=on_map,
    )
