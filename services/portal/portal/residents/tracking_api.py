"""The page of a tracking code: what became of it, live. Looking changes nothing."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Query, Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse

from linli.security.auth import OPEN
from linli.web.problem_words import document
from linli.web.problems import Problem
from portal.pages.language import gettext
from portal.pages.route import page_router
from portal.residents.given import OfficeDep, PagesDep, ServicesDep
from portal.residents.passing_api import OnwardDep
from portal.residents.showing import shown_photos, tracked_page, way_of
from portal.residents.tracked import look, what_happened, written
from portal.signin.person import resident_of

routes = page_router()
Before = Annotated[int | None, Query(ge=1)]
Id = Annotated[str | None, Query(pattern=r"^[0-9A-Za-z-]{1,64}$")]
Code = Annotated[str | None, Query(max_length=80)]


@routes.get("/track", dependencies=[OPEN])
async def ask(request: Request, pages: PagesDep, code: Code = None) -> Response:
    """Asks for the code, or leads to its page."""
    if code and code.strip():
        return RedirectResponse(f"/track/{quote(written(code), safe='')}", 303)
    return pages.page(request, "residents/ask_code.html", code="", fault=None)


@routes.get("/track/{code}", dependencies=[OPEN])
async def page(
    code: str,
    request: Request,
    pages: PagesDep,
    services: ServicesDep,
    onward: OnwardDep,
    before: Before = None,
    said: Annotated[str | None, Query(max_length=20)] = None,
) -> Response:
    """All that the code opens."""
    try:
        tracked = await look(services, code, resident_of(request), before)
    except Problem as problem:
        if problem.status not in {404, 422}:
            raise
        fault = str(document(problem)["detail"])
        return pages.page(request, "residents/ask_code.html", 404, code=code, fault=fault)
    photos = [] if before else await shown_photos(onward, tracked, resident_of(request))
    way = None if before else await way_of(services, tracked, resident_of(request))
    return tracked_page(request, pages, tracked, photos, said=said, way=way)


@routes.get("/track/{code}/steps", dependencies=[OPEN])
async def steps(code: str, request: Request, pages: PagesDep, services: ServicesDep) -> Response:
    """The part of the page that grows, for the script that is told of news."""
    tracked = await look(services, code, resident_of(request))
    return pages.page(request, "residents/steps.html", tracked=tracked, what_happened=what_happened)


@routes.get("/track/{code}/receipt", dependencies=[OPEN])
async def receipt(
    code: str,
    request: Request,
    pages: PagesDep,
    office: OfficeDep,
    id: Id = None,
    lost: Annotated[int, Query(ge=0, le=10)] = 0,
) -> Response:
    """To be printed, saved, sent to oneself. It looks nothing up: the code is known a moment later."""
    link = f"{office.url}/track/{quote(code, safe='')}"
    words = _receipt(code, link)
    return pages.page(
        request,
        "residents/receipt.html",
        code=code,
        link=link,
        id=id,
        lost=lost,
        letter=f"mailto:?subject={quote(gettext('Receipt'))}%20{quote(code)}&body={quote(words)}",
    )


@routes.get("/track/{code}/receipt.txt", dependencies=[OPEN])
async def saved(code: str, office: OfficeDep) -> Response:
    """The receipt as a file."""
    name = "".join(each for each in code if each.isascii() and each.isalnum())[:20]
    headers = {"Content-Disposition": f'attachment; filename="linli-{name}.txt"'}
    return PlainTextResponse(_receipt(code, f"{office.url}/track/{quote(code, safe='')}"), headers=headers)


def _receipt(code: str, link: str) -> str:
    lines = (
        gettext("Your report was received."),
        gettext("Tracking code") + ": " + code,
        gettext("What becomes of it") + ": " + link,
        gettext("Whoever has the code sees how it is going, can add to it and take it back. Keep it."),
    )
    return "\n".join(lines) + "\n"
