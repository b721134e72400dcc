"""What is printed of a vote, passed on to whoever may have it."""

from typing import Annotated

from fastapi import Path, Response

from linli.security.auth import OPEN
from portal.addresses import at
from portal.pages.route import page_router
from portal.renewal.given import AtTheDesk, Id

routes = page_router()
PAPERS = {"notice": "notice", "sheet": "sheet", "result": "result", "list": "list.pdf", "tellers": "ballots.pdf"}
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Paper = Annotated[str, Path(pattern="^(notice|sheet|result|list|tellers)$")]


@routes.get("/desk/votes/{id}/papers/notice.docx", dependencies=[OPEN])
async def notice_to_edit(id: Id, here: AtTheDesk) -> Response:
    """The notice for an office's program: to be looked over before it hangs."""
    path = at("/v1/votes/{id}/notice", id=id)
    content = await here.services.content("neighbourhood", path, here.caller, {"as": "docx"})
    named = {"Content-Disposition": 'attachment; filename="notice.docx"'}
    return Response(content, media_type=WORD, headers=named)


@routes.get("/desk/votes/{id}/papers/{paper}", dependencies=[OPEN])
async def paper(id: Id, paper: Paper, here: AtTheDesk) -> Response:
    """As a PDF: the notice, the count's sheet, the result, who took part, and for its tellers who chose what."""
    path = at("/v1/votes/{id}/", id=id) + PAPERS[paper]
    return pdf(await here.services.content("neighbourhood", path, here.caller), paper)


def pdf(content: bytes, name: str) -> Response:
    """To be looked at, and printed."""
    named = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(content, media_type="application/pdf", headers=named)
