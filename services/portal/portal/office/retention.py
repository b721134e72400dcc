"""How long each service keeps what, what is due to go, and which residents were erased."""

from typing import Annotated

from fastapi import Query, Request, Response

from linli.security.auth import OPEN
from portal.office.asking import of_each
from portal.office.officer import Officer, ServicesDep, ShownDep
from portal.pages.route import page_router
from portal.settings import SERVICES

routes = page_router(prefix="/office/retention")
PAGE = 100


@routes.get("", dependencies=[OPEN])
async def listing(
    request: Request,
    staff: Officer,
    services: ServicesDep,
    shown: ShownDep,
    cursor: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """Kind by kind; and the ids of the submissions that were erased on somebody's wish."""
    caller = staff.caller(request)
    answers, silent = await of_each(services, SERVICES, "/v1/retention", caller)
    kept = [{"service": name} | item for name, answer in answers for item in answer["items"]]
    erased = None
    if "intake" not in silent:
        erased = await services.get("intake", "/v1/erasures", caller, {"limit": PAGE, "cursor": cursor})
    return shown.page("retention.html", kept=kept, erased=erased, silent=silent)
