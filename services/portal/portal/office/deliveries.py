"""Deliveries: who was notified, who was not, and another try."""

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import Form, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

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
Text = Annotated[str, Field(max_length=200)]


class Filters(BaseModel):
    """Which deliveries, as an address or a form says it; what is empty is any."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    state: Text = ""
    channel: Text = ""
    recipient: Text = ""
    case: Text = ""
    kind: Text = ""
    reason: Text = ""

    @property
    def asked(self) -> dict[str, str]:
        """What is said, as notify reads it."""
        return {name: said for name in Filters.model_fields if (said := getattr(self, name))}


class Page(Filters):
    """The same, from a place in the list."""

    cursor: Annotated[str, Field(max_length=500)] = ""


class GivenUp(Filters):
    """Those that can be tried again."""

    state: Literal["failed", "undeliverable"] = "failed"


@routes.get("", dependencies=[OPEN])
async def listing(
    request: Request,
    staff: Officer,
    services: ServicesDep,
    shown: ShownDep,
    filters: Annotated[Page, Query()],
) -> Response:
    """The newest first, by what the address asks for."""
    caller, place = staff.caller(request), {"cursor": filters.cursor} if filters.cursor else {}
    page = await services.get("notify", "/v1/deliveries", caller, filters.asked | place)
    of_case = {"case": filters.case} if filters.case else {}
    counts = await services.get("notify", "/v1/delivery-counts", caller, of_case)
    query = urlencode(filters.asked)
    return shown.page(
        "deliveries.html",
        page=page,
        counts=counts,
        states=STATES,
        channels=CHANNELS,
        asked=filters,
        more=f"/office/deliveries?{query}&" + urlencode({"cursor": page["next"]}) if page["next"] else None,
        retry=f"/office/deliveries/retry?{query}" if filters.state in GIVEN_UP and page["items"] else None,
    )


@routes.get("/retry", dependencies=[OPEN])
async def sure(
    request: Request,
    staff: Officer,
    services: ServicesDep,
    shown: ShownDep,
    filters: Annotated[GivenUp, Query()],
) -> Response:
    """How many would be tried again."""
    need(staff, RETRY)
    asked = filters.asked
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
    filters: Annotated[GivenUp, Form()],
) -> Response:
    """Try all of these again."""
    answer = await services.send("notify", "/v1/deliveries:retry", filters.asked, staff.caller(request))
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
