"""Routes of the sign-in at the office's identity provider: there, and back."""

from typing import Annotated

import structlog
from fastapi import Form, Query, Request, Response

from linli.security.auth import OPEN
from linli.web.given import given
from linli.web.problems import Problem
from portal.addresses import nothing_here
from portal.pages.api import PagesDep, own_address
from portal.pages.route import page_router
from portal.signin.entering import entered, tries, was_wrong
from portal.signin.oidc import cookie as browser_cookie
from portal.signin.oidc.office import Office
from portal.signin.oidc.provider import CALLBACK
from portal.signin.person import resident_of
from portal.signin.renewal import Refused
from portal.signin.sessions import Sessions
from portal.signin.showing import leads_on, sign_in_page

log = structlog.get_logger()
routes = page_router()
OfficeDep = Annotated[Office, given(Office)]
SessionsDep = Annotated[Sessions, given(Sessions)]
Said = Annotated[str, Query(max_length=4_096)]


@routes.post("/sign-in/oidc", dependencies=[OPEN])
async def go(
    request: Request,
    pages: PagesDep,
    office: OfficeDep,
    next: Annotated[str, Form(max_length=2_000)] = "/",
) -> Response:
    """Lead to the issuer."""
    if office.provider is None:
        raise nothing_here()
    await tries(request)
    browser = browser_cookie.of(request)
    begun = await office.sign_ins.begin(browser, own_address(next))
    try:
        place = await office.provider.address(begun.state, begun.nonce, begun.verifier)
    except Problem:
        return sign_in_page(request, pages, office, next, "away", 503)
    response = leads_on(request, pages, place, out=False)
    browser_cookie.give(response, request, browser)
    return response


@routes.get(CALLBACK, dependencies=[OPEN])
async def back(
    request: Request,
    pages: PagesDep,
    office: OfficeDep,
    sessions: SessionsDep,
    state: Said = "",
    code: Said = "",
    error: Said = "",
    iss: Said = "",
) -> Response:
    """Where the issuer leads back to: a code that belongs to a sign-in of this browser opens a session."""
    provider = office.provider
    if provider is None:
        raise nothing_here()
    begun = await office.sign_ins.back(browser_cookie.of(request), state)
    if begun is None:
        await was_wrong(request)
        return sign_in_page(request, pages, office, "/", "over", 403)
    if error or not code or (iss and iss != provider.url):  # RFC 9207: another issuer's code is not for this one
        log.info("sign_in_not_given", reason=error[:40])
        return sign_in_page(request, pages, office, begun.next, "not_given", 403)
    caller = resident_of(request)  # was counted when the sign-in began
    try:
        credential = await provider.exchange(code, begun.verifier, begun.nonce)
        token, _ = await sessions.begin(credential, caller, request.headers.get("user-agent", ""))
    except Refused as why:
        log.warning("sign_in_refused", reason=str(why))
        return sign_in_page(request, pages, office, begun.next, "not_given", 403)
    except Problem as problem:
        if problem.status not in {401, 403}:
            raise
        return sign_in_page(request, pages, office, begun.next, "no_role", 403)
    return await entered(request, sessions, token, begun.next)
