"""The board of a neighbourhood's works, for everybody: how far each has come, who is responsible, warranties."""

from fastapi import Request, Response

from linli.contracts.base import Slug
from linli.security.auth import OPEN
from portal.addresses import at
from portal.pages.route import page_router
from portal.residents.given import PagesDep, PublicDep, ServicesDep
from portal.signin.person import resident_of
from portal.works.given import NEIGHBOURHOOD

routes = page_router()


@routes.get("/n/{community}/{neighbourhood}/works", dependencies=[OPEN])
async def board(
    community: Slug, neighbourhood: Slug, request: Request, pages: PagesDep, services: ServicesDep, public: PublicDep
) -> Response:
    """All of a neighbourhood's."""
    place = await public.neighbourhood(community, neighbourhood)
    wanted = {"community": community, "neighbourhood": neighbourhood}
    works = await services.get(NEIGHBOURHOOD, "/v1/works/public", resident_of(request), wanted)
    return pages.page(request, "works/board.html", place=place, works=works)


@routes.get("/works/{id}", dependencies=[OPEN])
async def progress(id: str, request: Request, pages: PagesDep, services: ServicesDep) -> Response:
    """One of them, with all that was announced."""
    path = at("/v1/works/{id}/progress", id=id)
    package = await services.get(NEIGHBOURHOOD, path, resident_of(request))
    return pages.page(request, "works/progress.html", package=package)
