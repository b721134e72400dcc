"""The residents' API at the portal's address: each row of the table is a route."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from linli.security.auth import OPEN
from linli.web.app import router
from linli.web.bodies import takes
from linli.web.given import given
from portal.residents.passing import WAYS, Onward, Way

routes = router(tags=["residents"])
OnwardDep = Annotated[Onward, given(Onward)]
PAGES = {"/v1/track/{code}": "/track/{code}", "/v1/track/{code}/follow-up": "/track/{code}/follow-up"}
"""What letters and messages of before led to; a browser is led on to the page."""


def _answering(way: Way) -> Callable[..., Awaitable[Response]]:
    async def pass_on(request: Request, onward: OnwardDep) -> Response:
        page = PAGES.get(way.path) if way.method == "GET" else None
        if page is not None and "text/html" in request.headers.get("accept", ""):
            return RedirectResponse(page.format(**request.path_params), 303)
        return await onward.passed(request, way)

    return pass_on


for _way in WAYS:
    routes.add_api_route(
        _way.path,
        _answering(_way),
        methods=[_way.method],
        dependencies=[OPEN] if _way.method == "GET" else [OPEN, takes(_way.most)],
        response_class=Response,
        include_in_schema=False,
        name=f"{_way.method} {_way.path}",
    )
