"""Routes to sign in and out, and of one's own sessions."""

from typing import Annotated

from fastapi import Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from linli.security.auth import OPEN, Porch
from linli.web.given import given
from linli.web.problems import Problem
from portal.pages.api import PagesDep, own_address
from portal.pages.route import page_router
from portal.services import Services
from portal.signin.cookie import give, take_away
from portal.signin.key import MOST_LETTERS, is_like_a_key
from portal.signin.person import person_of, resident_of
from portal.signin.sessions import Sessions
from portal.signin.staff import Staff

routes = page_router()
SessionsDep = Annotated[Sessions, given(Sessions)]
ServicesDep = Annotated[Services, given(Services)]
Next = Annotated[str, Query(alias="next", max_length=2_000)]


@routes.get("/sign-in", dependencies=[OPEN])
async def form(request: Request, pages: PagesDep, next: Next = "/") -> Response:
    """Where staff show their key."""
    if person_of(request) is not None:
        return RedirectResponse(own_address(next), 303)
    return pages.page(request, "signin/sign_in.html", next=own_address(next), fault=None)


@routes.post("/sign-in", dependencies=[OPEN])
async def sign_in(
    request: Request,
    pages: PagesDep,
    sessions: SessionsDep,
    key: Annotated[str, Form(max_length=MOST_LETTERS)] = "",
    next: Annotated[str, Form(max_length=2_000)] = "/",
) -> Response:
    """Exchange a key for a session. The key is not kept in clear."""
    porch: Porch = request.app.state.gate
    caller = resident_of(request)
    await porch.rates.may_guess(caller.origin)
    key = key.strip()
    try:
        if not is_like_a_key(key):
            raise Problem("unauthorised", 401, "not a key")
        token, _ = await sessions.begin(key, caller, request.headers.get("user-agent", ""))
    except Problem as problem:
        if problem.status not in {401, 403}:
            raise
        await porch.rates.guessed(caller.origin)
        return pages.page(request, "signin/sign_in.html", 403, next=own_address(next), fault=problem.slug)
    response = RedirectResponse(own_address(next), 303)
    give(response, request, token, sessions.secure)
    return response


@routes.post("/sign-out", dependencies=[OPEN])
async def sign_out(staff: Staff, sessions: SessionsDep) -> Response:
    """End this session."""
    await sessions.end(staff.principal, staff.session)
    response = RedirectResponse("/", 303)
    take_away(response)
    return response


@routes.get("/sessions", dependencies=[OPEN])
async def listing(request: Request, pages: PagesDep, staff: Staff, sessions: SessionsDep) -> Response:
    """One's own sessions on all devices."""
    return pages.page(request, "signin/sessions.html", sessions=await sessions.of(staff.principal))


@routes.post("/sessions/{id}/end", dependencies=[OPEN])
async def end(id: str, staff: Staff, sessions: SessionsDep) -> Response:
    """End one of one's own sessions."""
    await sessions.end(staff.principal, id)
    return RedirectResponse("/sessions", 303)


@routes.post("/sessions/end-others", dependencies=[OPEN])
async def end_others(staff: Staff, sessions: SessionsDep) -> Response:
    """End all of one's own sessions but this one."""
    await sessions.end_others(staff)
    return RedirectResponse("/sessions", 303)
