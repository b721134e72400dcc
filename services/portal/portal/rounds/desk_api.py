"""The office's pages of a round: how it stands, whom it has reached, what is to be done next."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import uuid4

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse

from linli.photos.forms import shown
from linli.security.auth import OPEN
from linli.web.problems import Problem
from portal.addresses import at, nothing_here
from portal.office.said import forget, take
from portal.pages.moments import rfc3339
from portal.pages.rendering import Pages
from portal.pages.route import page_router
from portal.renewal.given import once
from portal.residents.given import FormsDep, OfficeDep, PagesDep, ServicesDep
from portal.rounds.answers import MOST_FIELDS
from portal.rounds.words import NEIGHBOURHOOD, why
from portal.services import NOT_TO_BE_HAD, Caller, Services, or_none
from portal.signin.staff import Staff

routes = page_router()
STEPS = {"open", "extend", "close", "summarise", "publish"}
NOT_FOR_THIS_KEY = {403}
SHOWN = 200
"""Demands of one proposal, and proposals: more are settled in several goes."""


@routes.get("/desk/rounds/{id}", dependencies=[OPEN])
async def page(
    id: str,
    request: Request,
    staff: Staff,
    pages: PagesDep,
    services: ServicesDep,
    done: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """How a round stands."""
    return await _shown(id, request, staff.caller(request), pages, services, done=bool(done))


@routes.post("/desk/rounds/{id}", dependencies=[OPEN])
async def step(
    id: str, request: Request, staff: Staff, pages: PagesDep, services: ServicesDep, forms: FormsDep, office: OfficeDep
) -> Response:
    """The next step, a cluster settled, a demand left out."""
    caller = staff.caller(request)
    async with forms.read(request, MOST_FIELDS) as sent:
        said = dict(sent.fields)
    try:
        verb, body = _told(said, office)
        path = at(f"/v1/rounds/{{id}}:{verb}", id=id)
        await services.send(NEIGHBOURHOOD, path, body, caller, **once(said.get("key")))
    except Problem as problem:
        if problem.status >= 500 or problem.status == 404:
            raise
        return await _shown(id, request, caller, pages, services, problem=problem)
    return RedirectResponse(f"{at('/desk/rounds/{id}', id=id)}?done=1", 303)


@routes.post("/desk/rounds/{id}/letters", dependencies=[OPEN])
async def letters(
    id: str, request: Request, staff: Staff, pages: PagesDep, services: ServicesDep, forms: FormsDep
) -> Response:
    """Letters for the doors of a stairwell, ready to print. They hold codes, and are made once."""
    caller = staff.caller(request)
    async with forms.read(request) as sent:
        building, doors = sent.get("building") or "", (sent.get("doors") or "").splitlines()
        two_sided = sent.get("two_sided") is not None
        office = (sent.get("office") or "").strip()
    listed = [door.strip() for door in doors if door.strip()]
    body = {"building": building, "doors": listed, "two_sided": two_sided}
    body |= {"office": {"zh": office}} if office else {}
    try:
        path = at("/v1/rounds/{id}/households:invite", id=id)
        pdf = await services.made(NEIGHBOURHOOD, path, body, caller, {"as": "pdf"})
    except Problem as problem:
        if problem.status >= 500 or problem.status == 404:
            raise
        return await _shown(id, request, caller, pages, services, problem=problem)
    name = {"Content-Disposition": 'attachment; filename="letters.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=name)


@routes.post("/desk/rounds/{id}/retry", dependencies=[OPEN])
async def retry(id: str, request: Request, staff: Staff, services: ServicesDep) -> Response:
    """Let needs be tried once more that were not taken."""
    await services.send(NEIGHBOURHOOD, at("/v1/rounds/{id}/needs:retry", id=id), {}, staff.caller(request))
    return RedirectResponse(f"{at('/desk/rounds/{id}', id=id)}?done=1", 303)


@routes.get("/desk/rounds/{id}/photos", dependencies=[OPEN])
async def photos(id: str, request: Request, staff: Staff, pages: PagesDep, services: ServicesDep) -> Response:
    """Which households sent photos with their answers."""
    caller = staff.caller(request)
    round = await services.get(NEIGHBOURHOOD, at("/v1/rounds/{id}", id=id), caller)
    found = await services.get(NEIGHBOURHOOD, at("/v1/rounds/{id}/households", id=id), caller)
    return pages.page(request, "rounds/photos.html", round=round, households=[each for each in found if each["photos"]])


@routes.get("/desk/rounds/{id}/photos/{household}/{sha256}", dependencies=[OPEN])
async def photo(
    id: str, household: str, sha256: str, request: Request, staff: Staff, services: ServicesDep
) -> Response:
    """One of them."""
    path = at("/v1/rounds/{id}/households/{household}/photos/{sha256}", id=id, household=household, sha256=sha256)
    return shown(sha256, await services.picture(NEIGHBOURHOOD, path, staff.caller(request)))


def _told(said: Mapping[str, str], office: OfficeDep) -> tuple[str, dict[str, Any]]:
    """The command that a form gives."""
    do = said.get("do", "")
    if do == "cluster":
        demands = [name.removeprefix("demand-") for name in said if name.startswith("demand-")]
        title = {"zh": said.get("title", "")}
        return "settle_cluster", {"cluster": said.get("cluster") or uuid4().hex, "title": title, "demands": demands}
    if do == "leave_out":
        return "leave_out", {"demand": said.get("demand", ""), "reason": {"zh": said.get("reason", "")}}
    if do not in STEPS:
        raise nothing_here()
    return do, {"closes_at": rfc3339(said.get("closes_at", ""), office.zone)} if do in {"open", "extend"} else {}


async def _shown(
    id: str,
    request: Request,
    caller: Caller,
    pages: Pages,
    services: Services,
    *,
    done: bool = False,
    problem: Problem | None = None,
) -> Response:
    async def get(what: str) -> Any:
        return await or_none(
            services.get(NEIGHBOURHOOD, at(f"/v1/rounds/{{id}}{what}", id=id), caller), NOT_FOR_THIS_KEY
        )

    round = await services.get(NEIGHBOURHOOD, at("/v1/rounds/{id}", id=id), caller)
    to_settle = await get("/proposals") if round["stage"] == "closed" else []
    place = {"community": round["community"], "neighbourhood": round["neighbourhood"]}
    hung = await or_none(services.get(NEIGHBOURHOOD, "/v1/publicity", caller, place), NOT_TO_BE_HAD)
    said = take(request)
    response = pages.page(
        request,
        "rounds/desk.html",
        problem.status if problem else 200,
        said=said,
        round=round,
        reach=await get("/reach") or {},
        aside=await get("/needs") or [],
        proposals=(to_settle or [])[:SHOWN],
        notices=[each["id"] for each in hung or [] if each["subject_id"] == id],
        done=done,
        refused=why(problem),
        key=uuid4().hex,
    )
    if said is not None:
        forget(response)
    return response
