"""Routes of links that sign in: one that programs ask for a link, one page with its button."""

from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Form, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from linli.security.auth import OPEN
from linli.web.app import problems, router
from linli.web.given import given
from linli.web.localized import Localized
from linli.web.problems import Problem
from linli.web.tracing import traceparent
from portal.pages.api import PagesDep, own_address
from portal.pages.route import page_router
from portal.services import Caller
from portal.settings import PortalSettings
from portal.signin.api import SessionsDep
from portal.signin.entering import entered, tries, was_wrong
from portal.signin.key import is_like_a_key
from portal.signin.links import SignInLinks

programs = router(prefix="/v1", tags=["sign-in"])
for_people = page_router()
LinksDep = Annotated[SignInLinks, given(SignInLinks)]
SettingsDep = Annotated[PortalSettings, given(PortalSettings)]


class SignInLink(BaseModel):
    """What opens a session once."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "url": "http://127.0.0.1:8100/sign-in/link?code=1mB0…",
                "expires_at": "2026-11-29T12:10:00Z",
            }
        }
    )

    url: str
    expires_at: datetime


@programs.post("/sign-in-links", status_code=201, dependencies=[OPEN], responses=problems(401, 403, 429, 503))
async def make(request: Request, links: LinksDep, settings: SettingsDep) -> SignInLink:
    """A link that signs in whoever opens it first, within ten minutes, with the key that this is asked with."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    try:
        if scheme.lower() != "bearer" or not is_like_a_key(key):
            raise Problem("unauthorised", 401, _NEEDS_A_KEY)
        origin = (await tries(request)).origin
        made = await links.make(Caller(key, origin, traceparent(request.headers)))
    except Problem as problem:
        if problem.status == 401:
            await was_wrong(request)
        raise
    query = urlencode({"code": made.code})
    return SignInLink(url=f"{settings.people_url}/sign-in/link?{query}", expires_at=made.ends_at)


_NEEDS_A_KEY = Localized(
    "A link is made with a key: Authorization: Bearer <key>.", "生成登录链接需要密钥：Authorization: Bearer <密钥>。"
)


@for_people.get("/sign-in/link", dependencies=[OPEN])
async def look(
    request: Request,
    pages: PagesDep,
    links: LinksDep,
    code: Annotated[str, Query(max_length=100)] = "",
    next: Annotated[str, Query(max_length=2_000)] = "/",
) -> Response:
    """Whom a link signs in, and the button that does it: what looks at links before people do uses none up."""
    link = await links.look(code)
    if link is None:
        return await _over(request, pages)
    return pages.page(request, "signin/link.html", link=link, code=code, next=own_address(next))


@for_people.post("/sign-in/link", dependencies=[OPEN])
async def open_(
    request: Request,
    pages: PagesDep,
    links: LinksDep,
    sessions: SessionsDep,
    code: Annotated[str, Form(max_length=100)] = "",
    next: Annotated[str, Form(max_length=2_000)] = "/",
) -> Response:
    """Open the session, and use the link up."""
    caller = await tries(request)
    try:
        token = await links.open(code, caller, request.headers.get("user-agent", ""))
    except Problem as problem:
        if problem.status != 401:  # 401: its key has ended since
            raise
        token = None
    if token is None:
        return await _over(request, pages)
    return await entered(request, sessions, token, next)


async def _over(request: Request, pages: PagesDep) -> Response:
    await was_wrong(request)
    return pages.page(request, "signin/link.html", 410, link=None)
