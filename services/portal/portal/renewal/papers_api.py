"""What is printed of a vote, passed on to whoever may have it."""

from typing import Annotated

from fastapi import Form, Path, Response

from linli.security.auth import OPEN
from portal.addresses import at
from portal.pages.route import page_router
from portal.renewal.given import AtTheDesk, Id

routes = page_router()
PAPERS = {"sheet": "sheet", "result": "result", "list": "list.pdf", "tellers": "ballots.pdf"}
Paper = Annotated[str, Path(pattern="^(sheet|result|list|tellers)$")]
Stairwell = Annotated[str, Form(max_length=64)]


@routes.get("/desk/votes/{id}/papers/{paper}", dependencies=[OPEN])
async def paper(id: Id, paper: Paper, here: AtTheDesk) -> Response:
    """As a PDF: the count's sheet, the result, who took part, and for its tellers who chose what."""
    path = at("/v1/votes/{id}/", id=id) + PAPERS[paper]
    return _pdf(await here.services.content("neighbourhood", path, here.caller), paper)


@routes.post("/desk/votes/{id}/ballots", dependencies=[OPEN])
async def ballots(id: Id, here: AtTheDesk, stairwell: Stairwell = "") -> Response:
    """Papers with new codes, of a stairwell or of all: those before count no more."""
    body = {"stairwell": stairwell.strip()} if stairwell.strip() else {}
    path = at("/v1/votes/{id}/ballots:print", id=id)
    return _pdf(await here.services.made("neighbourhood", path, body, here.caller), "ballots")


def _pdf(content: bytes, name: str) -> Response:
    named = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(content, media_type="application/pdf", headers=named)
