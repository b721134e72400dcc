"""The office's first page."""

from fastapi import Response

from linli.security.auth import OPEN
from portal.office.officer import Officer, ShownDep
from portal.pages.route import page_router

routes = page_router(prefix="/office")


@routes.get("", dependencies=[OPEN])
async def first(staff: Officer, shown: ShownDep) -> Response:
    """What there is, of what the person may see."""
    return shown.page("first.html")
