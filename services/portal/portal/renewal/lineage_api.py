"""What has become of a demand, step by step: for staff. Whoever made it reads the same on the page of its code."""

from collections.abc import Mapping

from fastapi import Response

from linli.security.auth import OPEN
from portal.addresses import at
from portal.pages.route import page_router
from portal.renewal.given import AtTheDesk, Id
from portal.services import NOT_TO_BE_HAD, or_none

routes = page_router()
PAGES = {
    "round": "/desk/rounds/{id}",
    "cluster": "/desk/rounds/{id}",
    "plan": "/desk/plans/{id}",
    "item": "/desk/plans/{id}",
    "package": "/desk/works/{id}",
    "defect": "/desk/works/{id}",
    "acceptance": "/desk/works/{id}",
}
"""Where the thing of a step is looked at, by its kind."""


@routes.get("/lineage/{demand}", dependencies=[OPEN])
async def lineage(demand: Id, here: AtTheDesk) -> Response:
    """From the case to the acceptance, or to why nothing more comes of it."""
    found = await here.get(at("/v1/lineage/{id}", id=demand))
    # Of another party's demand its case is not shown, and not led to.
    case = await or_none(here.services.read(at("/v1/cases/{id}", id=demand), here.caller), NOT_TO_BE_HAD)
    return here.page("lineage.html", case=case, lineage=found, page_of=page_of)


def page_of(thing: Mapping[str, str]) -> str | None:
    """Of a part of something, such as an item of a plan, the page of the whole: its id begins the part's."""
    path = PAGES.get(thing["kind"])
    return at(path, id=thing["id"].partition("~")[0]) if path else None
