"""Parked records of each service: why, the record masked, try it again, give it up with the reason."""

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import Form, Query, Request, Response

from linli.security.auth import OPEN
from portal.addresses import at
from portal.office.asking import of_each
from portal.office.officer import Officer, ServicesDep, ShownDep, need
from portal.office.said import done
from portal.office.words import parked as word
from portal.pages.language import _, ngettext
from portal.pages.route import page_router
from portal.settings import ONE_OR_ALL, SERVICES, Service

routes = page_router(prefix="/office/parked")
STATES = ("parked", "replayed", "discarded")
DECIDE = "parked:decide"
STEP = 50
MOST = 500


@routes.get("", dependencies=[OPEN])
async def listing(
    request: Request,
    staff: Officer,
    services: ServicesDep,
    shown: ShownDep,
    service: Annotated[str, Query(pattern=ONE_OR_ALL)] = "",
    state: Literal["parked", "replayed", "discarded"] = "parked",
    reason: Annotated[str, Query(max_length=80)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = STEP,
) -> Response:
    """What waits for a decision, service by service. Each look is in the audit log."""
    asked = {"state": state, "limit": limit} | ({"reason": reason} if reason else {})
    names = [name for name in SERVICES if service in {"", name}]
    found, silent = await of_each(services, names, "/v1/parked", staff.caller(request), asked)
    asked_for = {"service": service, "state": state, "reason": reason}
    more = any(page["total"] > len(page["items"]) for _name, page in found) and limit < MOST
    return shown.page(
        "parked.html",
        found=found,
        silent=silent,
        states=STATES,
        services=SERVICES,
        asked=asked_for,
        reasons=sorted({item["reason"] for _name, page in found for item in page["items"]}),
        more="/office/parked?" + urlencode(asked_for | {"limit": str(min(MOST, limit * 2))}) if more else None,
    )


@routes.post("/{service}/{id}/replay", dependencies=[OPEN])
async def replay(service: Service, id: str, request: Request, staff: Officer, services: ServicesDep) -> Response:
    """Try it again, and what waited behind it. It stays when it fails as before, and the page says why."""
    answer = await services.send(service, "/v1/parked:replay", {"ids": [id]}, staff.caller(request))
    outcome = answer["items"][0]["outcome"] if answer["items"] else "decided meanwhile"
    kind = "ok" if outcome == "replayed" else "warn"
    text = _("%(service)s, %(id)s: %(outcome)s")
    return done(request, "/office/parked", text % {"service": service, "id": id, "outcome": word(outcome)}, kind=kind)


@routes.get("/{service}/replay", dependencies=[OPEN])
async def sure_of_many(
    service: Service,
    request: Request,
    staff: Officer,
    services: ServicesDep,
    shown: ShownDep,
    reason: Annotated[str, Query(min_length=1, max_length=80)],
) -> Response:
    """How many there are of a reason."""
    need(staff, DECIDE)
    page = await services.get(service, "/v1/parked", staff.caller(request), {"reason": reason, "limit": 1})
    number = page["total"]
    will = [
        ngettext(
            "%(number)s record is tried again.",
            "%(number)s records are tried again, at most 1,000.",
            number,
        )
        % {"number": number},
        _("What fails as before stays parked, and says why. What waited behind the others goes on."),
    ]
    return shown.sure(
        _("Replay all of %(service)s that are parked as '%(reason)s'?") % {"service": service, "reason": reason},
        will,
        at("/office/parked/{service}/replay", service=service),
        _("Replay all"),
        "/office/parked",
        fields={"reason": reason},
    )


@routes.post("/{service}/replay", dependencies=[OPEN])
async def replay_many(
    service: Service,
    request: Request,
    staff: Officer,
    services: ServicesDep,
    reason: Annotated[str, Form(min_length=1, max_length=80)],
) -> Response:
    """Try all of a reason again."""
    answer = await services.send(service, "/v1/parked:replay", {"reason": reason}, staff.caller(request))
    items = answer["items"]
    again = sum(each["outcome"] == "replayed" for each in items)
    lines = [f"{each['id']}: {word(each['outcome'])}" for each in items if each["outcome"] != "replayed"]
    text = _("%(service)s: %(again)s of %(all)s were replayed.")
    return done(
        request,
        "/office/parked",
        text % {"service": service, "again": again, "all": len(items)},
        kind="warn" if lines else "ok",
        lines=lines,
    )


@routes.get("/{service}/{id}/discard", dependencies=[OPEN])
async def sure(service: Service, id: str, staff: Officer, shown: ShownDep) -> Response:
    """Why it is given up."""
    need(staff, DECIDE)
    return shown.sure(
        _("Discard a parked record of %(service)s?") % {"service": service},
        [_("It is never applied. What waits behind it goes on without it."), _("It cannot be undone.")],
        at("/office/parked/{service}/{id}/discard", service=service, id=id),
        _("Discard"),
        "/office/parked",
        facts=[(_("Record"), id)],
        reason=_("Why it is given up; kept with the record, so no names and numbers"),
    )


@routes.post("/{service}/{id}/discard", dependencies=[OPEN])
async def discard(
    service: Service,
    id: str,
    request: Request,
    staff: Officer,
    services: ServicesDep,
    reason: Annotated[str, Form(max_length=2_000)],
) -> Response:
    """Give it up."""
    path = at("/v1/parked/{id}:discard", id=id)
    await services.send(service, path, {"reason": reason}, staff.caller(request))
    return done(request, "/office/parked", _("%(service)s, %(id)s: discarded.") % {"service": service, "id": id})
