"""Partners: how each stands, what it reads, its calls; pause, resume, new secrets, the end, an order for trying."""

import asyncio
from collections.abc import Awaitable
from typing import Annotated, Any

from fastapi import Query, Request, Response

from linli.gathering import few_at_once
from linli.security.auth import OPEN
from linli.web.localized import Localized
from linli.web.problems import Problem
from portal.addresses import at
from portal.office.officer import Officer, ServicesDep, ShownDep, need
from portal.office.said import done
from portal.pages.language import _
from portal.pages.route import page_router
from portal.services import Caller, Services

routes = page_router(prefix="/office/partners")
CHANGE = "partners:change"
TRIES = 20


@routes.get("", dependencies=[OPEN])
async def listing(request: Request, staff: Officer, services: ServicesDep, shown: ShownDep) -> Response:
    """All: ways, standing, who is silent or behind."""
    caller = staff.caller(request)
    items = (await services.read("/v1/partners", caller))["items"]
    readings = await few_at_once(lambda each: _reading(services, caller, each), items)
    partners = [each | {"reading": reading} for each, reading in zip(items, readings, strict=True)]
    return shown.page("partners.html", partners=partners)


@routes.get("/{community}/{party}", dependencies=[OPEN])
async def one(
    community: str,
    party: str,
    request: Request,
    staff: Officer,
    services: ServicesDep,
    shown: ShownDep,
    orders: Annotated[str, Query(max_length=2_000)] = "",
) -> Response:
    """One, with what it has read and the calls to its endpoint; `orders`: those that were sent for trying."""
    caller = staff.caller(request)
    partner = await services.read(_path("/v1/partners", community, party), caller)
    reading, endpoint = await asyncio.gather(
        _reading(services, caller, partner),
        _or_none(services.get("notify", _path("/v1/endpoints", community, party), caller)),
    )
    tries = None
    if endpoint is not None:
        path = _path("/v1/endpoints", community, party) + "/tries"
        tries = (await services.get("notify", path, caller, {"limit": TRIES}))["items"]
    trials = None
    if orders:
        path = _path("/v1/partners", community, party) + "/trials"
        trials = (await services.read(path, caller, {"orders": orders}))["items"]
    return shown.page("partner.html", partner=partner, reading=reading, endpoint=endpoint, tries=tries, trials=trials)


@routes.get("/{community}/{party}/{what}", dependencies=[OPEN])
async def sure(community: str, party: str, what: str, staff: Officer, shown: ShownDep) -> Response:
    """What will happen."""
    need(staff, CHANGE)
    asked = _asked().get(what)
    if asked is None:
        raise Problem("not_found", 404, Localized("There is nothing at this address.", "这个地址没有内容。"))
    title, will, button = asked
    return shown.sure(
        title % {"party": party},
        will,
        at("/office/partners/{community}/{party}/{what}", community=community, party=party, what=what),
        button,
        at("/office/partners/{community}/{party}", community=community, party=party),
        facts=[(_("Subdistrict"), community), (_("Party"), party)],
    )


def _asked() -> dict[str, tuple[str, list[str], str]]:
    rest = _("The passwords and secrets before count for a while: seven days on Kafka, one for what is posted to it.")
    return {
        "pause": (
            _("Pause %(party)s?"),
            [_("Nothing is sent to it and nothing taken from it. Its events wait; its cases go on.")],
            _("Pause"),
        ),
        "rotate": (
            _("Give %(party)s new secrets?"),
            [_("Its password on Kafka and the secret of its endpoint are made anew; hand it a new kit."), rest],
            _("New secrets"),
        ),
        "rotate-at-once": (
            _("Give %(party)s new secrets, and end the one before now?"),
            [_("Its program is out until it has the new password: for a password that was lost.")],
            _("New secrets, now"),
        ),
        "revoke": (
            _("End the part of %(party)s?"),
            [
                _("Nothing that it sends is taken from now on, and no password of its counts."),
                _("The keys of its kits are revoked, its endpoint is removed. It cannot be undone."),
            ],
            _("End its part"),
        ),
    }


@routes.post("/{community}/{party}/pause", dependencies=[OPEN])
async def pause(community: str, party: str, request: Request, staff: Officer, services: ServicesDep) -> Response:
    """Send it nothing, take nothing from it."""
    await _do(services, staff.caller(request), community, party, "pause")
    return _told(request, community, party, _("It is paused."))


@routes.post("/{community}/{party}/resume", dependencies=[OPEN])
async def resume(community: str, party: str, request: Request, staff: Officer, services: ServicesDep) -> Response:
    """Let it go on."""
    await _do(services, staff.caller(request), community, party, "resume")
    return _told(request, community, party, _("It goes on where it was."))


@routes.post("/{community}/{party}/rotate", dependencies=[OPEN])
async def rotate(community: str, party: str, request: Request, staff: Officer, services: ServicesDep) -> Response:
    """New secrets."""
    need(staff, CHANGE)
    await _rotate(services, staff.caller(request), community, party, at_once=False)
    return _told(request, community, party, _("New secrets are made. Hand it a new kit: linli partners kit"))


@routes.post("/{community}/{party}/rotate-at-once", dependencies=[OPEN])
async def rotate_at_once(
    community: str, party: str, request: Request, staff: Officer, services: ServicesDep
) -> Response:
    """New secrets; those before count no more."""
    need(staff, CHANGE)
    await _rotate(services, staff.caller(request), community, party, at_once=True)
    return _told(request, community, party, _("New secrets are made. Hand it a new kit: linli partners kit"))


@routes.post("/{community}/{party}/try", dependencies=[OPEN])
async def try_it(community: str, party: str, request: Request, staff: Officer, services: ServicesDep) -> Response:
    """Send it two orders that are only for trying; the page shows what comes back."""
    trial = await _do(services, staff.caller(request), community, party, "try")
    address = at("/office/partners/{community}/{party}", community=community, party=party)
    text = _("Two orders for trying are sent. Load this page again to see what its program says.")
    return done(request, f"{address}?orders={','.join(trial['orders'])}", text)


@routes.post("/{community}/{party}/revoke", dependencies=[OPEN])
async def revoke(community: str, party: str, request: Request, staff: Officer, services: ServicesDep) -> Response:
    """End its part: first what needs workflow alone, for notify may be away. It may be done again."""
    caller = staff.caller(request)
    await _do(services, caller, community, party, "revoke")
    keys = (await services.read("/v1/keys", caller))["items"]
    name = f"partner {community}/{party}"  # as `linli partners kit` calls them
    ended = [key["id"] for key in keys if key["name"] == name and not key["revoked_at"]]
    for id in ended:
        await services.send("workflow", at("/v1/keys/{id}:revoke", id=id), {}, caller)
    endpoint = _path("/v1/endpoints", community, party)
    await _or_none(services.send("notify", f"{endpoint}/secret:rotate", {}, caller))  # if it comes back it has another
    await _or_none(services.remove("notify", endpoint, caller))
    lines = [_("Key %(id)s is revoked.") % {"id": id} for id in ended]
    return _told(request, community, party, _("Its part has ended."), lines)


async def _rotate(services: Services, caller: Caller, community: str, party: str, *, at_once: bool) -> None:
    partner = await services.read(_path("/v1/partners", community, party), caller)
    if not {"kafka", "webhook"} & set(partner["ways"]):
        detail = Localized("It has no secret but its API key.", "它除了 API 密钥没有其他密钥。")
        raise Problem("no_secret", 409, detail)
    if "webhook" in partner["ways"]:  # first, for what comes second is refused when it is repeated
        await services.send("notify", _path("/v1/endpoints", community, party) + "/secret:rotate", {}, caller)
    if "kafka" in partner["ways"]:
        await _do(services, caller, community, party, "rotate", at_once=at_once)


async def _do(services: Services, caller: Caller, community: str, party: str, action: str, **body: Any) -> Any:
    return await services.send("workflow", f"{_path('/v1/partners', community, party)}:{action}", body, caller)


def _told(request: Request, community: str, party: str, text: str, lines: list[str] | None = None) -> Response:
    address = at("/office/partners/{community}/{party}", community=community, party=party)
    return done(request, address, text, lines=lines or [])


async def _reading(services: Services, caller: Caller, partner: dict[str, Any]) -> Any:
    """What it has read, as notify sees it; None where notify has not heard of it yet."""
    path = _path("/v1/partners", partner["community"], partner["party"]) + "/standing"
    return await _or_none(services.get("notify", path, caller))


async def _or_none(asked: Awaitable[Any]) -> Any:
    try:
        return await asked
    except Problem as problem:
        if problem.status != 404:
            raise
        return None


def _path(of: str, community: str, party: str) -> str:
    return of + at("/{community}/{party}", community=community, party=party)
