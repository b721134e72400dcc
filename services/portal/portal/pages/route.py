"""A route whose answer a person reads: what goes wrong is a page, and every page has the same headers.

`GET` changes nothing. What changes something comes from a form of ours: the browser says from where (`Sec-Fetch-Site`,
`Origin`), and of who is signed in the form carries the token of the session.
"""

import gzip
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from linli.contracts.kinds import Language
from linli.storage import mongo
from linli.web.app import StrictRoute, field_errors
from linli.web.edge import problem_response
from linli.web.hot import Handle
from linli.web.localized import Localized
from linli.web.problem_words import ANSWER_IN
from linli.web.problem_words import document as document_of
from linli.web.problems import Problem
from portal.pages.foreign import refuse_foreign, refuse_unreadable
from portal.pages.look import Look
from portal.pages.rendering import Pages
from portal.services import unavailable
from portal.signin.cookie import give, sets_session, token_of
from portal.signin.person import SESSION_KEY, STATE, person_of, resident_of
from portal.signin.sessions import Sessions
from portal.signin.staff import SAFE, SIGN_IN_NEEDED, is_for_staff, sign_in_needed

log = structlog.get_logger()

_COMPRESSED_FROM = 1_024

POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data: blob:",  # the framework's arrows are data, a photo that is about to be sent a blob
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
"""What a page may load, run and be put into (W3C Content Security Policy Level 3)."""


def policy(**changed: str) -> str:
    """The header's value; `frame_ancestors="*"` for what others may embed."""
    those = POLICY | {name.replace("_", "-"): value for name, value in changed.items()}
    return "; ".join(f"{name} {value}" for name, value in those.items())


_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": policy(),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # a tracking code is part of an address
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class PageRoute(StrictRoute):
    """Around the work of every page."""

    alone = False
    """Whether it asks nothing of workflow, and is shown to who was signed in while that is away."""

    def guarded(self, handle: Handle) -> Handle:
        handle, for_staff = super().guarded(handle), is_for_staff(self.dependant)

        async def answered(request: Request) -> Response:
            ANSWER_IN.set(Look.of(request).language)
            try:
                refuse_unreadable(request)
                if request.method not in SAFE:
                    refuse_foreign(request)
                await recognise(request, alone=self.alone and request.method in SAFE)
                if for_staff and person_of(request) is None:  # before megabytes of a form are read
                    raise sign_in_needed()
                response = await handle(request)
            except Problem as problem:
                response = told(request, problem)
            except RequestValidationError as error:
                detail = Localized("Some of this is not as it should be.", "有些内容不符合要求。")
                response = told(request, Problem("invalid", 422, detail, errors=field_errors(error.errors())))
            except HTTPException as error:
                response = told(request, Problem("bad_request", error.status_code, str(error.detail)))
            except Exception as error:
                response = told(request, self._fault(error))
            return _finished(request, response)

        return answered

    def _fault(self, error: Exception) -> Problem:
        """What passes by itself is 503; the rest is a fault of ours, as the other services answer it."""
        if mongo.is_outage(error):
            log.warning("mongodb_away", error=type(error).__name__)
            return unavailable()
        log.exception("request_failed", route=self.path)
        return Problem("internal_error", 500, "Something went wrong here; it has been logged.")


class LonePageRoute(PageRoute):
    """Around the work of a page that is there while workflow is away."""

    alone = True


def page_router(*, alone: bool = False, **options: Any) -> APIRouter:
    """A router for a face's pages; `alone`: they ask nothing of workflow."""
    return APIRouter(route_class=LonePageRoute if alone else PageRoute, include_in_schema=False, **options)


async def recognise(request: Request, *, alone: bool = False) -> None:
    """Find out who is signed in; who never signed in is not concerned. Raises 503 while workflow cannot be asked."""
    if (token := token_of(request)) is None:
        return
    sessions: Sessions = request.app.state.provided[Sessions]
    found = await sessions.find(token, resident_of(request), alone=alone)
    if found is not None:
        setattr(request.state, STATE, found.person)
        setattr(request.state, SESSION_KEY, found.session_key)
        request.state.next_token = found.next_token


def wants_json(request: Request) -> bool:
    """Whether a program asks: it names JSON, or asks at the API's address, and names no page."""
    accept = request.headers.get("accept", "")
    return ("json" in accept or request.url.path.startswith("/v1/")) and "html" not in accept


def is_part(request: Request) -> bool:
    """Whether htmx asks for a part of the page that is shown."""
    return request.headers.get("hx-request") == "true"


def told(request: Request, problem: Problem) -> Response:
    """A problem as a page; for a program as problem+json. Who has to sign in first is led there and back."""
    if wants_json(request):
        return problem_response(problem)
    if problem.slug == SIGN_IN_NEEDED:
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        address = f"/sign-in?next={quote(here if request.method in SAFE else '/', safe='')}"
        if is_part(request):
            return Response(status_code=204, headers={"HX-Redirect": address})
        return RedirectResponse(address, 303)
    pages: Pages = request.app.state.provided[Pages]
    said = document_of(problem)
    errors = [{"field": each.get("field", ""), "message": each.get("message", "")} for each in said.get("errors") or []]
    return pages.page(
        request,
        "pages/problem.html",
        problem.status,
        problem.headers,
        title=said["title"],
        detail=said["detail"],
        errors=errors,
        passes=problem.status == 503,
    )


def _finished(request: Request, response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Language", "zh-CN" if ANSWER_IN.get() is Language.ZH else "en")
    if (token := getattr(request.state, "next_token", None)) and not sets_session(response):
        give(response, request, token)
    if sets_session(response) or person_of(request) is not None:
        response.headers["Cache-Control"] = "no-store"  # also of what is public, for a cookie is not
    response.headers.append("Vary", "Cookie, Accept-Language, HX-Request")
    _compress(request, response)
    return response


def _compress(request: Request, response: Response) -> None:
    """Text that is whole. Its secrets are masked anew each time (`portal.signin.csrf`): its length tells none."""
    body = getattr(response, "body", b"")
    if (
        len(body) < _COMPRESSED_FROM
        or "content-encoding" in response.headers
        or not response.headers.get("content-type", "").startswith(("text/", "application/json", "application/feed"))
        or "gzip" not in request.headers.get("accept-encoding", "")
    ):
        return
    response.body = gzip.compress(body, 6, mtime=0)
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Length"] = str(len(response.body))
    response.headers.append("Vary", "Accept-Encoding")
