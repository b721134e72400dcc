"""One door for whoever has a letter: what can be done with the code on it."""

from fastapi import Response

from linli.security.auth import OPEN
from portal.pages.route import page_router
from portal.renewal.given import Anybody

routes = page_router()


@routes.get("/letter", dependencies=[OPEN])
async def letter(here: Anybody) -> Response:
    """Which letter it is."""
    return here.page("letter.html")
