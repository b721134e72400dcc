"""Routes to sign in and out, and of one's own sessions."""

from contextlib import suppress
from typing import Annotated

from fastapi import Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from linli.security.auth import OPEN
from linli.web.given import given
from linli.web.problems import Problem
from portal.pages.api import PagesDep, own_address
from portal.pages.route import page_router
from portal.signin.cookie import take_away
from portal.signin.credential import Credential
from portal.signin.entering import entered, tries, was_wrong
from portal.signin.key import MOST_LETTERS, is_like_a_key
from portal.signin.oidc.api import OfficeDep
from portal.signin.person import forget, person_of
from portal.signin.sessions import Sessions
from portal.signin.showing import leads_on, sign_in_page
from portal.signin.staff import Staff

routes = page_router()
SessionsDep = Annotated[Sessions, given(Sessions)]
Next = Annotated[str, Query(alias="next", max_length=2_000)]


@routes.get("/sign-in", dependencies=[OPEN])
async def form(request: Request, pages: PagesDep, office: OfficeDep, next: Next = "/") -> Response:
    """Where staff show their key, or go to the office's own sign-in."""
    if person_of(request) is not None:
        return RedirectResponse(own_address(next), 303)
    return sign_in_page(request, pages, office, next)


@routes.post("/sign-in", dependencies=[OPEN])
async def sign_in(
    request: Request,
    pages: PagesDep,
    office: OfficeDep,
    sessions: SessionsDep,
    key: Annotated[str, Form(max_length=MOST_LETTERS)] = "",
    next: Annotated[str, Form(max_length=2_000)] = "/",
) -> Response:
    """Exchange a key for a session. The key is not kept in clear."""
    caller = await tries(request)
    key = key.strip()
    try:
        if not is_like_a_key(key):
            raise Problem("unauthorised", 401, "not a key")
        token, _ = await sessions.begin(Credential(key), caller, request.headers.get("user-agent", ""))
    except Problem as problem:
        if problem.status not in {401, 403}:
            raise
        await was_wrong(request)
        return sign_in_page(request, pages, office, next, problem.slug, 403)
    return await entered(request, sessions, token, next)


@routes.post("/sign-out", dependencies=[OPEN])
async def sign_out(
    request: Request, pages: PagesDep, office: OfficeDep, staff: Staff, sessions: SessionsDep
) -> Response:
    """End this session, and lead on to the issuer if that is where it was begun and it ends sessions too."""
    await sessions.end(staff.principal, staff.session)
    response: Response = RedirectResponse("/", 303)
    with suppress(Problem):  # the issuer is away: its own session lasts as long as it says
        if office.provider and (farewell := await office.provider.farewell(staff.credential)):
            forget(request)
            response = leads_on(request, pages, farewell, out=True)
    take_away(response, request)
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
