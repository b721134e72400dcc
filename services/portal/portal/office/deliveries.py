"""Deliveries: who was notified, who was not, and another try."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Form, Query, Request, Response

from linli.security.auth import OPEN
from portal.addresses import at
from portal.office.officer import Officer, ServicesDep, ShownDep, need
from portal.office.said import done
from portal.pages.language import _, ngettext
from portal.pages.route import page_router

routes = page_router(prefix="/office/deliveries")
STATES = ("due", "sent", "failed", "skipped", "undeliverable", "replaced")
CHANNELS = ("email", "webhook", "sms", "none")
GIVEN_UP = ("failed", "undeliverable")
RETRY = "deliveries:retry"
Text = Annotated[str, Query(max_length=200)]
Given = Annotated[str, Form(max_length=200)]


@routes.get("", dependencies=[OPEN])
async def listing(
    request: Request,
    staff: Officer,
    services: ServicesDep,
    shown: ShownDep,
    state: Text = "",
    channel: Text = "",
    recipient: Text = "",
    case: Text = "",
    kind: Text = "",
    reason: Text = "",
    cursor: Annotated[str, Query(max_length=500)] = "",
) -> Response:
    """The newest first, by what the address asks for."""
    asked = _only(state=state, channel=channel, recipient=recipient, case=case, kind=kind, reason=reason)
    caller = staff.caller(request)
    page = await services.get("notify", "/v1/deliveries", caller, asked | ({"cursor": cursor} if cursor else {}))
    counts = await services.get("notify", "/v1/delivery-counts", caller, _only(case=case))
    query = urlencode(asked)
    return shown.page(
        "deliveries.html",
        page=page,
        counts=counts,
        states=STATES,
        channels=CHANNELS,
        asked={name: asked.get(name, "") for name in ("state", "channel", "recipient", "case", "kind", "reason")},
        more=f"/office/deliveries?{query}&" + urlencode({"cursor": page["next"]}) if page["next"] else None,
        retry=f"/office/deliveries/retry?{query}" if state in GIVEN_UP and page["items"] else None,
    )


@routes.get("/retry", dependencies=[OPEN])
async def sure(
    request: Request,
    staff: Officer,
    services: ServicesDep,
    shown: ShownDep,
    state: Annotated[str, Query(pattern="^(failed|undeliverable)$")],
    channel: Text = "",
    recipient: Text = "",
    case: Text = "",
    kind: Text = "",
    reason: Text = "",
) -> Response:
    """How many would be tried again."""
    need(staff, RETRY)
    asked = _only(state=state, channel=channel, recipient=recipient, case=case, kind=kind, reason=reason)
    page = await services.get(
        "notify", "/v1/deliveries", staff.caller(request), asked | {"count": "true", "limit": "1"}
    )
    number = page["total"]
    will = ngettext(
        "%(number)s delivery is tried again from the beginning of its schedule.",
        "%(number)s deliveries are tried again from the beginning of their schedule, at most 1,000 at once.",
        number,
    )
    return shown.sure(
        _("Retry these deliveries?"),
        [
            will % {"number": number},
            _("People may get letters about what is long past. Those whose party still has no channel stay."),
        ],
        "/office/deliveries/retry",
        _("Retry all"),
        "/office/deliveries?" + urlencode(asked),
        facts=[(name, value) for name, value in asked.items()],
        fields=asked,
    )


@routes.post("/retry", dependencies=[OPEN])
async def retry_all(
    request: Request,
    staff: Officer,
    services: ServicesDep,
    state: Given = "failed",
    channel: Given = "",
    recipient: Given = "",
    case: Given = "",
    kind: Given = "",
    reason: Given = "",
) -> Response:
    """Try all of these again."""
    body = _only(state=state, channel=channel, recipient=recipient, case=case, kind=kind, reason=reason)
    answer = await services.send("notify", "/v1/deliveries:retry", body, staff.caller(request))
    text = _("%(retried)s are due again; of %(without)s the party still has no channel.")
    values = {"retried": answer["retried"], "without": answer["without_channel"]}
    return done(request, "/office/deliveries", text % values)


@routes.get("/{id}", dependencies=[OPEN])
async def one(id: str, request: Request, staff: Officer, services: ServicesDep, shown: ShownDep) -> Response:
    """One delivery: its tries, why it ended, the last error."""
    found = await services.get("notify", at("/v1/deliveries/{id}", id=id), staff.caller(request))
    return shown.page("delivery.html", each=found, given_up=GIVEN_UP)


@routes.post("/{id}/retry", dependencies=[OPEN])
async def retry(id: str, request: Request, staff: Officer, services: ServicesDep) -> Response:
    """Try it again from the beginning of the schedule."""
    answer = await services.send("notify", at("/v1/deliveries/{id}:retry", id=id), {}, staff.caller(request))
    lines = [each["id"] for each in answer["items"]]
    address = at("/office/deliveries/{id}", id=lines[0] if lines else id)
    return done(request, address, _("Due again."), lines=lines if lines != [id] else [])


def _only(**said: str) -> dict[str, Any]:
    return {name: value.strip() for name, value in said.items() if value.strip()}
