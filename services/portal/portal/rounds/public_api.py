"""What everybody may read of a round."""

from fastapi import Request, Response

from linli.security.auth import OPEN
from portal.addresses import at
from portal.pages.route import page_router
from portal.residents.given import PagesDep, ServicesDep
from portal.rounds.words import NEIGHBOURHOOD
from portal.signin.person import resident_of

routes = page_router()


@routes.get("/rounds/{id}", dependencies=[OPEN])
async def page(id: str, request: Request, pages: PagesDep, services: ServicesDep) -> Response:
    """What is asked and until when; once it is published, what it came to."""
    found = await services.get(NEIGHBOURHOOD, at("/v1/rounds/{id}/public", id=id), resident_of(request))
    summary = found["summary"]
    counted = {each["question"]: each for each in summary["questions"]} if summary else {}
    return pages.page(request, "rounds/public.html", round=found, counted=counted)
