"""Routes of the first page, of what pages load, and of the two switches."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Form, Header, Query, Request, Response
from fastapi.responses import RedirectResponse

from linli.contracts.kinds import Language
from linli.security.auth import OPEN
from linli.web.app import router
from linli.web.given import given
from linli.web.localized import Localized
from linli.web.openapi import allowed_methods
from linli.web.problems import Problem
from portal.addresses import nothing_here
from portal.pages.assets import FOR_EVER
from portal.pages.live import Live
from portal.pages.look import LANGUAGE, THEME, THEMES, keep
from portal.pages.rendering import Pages
from portal.pages.route import page_router
from portal.signin.cookie import is_secure
from portal.signin.person import resident_of

routes = page_router()
streams = page_router(alone=True)
files = router(include_in_schema=False)
"""Beside the pages: whoever is signed in, a style sheet is the same."""
last = page_router()
"""After all others: what is at no address."""
PagesDep = Annotated[Pages, given(Pages)]


@routes.get("/", dependencies=[OPEN])
async def first(request: Request, pages: PagesDep) -> Response:
    """Where everybody begins: to report, to look what became of it, to sign in."""
    return pages.page(request, "pages/first.html")


@routes.get("/components", dependencies=[OPEN])
async def components(request: Request, pages: PagesDep) -> Response:
    """Every part that pages are made of, once."""
    if not pages.components:
        raise nothing_here()
    return pages.page(request, "pages/showcase.html")


@streams.get("/live", dependencies=[OPEN])
async def live(
    request: Request,
    live: Annotated[Live, given(Live)],
    topics: Annotated[str, Query(max_length=2_000)],
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> Response:
    """A stream that says when it is time to look again, by the kind of what has changed."""
    return live.streamed(live.join(resident_of(request).origin, topics, again=last_event_id is not None))


@routes.post("/look", dependencies=[OPEN])
async def look(
    request: Request,
    language: Annotated[Language | None, Form()] = None,
    theme: Annotated[str | None, Form(max_length=10)] = None,
    back: Annotated[str, Form(max_length=2_000)] = "/",
) -> Response:
    """Switch language or colours on this device, and go back to the page."""
    response = RedirectResponse(own_address(back), 303)
    secure = is_secure(request)
    if language is not None:
        keep(response, LANGUAGE, language.value, secure)
    if theme in THEMES:
        keep(response, THEME, theme, secure)
    return response


@files.get("/static/{name:path}", dependencies=[OPEN])
async def static(name: str, request: Request, pages: PagesDep) -> Response:
    """Style, script or picture."""
    asset = pages.assets.find(name)
    if asset is None:
        raise nothing_here()
    headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff"}
    body = asset.content
    if asset.compressed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        body = asset.compressed
        headers["Content-Encoding"] = "gzip"
    return Response(body, headers=headers, media_type=asset.media_type)


def own_address(said: str) -> str:
    """The address if it is one of the portal's own, else the first page: nobody is led elsewhere by a link of ours."""
    try:
        found = urlsplit(said)
    except ValueError:
        return "/"
    plain = said.isprintable() and "\\" not in said
    own = plain and not found.scheme and not found.netloc and said.startswith("/") and not said.startswith("//")
    return said if own else "/"


@last.get("/{rest:path}", dependencies=[OPEN])
async def nowhere(rest: str, request: Request) -> Response:
    """Whoever has mistyped an address reads it on a page. Raises 405 at one that a form alone is sent to."""
    allowed = allowed_methods(request.app.state.routes, request.scope)
    if request.method in allowed:
        raise nothing_here()
    detail = Localized("This address only takes what a form sends.", "这个地址只接收提交的表单。")
    raise Problem("method_not_allowed", 405, detail, headers={"Allow": ", ".join(allowed)})
