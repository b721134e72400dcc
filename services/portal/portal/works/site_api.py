"""A site on the telephone of a residents' representative, by the code that they were given."""

from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from linli.security.auth import OPEN
from linli.web.bodies import takes
from linli.web.problems import Problem
from portal.addresses import at
from portal.pages.rendering import Pages
from portal.pages.route import page_router
from portal.renewal.given import once
from portal.residents.forms import MOST_BYTES, Sent
from portal.residents.given import FormsDep, MapDep, OfficeDep, PagesDep, ServicesDep
from portal.services import Services
from portal.signin.person import resident_of
from portal.works.given import NEIGHBOURHOOD, new_key, photos_sent, why

routes = page_router()
SAID = frozenset({"round", "defect", "gate"})


@routes.get("/site/{code}", dependencies=[OPEN])
async def page(code: str, request: Request, pages: PagesDep, services: ServicesDep, said: str = "") -> Response:
    """How far it has come, and what a representative can do: walk, report, say."""
    return await _shown(code, request, pages, services, said=said if said in SAID else "")


@routes.post("/site/{code}", dependencies=[OPEN, takes(MOST_BYTES)])
async def walk(
    code: str,
    request: Request,
    pages: PagesDep,
    services: ServicesDep,
    forms: FormsDep,
    on_map: MapDep,
    office: OfficeDep,
) -> Response:
    """A round of the site, or something that is not as it should be, with photos."""
    caller = resident_of(request)
    async with forms.read(request) as sent:
        try:
            path = at("/v1/site/{code}/photos", code=code)
            photos = await photos_sent(services, path, sent, caller, office.now(), on_map.device)
            defect = sent.get("do") == "defect"
            body = {"photos": photos, ("what" if defect else "note"): sent.get("words")}
            verb = "/v1/site/{code}:report_defect" if defect else "/v1/site/{code}:record_round"
            await services.send(NEIGHBOURHOOD, at(verb, code=code), body, caller, **once(sent.get("key")))
        except Problem as problem:
            return await _refused(code, request, pages, services, sent, problem)
    return _back(code, "defect" if defect else "round")


@routes.post("/site/{code}/gate", dependencies=[OPEN])
async def gate(code: str, request: Request, pages: PagesDep, services: ServicesDep, forms: FormsDep) -> Response:
    """Whether the works may be accepted, as this representative sees it."""
    async with forms.read(request) as sent:
        try:
            body = {"agrees": sent.get("agrees") == "yes", "remark": sent.get("remark")}
            path = at("/v1/site/{code}:say_at_gate", code=code)
            await services.send(NEIGHBOURHOOD, path, body, resident_of(request))
        except Problem as problem:
            return await _refused(code, request, pages, services, sent, problem)
    return _back(code, "gate")


def _back(code: str, said: str) -> Response:
    return RedirectResponse(f"/site/{quote(code, safe='')}?said={said}", 303)


async def _refused(
    code: str, request: Request, pages: Pages, services: Services, sent: Sent, problem: Problem
) -> Response:
    """The page as it is now, with why, and the words that were meant. Raises what no form can put right."""
    if problem.status >= 500 or problem.status == 404:
        raise problem
    words = sent.get("words") or ""
    return await _shown(code, request, pages, services, problem=problem, words=words)


async def _shown(
    code: str,
    request: Request,
    pages: Pages,
    services: Services,
    *,
    said: str = "",
    problem: Problem | None = None,
    words: str = "",
) -> Response:
    site = await services.get(NEIGHBOURHOOD, at("/v1/site/{code}", code=code), resident_of(request))
    return pages.page(
        request,
        "works/site.html",
        problem.status if problem else 200,
        code=code,
        site=site,
        said=said,
        refused=why(problem),
        words=words,
        key=new_key(),
    )
