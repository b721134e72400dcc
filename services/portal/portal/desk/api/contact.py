"""Route to how a reporter is reached, for an operator who has to call: shown once, with the reason in the audit log."""

from typing import Annotated

from fastapi import Form, Response

from linli.security.auth import OPEN
from portal.addresses import at, nothing_here
from portal.desk.given import Here, Id
from portal.desk.whole_case import case_of
from portal.desk.words import WHY
from portal.pages.route import page_router

routes = page_router()


@routes.post("/desk/cases/{id}/contact", dependencies=[OPEN])
async def contact(here: Here, id: Id, why: Annotated[str, Form(max_length=20)] = "") -> Response:
    """Answered by the page itself: what it shows has no address of its own and is kept nowhere."""
    if why not in WHY:
        raise nothing_here()
    case = await case_of(here, id)
    submission = case["part_of"] or id
    path = at("/v1/submissions/{id}:contact", id=submission)
    found = await here.services.send("intake", path, {"reason": why}, here.caller)
    return here.page("contact.html", case=case, found=found, why=why)
