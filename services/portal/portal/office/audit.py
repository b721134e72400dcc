"""The audit log of the services, as one: filters in the address, page by page."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query, Request, Response

from linli.security.auth import OPEN
from portal.office.asking import of_each
from portal.office.officer import Officer, ServicesDep, ShownDep
from portal.pages.moments import rfc3339
from portal.pages.route import page_router
from portal.settings import ONE_OR_ALL, SERVICES

routes = page_router(prefix="/office/audit")
OUTCOMES = ("read", "done", "refused")
PAGE = 50
Text = Annotated[str, Query(max_length=300)]


@routes.get("", dependencies=[OPEN])
async def listing(
    request: Request,
    staff: Officer,
    services: ServicesDep,
    shown: ShownDep,
    service: Annotated[str, Query(pattern=ONE_OR_ALL)] = "",
    outcome: Annotated[str, Query(pattern=r"^(read|done|refused)?$")] = "",
    principal: Text = "",
    what: Annotated[str, Query(max_length=80)] = "",
    object: Text = "",
    since: Annotated[str, Query(alias="from", max_length=40)] = "",
    before: Annotated[str, Query(max_length=40)] = "",
    cursor: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """The newest first. Entries of all services have ids in one order, so that one place is a place in each log."""
    said = {"service": service, "outcome": outcome, "principal": principal, "what": what, "object": object}
    said |= {"from": since, "before": before}
    asked: dict[str, Any] = {name: value.strip() for name, value in said.items() if value.strip() and name != "service"}
    for name in ("from", "before"):
        if name in asked:
            asked[name] = rfc3339(asked[name], shown.place.zone)
    wanted = asked | {"limit": PAGE + 1} | ({"cursor": cursor} if cursor else {})
    names = [name for name in SERVICES if service in {"", name}]
    answers, silent = await of_each(services, names, "/v1/audit", staff.caller(request), wanted)
    found = [{"service": name} | entry for name, page in answers for entry in page["items"]]
    found.sort(key=lambda entry: str(entry["id"]), reverse=True)
    more = None
    if len(found) > PAGE:
        kept = {name: value for name, value in said.items() if value}
        more = "/office/audit?" + urlencode(kept | {"cursor": found[PAGE - 1]["id"]})
    return shown.page(
        "audit.html", entries=found[:PAGE], asked=said, services=SERVICES, silent=silent, outcomes=OUTCOMES, more=more
    )
