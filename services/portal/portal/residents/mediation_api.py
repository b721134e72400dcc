"""A mediation, for who takes part: when they meet, what there is to read and sign, what has been said.

The code is the case's tracking code, or one of the mediation's own. Statements are shown to who asks for them: each
reading of them stands in the audit log.
"""

import secrets
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse

from linli.security.auth import OPEN
from linli.web.bodies import takes
from linli.web.problem_words import document
from linli.web.problems import Problem
from portal.addresses import at
from portal.pages.route import page_router
from portal.residents.given import FormsDep, PagesDep, ServicesDep
from portal.services import Caller, Services
from portal.signin.person import resident_of

routes = page_router()
MOST_WORDS = 64 * 1024


@routes.get("/track/{code}/mediation", dependencies=[OPEN])
async def page(
    code: str,
    request: Request,
    pages: PagesDep,
    services: ServicesDep,
    statements: Annotated[str | None, Query(pattern="^yes$")] = None,
    said: Annotated[str | None, Query(max_length=20)] = None,
) -> Response:
    """How it stands. Raises 404 for a code that opens no mediation."""
    caller = resident_of(request)
    stands = await _look(services, code, caller)
    heard = (await services.get("workflow", _path(code, "/statements"), caller))["items"] if statements else None
    return _page(request, pages, code, stands, heard=heard, said=said)


@routes.post("/track/{code}/mediation/statements", dependencies=[OPEN, takes(MOST_WORDS)])
async def say(code: str, request: Request, pages: PagesDep, services: ServicesDep, forms: FormsDep) -> Response:
    """Say what there is to say."""
    async with forms.read(request) as sent:
        body, key = {"text": sent.get("text") or ""}, sent.get("key")
    return await _done(code, "/statements", body, "kept", key, request, pages, services)


@routes.post("/track/{code}/mediation/sign", dependencies=[OPEN, takes(MOST_WORDS)])
async def sign(code: str, request: Request, pages: PagesDep, services: ServicesDep, forms: FormsDep) -> Response:
    """Sign the text that stood on the page: its hash comes with the form, so that no other is signed."""
    async with forms.read(request) as sent:
        body = {"digest": sent.get("digest") or "", "sealed": sent.get("sealed") == "yes"}
    return await _done(code, ":sign", body, "signed", None, request, pages, services)


@routes.post("/track/{code}/mediation/decline", dependencies=[OPEN, takes(MOST_WORDS)])
async def decline(code: str, request: Request, pages: PagesDep, services: ServicesDep) -> Response:
    """Take part no more; nobody has to."""
    return await _done(code, ":decline", {}, "declined", None, request, pages, services)


async def _done(
    code: str,
    what: str,
    body: Mapping[str, Any],
    said: str,
    key: str | None,
    request: Request,
    pages: PagesDep,
    services: ServicesDep,
) -> Response:
    caller, once = resident_of(request), f"portal-{key or secrets.token_hex(16)}"
    try:
        await services.send("workflow", _path(code, what), body, caller, **{"Idempotency-Key": once})
    except Problem as problem:
        if problem.status not in {409, 422}:
            raise
        stands = await _look(services, code, caller)
        return _page(request, pages, code, stands, problem=problem, words=str(body.get("text", "")))
    if said == "declined":  # a mediator's code opens nothing any more
        return RedirectResponse("/track", 303)
    return RedirectResponse(f"/track/{quote(code, safe='')}/mediation?said={said}", 303)


def _page(
    request: Request,
    pages: PagesDep,
    code: str,
    stands: Mapping[str, Any],
    *,
    heard: list[Mapping[str, Any]] | None = None,
    said: str | None = None,
    problem: Problem | None = None,
    words: str = "",
) -> Response:
    you, newest = stands["you"], stands["agreements"][-1] if stands["agreements"] else None
    mediates = you in {each["participant"] for each in stands["mediators"]}
    return pages.page(
        request,
        "residents/mediation.html",
        problem.status if problem else 200,
        code=code,
        stands=stands,
        newest=newest,
        mediates=mediates,
        to_sign=newest is not None
        and stands["state"] == "drafted"
        and not stands["ended"]
        and you not in newest["signed"],
        running=stands["state"] in {"open", "drafted", "broken"} and not stands["ended"],
        heard=heard,
        said=said,
        key=secrets.token_hex(16),
        refused=str(document(problem)["detail"]) if problem else None,
        words=words,
    )


async def _look(services: Services, code: str, caller: Caller) -> Mapping[str, Any]:
    stands: Mapping[str, Any] = await services.get("workflow", _path(code), caller)
    return stands


def _path(code: str, rest: str = "") -> str:
    return at("/v1/mediation/{code}", code=code) + rest
