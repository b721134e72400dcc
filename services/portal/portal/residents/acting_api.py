"""What a reporter does by their code: add words, take it back, say how it was, ask for more."""

import secrets
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import quote

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse

from linli.security.auth import OPEN
from linli.web.bodies import takes
from linli.web.localized import Localized
from linli.web.problem_words import document
from linli.web.problems import Problem
from portal.addresses import at
from portal.pages.route import page_router
from portal.residents.given import FormsDep, PagesDep, ServicesDep
from portal.residents.showing import CODE, tracked_page
from portal.residents.tracked import look, path_of
from portal.signin.person import resident_of

routes = page_router()
MOST_WORDS = 64 * 1024
QUESTIONS = ("contacted", "solved", "satisfied")
ANSWERS = {"yes": True, "no": False}


@routes.post("/track/{code}/words", dependencies=[OPEN, takes(MOST_WORDS)])
async def words(code: str, request: Request, pages: PagesDep, services: ServicesDep, forms: FormsDep) -> Response:
    """Add what there is to say besides."""
    caller = resident_of(request)
    async with forms.read(request) as sent:
        message, key = sent.get("message") or "", sent.get("key") or secrets.token_hex(16)
    try:
        await services.send(
            "workflow", f"{path_of(code)}/words", {"message": message}, caller, **{"Idempotency-Key": f"portal-{key}"}
        )
    except Problem as problem:
        if problem.status not in {409, 422}:
            raise
        return tracked_page(request, pages, await look(services, code, caller), problem=problem, words=message)
    return _back(code, "added")


@routes.get("/track/{code}/withdraw", dependencies=[OPEN])
async def before_withdrawing(code: str, request: Request, pages: PagesDep, services: ServicesDep) -> Response:
    """Says what follows from it, and asks once more."""
    tracked = await look(services, code, resident_of(request))
    return pages.page(request, "residents/withdraw.html", tracked=tracked)


@routes.post("/track/{code}/withdraw", dependencies=[OPEN, takes(MOST_WORDS)])
async def withdraw(code: str, request: Request, pages: PagesDep, services: ServicesDep, forms: FormsDep) -> Response:
    """Take it back."""
    caller = resident_of(request)
    tracked = await look(services, code, caller)
    async with forms.read(request) as sent:
        body = {"reason": reason} if (reason := sent.get("reason")) else {}
    try:
        await services.send("intake", at("/v1/submissions/{id}:withdraw", id=tracked.id), body, caller, **{CODE: code})
    except Problem as problem:
        if problem.status not in {409, 422}:
            raise
        return tracked_page(request, pages, tracked, problem=problem)
    return _back(code, "withdrawn")


@routes.post("/track/{code}/hears", dependencies=[OPEN, takes(MOST_WORDS)])
async def hears(code: str, request: Request, pages: PagesDep, services: ServicesDep, forms: FormsDep) -> Response:
    """Hear more or less of what becomes of a demand in the neighbourhood's common affairs."""
    caller = resident_of(request)
    tracked = await look(services, code, caller)
    async with forms.read(request) as sent:
        body = {"hears": sent.get("hears") or ""}
    try:
        await services.send("intake", at("/v1/submissions/{id}:thin", id=tracked.id), body, caller, **{CODE: code})
    except Problem as problem:
        if problem.status not in {409, 422}:
            raise
        return tracked_page(request, pages, tracked, problem=problem)
    return _back(code, "hears")


@routes.get("/track/{code}/follow-up", dependencies=[OPEN])
async def questions(
    code: str,
    request: Request,
    pages: PagesDep,
    services: ServicesDep,
    solved: Annotated[str | None, Query(pattern="^(yes|no)$")] = None,
) -> Response:
    """The three questions; `solved=no` for who comes to ask that it is taken up again."""
    tracked = await look(services, code, resident_of(request))
    said = {"solved": solved, "satisfied": solved} if solved == "no" else {}
    return pages.page(request, "residents/follow_up.html", tracked=tracked, said=said, refused=None)


@routes.post("/track/{code}/follow-up", dependencies=[OPEN, takes(MOST_WORDS)])
async def answer(code: str, request: Request, pages: PagesDep, services: ServicesDep, forms: FormsDep) -> Response:
    """How it was. What is not solved, or not well, asks a person to take it up again."""
    caller = resident_of(request)
    async with forms.read(request) as sent:
        said = dict(sent.fields)
    try:
        taken = await services.send("workflow", f"{path_of(code)}/follow-up", _answer(said), caller)
    except Problem as problem:
        if problem.status not in {409, 422}:
            raise
        tracked, refused = await look(services, code, caller), str(document(problem)["detail"])
        return pages.page(
            request, "residents/follow_up.html", problem.status, tracked=tracked, said=said, refused=refused
        )
    return _back(code, "asked" if taken["reopen_requested"] else "answered")


def _answer(said: Mapping[str, str]) -> dict[str, object]:
    answers = {name: ANSWERS.get(said.get(name, "")) for name in QUESTIONS}
    if None in answers.values():
        detail = Localized("Please answer all three questions.", "请回答全部三个问题。")
        raise Problem("invalid", 422, detail)
    return answers | ({"message": said["message"]} if said.get("message") else {})


def _back(code: str, said: str) -> Response:
    return RedirectResponse(f"/track/{quote(code, safe='')}?said={said}", 303)
