"""Outages: what is off; what a company has told the office by telephone, reported in its name."""

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias
from uuid import uuid4

from fastapi import Depends, Form, Query, Request, Response

from linli.contracts.kinds import Language
from linli.security.auth import OPEN
from linli.web.localized import Localized
from linli.web.problem_words import ANSWER_IN
from linli.web.problems import Problem
from portal.addresses import at
from portal.office.officer import Officer, ServicesDep, Shown, ShownDep, need
from portal.office.said import done
from portal.pages.language import _
from portal.pages.moments import rfc3339
from portal.pages.route import page_router
from portal.services import Caller, Services

routes = page_router(prefix="/office/outages")
REPORT = "outages:report"
TAKEN = {"applied", "noted", "duplicate"}
UTILITIES = ("water", "power", "gas", "heating", "telecom")
CAUSES = ("works", "fault", "damage", "weather", "supply", "other")
Did: TypeAlias = Literal["extend", "restore", "cancel"]
DID: dict[str, str] = {"extend": "extended", "restore": "restored", "cancel": "cancelled"}
Short = Annotated[str, Form(max_length=100)]
Message = Annotated[str, Form(max_length=2_000)]
REPORT_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Once:
    """What makes a report the same one when its form is sent twice: its id, and when it was said."""

    id: str
    at: str

    @classmethod
    def new(cls, shown: Shown) -> "Once":
        """With the form: the company is on the telephone while it is filled in."""
        return cls(uuid4().hex, shown.place.now().isoformat())


def _once(shown: ShownDep, report: Short = "", said_at: Short = "") -> Once:
    new = Once.new(shown)
    return Once(report if REPORT_ID.fullmatch(report) else new.id, rfc3339(said_at, shown.place.zone) or new.at)


OnceDep = Annotated[Once, Depends(_once)]


@routes.get("", dependencies=[OPEN])
async def listing(
    request: Request,
    staff: Officer,
    services: ServicesDep,
    shown: ShownDep,
    community: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """What is off and what is planned, the oldest first."""
    asked = {"community": community} if community else {}
    found = await services.read("/v1/outages", staff.caller(request), asked)
    return shown.page("outages.html", outages=found["items"])


@routes.get("/new", dependencies=[OPEN])
async def form(
    request: Request,
    staff: Officer,
    services: ServicesDep,
    shown: ShownDep,
    community: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """Whose, what, where, until when."""
    need(staff, REPORT)
    caller = staff.caller(request)
    communities = (await services.read("/v1/communities", caller))["items"]
    partners = (await services.read("/v1/partners", caller))["items"]
    chosen = community or next((each["community"] for each in partners), communities[0]["id"] if communities else "")
    data = await services.read(at("/v1/communities/{id}", id=chosen), caller) if chosen else None
    names = {each["id"]: each["name"] for each in data["parties"]} if data else {}
    parties = [each["party"] for each in partners if each["community"] == chosen]
    return shown.page(
        "outage_new.html",
        communities=communities,
        chosen=chosen,
        parties=[(id, names.get(id, id)) for id in parties],
        neighbourhoods=data["neighbourhoods"] if data else [],
        utilities=UTILITIES,
        causes=CAUSES,
        name=f"office-{uuid4().hex[:8]}",
        once=Once.new(shown),
    )


@routes.post("/new", dependencies=[OPEN])
async def declare(
    request: Request,
    staff: Officer,
    services: ServicesDep,
    shown: ShownDep,
    community: Short,
    party: Short,
    outage: Annotated[str, Form(min_length=1, max_length=128)],
    once: OnceDep,
    neighbourhoods: Annotated[list[Annotated[str, Form(max_length=100)]] | None, Form(max_length=200)] = None,
    buildings: Message = "",
    utility: Short = "",
    cause: Short = "",
    starts_at: Short = "",
    until: Short = "",
    planned: Annotated[bool, Form()] = False,
    message: Message = "",
) -> Response:
    """Declare it: open reports follow it, and who reports it now is told that it is known."""
    zone = shown.place.zone
    area: dict[str, Any] = {"neighbourhoods": neighbourhoods or []}
    if buildings.strip():
        if not neighbourhoods or len(neighbourhoods) != 1:
            detail = Localized("Buildings go with one neighbourhood.", "写楼栋时请只选一个小区。")
            raise Problem("invalid", 422, detail)
        named = [each.strip() for each in buildings.replace("，", ",").split(",") if each.strip()]
        area = {"buildings": [{"neighbourhood": neighbourhoods[0], "name": each} for each in named]}
    said = {
        "area": area,
        "utility": utility or None,
        "cause": cause or None,
        "starts_at": rfc3339(starts_at, zone),
        "until": rfc3339(until, zone),
        "planned": planned or None,
        "message": message.strip() or None,
    }
    said |= {"outage_id": outage.strip(), "did": "declared"}
    receipt = await _report(services, staff.caller(request), once, community, party, said)
    address = at("/office/outages/{c}/{p}/{o}", c=community, p=party, o=outage)
    return _told(request, receipt, address)


@routes.get("/{community}/{party}/{outage}", dependencies=[OPEN])
async def one(
    community: str, party: str, outage: str, request: Request, staff: Officer, services: ServicesDep, shown: ShownDep
) -> Response:
    """One, with the figures of its reports."""
    path = at("/v1/outages/{c}/{p}/{o}", c=community, p=party, o=outage)
    found = await services.read(path, staff.caller(request))
    return shown.page("outage.html", outage=found)


@routes.get("/{community}/{party}/{outage}/{what}", dependencies=[OPEN])
async def sure(community: str, party: str, outage: str, what: Did, staff: Officer, shown: ShownDep) -> Response:
    """What will happen, and what is said to those who wait."""
    need(staff, REPORT)
    title, will, button = _asked()[what]
    parts = {"c": community, "p": party, "o": outage}
    return shown.page(
        "outage_say.html",
        title=title % {"outage": outage},
        will=will,
        button=button,
        what=what,
        once=Once.new(shown),
        action=at("/office/outages/{c}/{p}/{o}", **parts) + f"/{what}",
        back=at("/office/outages/{c}/{p}/{o}", **parts),
    )


def _asked() -> dict[str, tuple[str, str, str]]:
    return {
        "extend": (
            _("Until when does %(outage)s last?"),
            _("All who wait are told the new time."),
            _("Say the new time"),
        ),
        "restore": (
            _("Is %(outage)s over?"),
            _("Each who has reported it is asked whether it is back; who says no is dealt with again."),
            _("It is back"),
        ),
        "cancel": (
            _("Cancel %(outage)s?"),
            _("It does not take place, or was a mistake: reports that follow it are dealt with by themselves."),
            _("Cancel the outage"),
        ),
    }


@routes.post("/{community}/{party}/{outage}/{what}", dependencies=[OPEN])
async def say(
    community: str,
    party: str,
    outage: str,
    what: Did,
    request: Request,
    staff: Officer,
    services: ServicesDep,
    shown: ShownDep,
    once: OnceDep,
    until: Short = "",
    message: Message = "",
) -> Response:
    """Say in the company's name what has become of it."""
    said: dict[str, Any] = {"message": message.strip() or None}
    if what == "extend":
        said["until"] = rfc3339(until, shown.place.zone)
    said |= {"outage_id": outage, "did": DID[what]}
    receipt = await _report(services, staff.caller(request), once, community, party, said)
    return _told(request, receipt, at("/office/outages/{c}/{p}/{o}", c=community, p=party, o=outage))


async def _report(
    services: Services,
    caller: Caller,
    once: Once,
    community: str,
    party: str,
    said: dict[str, Any],
) -> dict[str, Any]:
    body: dict[str, Any] = {"report_id": once.id, "occurred_at": once.at}
    body |= {name: value for name, value in said.items() if value is not None}
    asked = {"community": community, "party": party}
    receipt: dict[str, Any] = await services.send("workflow", "/v1/outages/reports", body, caller, asked)
    return receipt


def _told(request: Request, receipt: dict[str, Any], address: str) -> Response:
    """What it came to, in workflow's words; what was not taken is said where all outages are."""
    taken = receipt["outcome"] in TAKEN
    text = receipt["text_zh"] if ANSWER_IN.get() is Language.ZH else receipt["text_en"]
    return done(request, address if taken else "/office/outages", text, kind="ok" if taken else "bad")
