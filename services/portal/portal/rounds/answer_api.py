"""A household's own answer on a telephone, by the code of its letter. No account and no script is needed."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse

from linli.security.auth import OPEN
from linli.web.bodies import takes
from linli.web.problems import Problem
from portal.addresses import at
from portal.pages.rendering import Pages
from portal.pages.route import page_router
from portal.residents.forms import MOST_BYTES, MOST_WORDS, Sent
from portal.residents.given import FormsDep, PagesDep, ServicesDep
from portal.rounds.answers import MOST_FIELDS, answers_of, fields_of, with_photos
from portal.rounds.words import NEIGHBOURHOOD, why
from portal.services import Caller, Services
from portal.signin.person import resident_of

routes = page_router()
SAID = frozenset({"answered", "withdrawn"})
Code = Annotated[str | None, Query(max_length=80)]


@routes.get("/answer", dependencies=[OPEN])
async def ask(request: Request, pages: PagesDep, code: Code = None) -> Response:
    """Asks for the code of the letter, or leads to its page."""
    if code and code.strip():
        return RedirectResponse(_address(code.strip()), 303)
    return pages.page(request, "rounds/ask_code.html", code="", fault=None)


@routes.get("/answer/{code}", dependencies=[OPEN])
async def page(
    code: str,
    request: Request,
    pages: PagesDep,
    services: ServicesDep,
    said: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """What is asked, what was said, what became of it."""
    try:
        view = await _view(services, code, resident_of(request))
    except Problem as problem:
        if problem.status not in {404, 409, 422}:
            raise
        return pages.page(request, "rounds/ask_code.html", problem.status, code=code[:40], fault=why(problem))
    return _shown(request, pages, code, view, said=said if said in SAID else "")


@routes.post("/answer/{code}", dependencies=[OPEN, takes(MOST_BYTES)])
async def answer(code: str, request: Request, pages: PagesDep, services: ServicesDep, forms: FormsDep) -> Response:
    """Answer. What cannot be taken is said above the form, which keeps all that was filled in."""
    caller = resident_of(request)
    view = await _view(services, code, caller)
    said: dict[str, str] = {}
    try:
        async with forms.read(request, MOST_FIELDS) as sent:
            said = dict(sent.fields)
            photos = await _photos_sent(services, code, sent, caller)
        answers = with_photos(view["questions"], answers_of(view["questions"], said), photos)
        body = {"digest": said.get("digest") or "0" * 64, "answers": answers}
        await services.send(NEIGHBOURHOOD, at("/v1/answers/{code}", code=code), body, caller)
    except Problem as problem:
        if problem.status not in {409, 413, 415, 422}:
            raise
        return _shown(request, pages, code, view, problem=problem, filled=said)
    return RedirectResponse(f"{_address(code)}?said=answered", 303)


@routes.get("/answer/{code}/withdraw", dependencies=[OPEN])
async def before_withdrawing(code: str, request: Request, pages: PagesDep, services: ServicesDep) -> Response:
    """Asks once more."""
    view = await _view(services, code, resident_of(request))
    return pages.page(request, "rounds/withdraw.html", code=code, view=view)


@routes.post("/answer/{code}/withdraw", dependencies=[OPEN, takes(MOST_WORDS)])
async def withdraw(code: str, request: Request, pages: PagesDep, services: ServicesDep) -> Response:
    """Take it back."""
    caller = resident_of(request)
    try:
        await services.send(NEIGHBOURHOOD, at("/v1/answers/{code}:withdraw", code=code), {}, caller)
    except Problem as problem:
        if problem.status not in {409, 422}:
            raise
        return _shown(request, pages, code, await _view(services, code, caller), problem=problem)
    return RedirectResponse(f"{_address(code)}?said=withdrawn", 303)


async def _photos_sent(services: Services, code: str, sent: Sent, caller: Caller) -> list[str]:
    """Send a form's photos; their hashes. Raises as the service does."""
    if not sent.files:
        return []
    photos = [
        ("photo", (f"{number}", file.file, file.content_type or "application/octet-stream"))
        for number, file in enumerate(sent.files, 1)
    ]
    path = at("/v1/answers/{code}/photos", code=code)
    kept: dict[str, Any] = await services.send_form(NEIGHBOURHOOD, path, photos, {}, caller)
    return list(kept["photos"])


async def _view(services: Services, code: str, caller: Caller) -> dict[str, Any]:
    return dict(await services.get(NEIGHBOURHOOD, at("/v1/answers/{code}", code=code), caller))


def _address(code: str) -> str:
    return f"/answer/{quote(code, safe='')}"


def _shown(
    request: Request,
    pages: Pages,
    code: str,
    view: Mapping[str, Any],
    *,
    said: str = "",
    problem: Problem | None = None,
    filled: Mapping[str, str] | None = None,
) -> Response:
    return pages.page(
        request,
        "rounds/answer.html",
        problem.status if problem else 200,
        code=code,
        view=view,
        said=said,
        refused=why(problem),
        filled=fields_of(view["questions"], view["answers"]) if filled is None else filled,
    )
