"""Letters with codes by which households take part in one affair: printed door by door, and kept nowhere."""

from typing import Annotated

from fastapi import Path, Response

from linli.security.auth import OPEN
from linli.web.problems import Problem
from portal.addresses import at
from portal.pages.language import gettext
from portal.pages.route import page_router
from portal.renewal.forms import Field, Form, body_of, read
from portal.renewal.given import AtTheDesk, Id, StaffVisit
from portal.renewal.giving import Giving, refused, shown
from portal.renewal.steps.kinds import KINDS
from portal.services import NOT_TO_BE_HAD, or_none

routes = page_router()
INVITE = "households:invite"
MOST_DOORS = 200
"""Letters that are printed at a time."""
Kind = Annotated[str, Path(pattern="^(plans|covenants|deliberations)$")]
ADDRESS = "/desk/affairs/{kind}/{id}/codes"


@routes.get(ADDRESS, dependencies=[OPEN])
async def form(kind: Kind, id: Id, here: AtTheDesk) -> Response:
    """For which doors; at first for those that a survey was sent to."""
    return shown(here, await _giving(here, kind, id))


@routes.post(ADDRESS, dependencies=[OPEN])
async def print_letters(kind: Kind, id: Id, here: AtTheDesk) -> Response:
    """A letter for each door, ready to print. The file is the only place where the codes stand."""
    giving, filled = await _giving(here, kind, id), await read(here.visit.request)
    body, faults = body_of(giving.form, filled, here.zone)
    if faults:
        return shown(here, giving, filled.__class__(filled.said, faults=faults, status=422))
    try:
        pdf = await here.services.made("neighbourhood", giving.to, body, here.caller, {"as": "pdf"})
    except Problem as problem:
        return shown(here, giving, refused(giving.form, filled, problem))
    name = {"Content-Disposition": 'attachment; filename="letters.pdf"', "Cache-Control": "no-store"}
    return Response(pdf, media_type="application/pdf", headers=name)


async def _giving(here: StaffVisit, kind: str, id: str) -> Giving:
    affair = await here.get(at("/v1/{kind}/{id}", kind=kind, id=id))
    known = await _doors(here, affair["community"], affair["neighbourhood"])
    many = gettext("A line each, up to %(most)s at a time.") % {"most": MOST_DOORS}
    where = gettext("Where and when it can be done in writing, and the telephone number")
    on_letters = gettext("It stands on each letter. Empty: the name of the office alone.")
    fields = (
        Field("doors", gettext("Doors"), "lines", many, value="\n".join(known), most=400_000),
        Field("office.zh", where, "area", on_letters, required=False, most=500),
        Field("two_sided", gettext("For both sides of the paper"), "yes", required=False),
    )
    follows = gettext("The file holds codes: print it, deliver it, keep no copy. A new letter ends the code before it.")
    title = gettext("Letters with codes for households")
    form = Form(title, gettext("Make the PDF"), title, fields, follows, INVITE)
    back = KINDS[kind].page_of(affair)
    to = at("/v1/{kind}/{id}/codes:deliver", kind=kind, id=id)
    return Giving(form, at(ADDRESS, kind=kind, id=id), to, back, gettext("Back"))


async def _doors(here: StaffVisit, community: str, neighbourhood: str) -> list[str]:
    """Those that the newest survey of the place was sent to, as far as they fit into one file."""
    place = {"community": community, "neighbourhood": neighbourhood}
    rounds = await or_none(here.get("/v1/rounds", place), NOT_TO_BE_HAD) or []
    for each in reversed(rounds):
        path = at("/v1/rounds/{id}/households", id=each["id"])
        if found := await or_none(here.get(path), NOT_TO_BE_HAD):
            return [one["door"] for one in found if one["door"]][:MOST_DOORS]
    return []
