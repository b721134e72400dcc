"""Codes by which households take part in one affair: made for those that are named, and shown once to be handed out.

Or printed, on a letter for each door.
"""

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
PRINTED = "printed"
"""The form's own field: letters are asked for."""
LETTERS = {"Content-Disposition": 'attachment; filename="letters.pdf"', "Cache-Control": "no-store"}
PAGES = {"plans": "objections", "covenants": "signing", "deliberations": "talks"}
"""By kind: where a household's page is."""
Kind = Annotated[str, Path(pattern="^(plans|covenants|deliberations)$")]
ADDRESS = "/desk/affairs/{kind}/{id}/codes"


@routes.get(ADDRESS, dependencies=[OPEN])
async def form(kind: Kind, id: Id, here: AtTheDesk) -> Response:
    """For which households; at first for those that a survey was sent to."""
    return shown(here, await _giving(here, kind, id))


@routes.post(ADDRESS, dependencies=[OPEN])
async def make(kind: Kind, id: Id, here: AtTheDesk) -> Response:
    """Make them. The page, or the letters, are the only place where they stand: nothing of it is kept."""
    giving, filled = await _giving(here, kind, id), await read(here.visit.request)
    body, faults = body_of(giving.form, filled, here.zone)
    if faults:
        return shown(here, giving, filled.__class__(filled.said, faults=faults, status=422))
    printed = body.pop(PRINTED)
    try:
        if printed:
            pdf = await here.services.made("neighbourhood", giving.to, body, here.caller, {"as": "pdf"})
            return Response(pdf, media_type="application/pdf", headers=LETTERS)
        codes = await here.send(giving.to, body)
    except Problem as problem:
        return shown(here, giving, refused(giving.form, filled, problem))
    url = f"{here.visit.office.url}/{PAGES[kind]}"
    return here.page("desk_codes.html", codes=codes, url=url, back=giving.back)


async def _giving(here: StaffVisit, kind: str, id: str) -> Giving:
    affair = await here.get(at("/v1/{kind}/{id}", kind=kind, id=id))
    known = await _households(here, affair["community"], affair["neighbourhood"])
    hint = gettext("By their ids, a line each.")
    where = gettext("Where and when it can be done in writing, and the telephone number")
    on_letters = gettext("It stands on each letter. Empty: the name of the office alone.")
    fields = (
        Field("households", gettext("Households"), "lines", hint, value="\n".join(known), most=400_000),
        Field(PRINTED, gettext("As letters to print, one for each door (PDF)"), "yes", required=False),
        Field("office.zh", where, "area", on_letters, required=False, most=500),
    )
    follows = gettext("Each code is shown once, on the next page: print it there. A new code ends the one before it.")
    title = gettext("Codes for households")
    form = Form(title, gettext("Make the codes"), title, fields, follows, INVITE)
    back = KINDS[kind].page_of(affair)
    to = at("/v1/{kind}/{id}/codes:deliver", kind=kind, id=id)
    return Giving(form, at(ADDRESS, kind=kind, id=id), to, back, gettext("Back"))


async def _households(here: StaffVisit, community: str, neighbourhood: str) -> list[str]:
    """Those that the newest survey of the place was sent to."""
    place = {"community": community, "neighbourhood": neighbourhood}
    rounds = await or_none(here.get("/v1/rounds", place), NOT_TO_BE_HAD) or []
    for each in reversed(rounds):
        path = at("/v1/rounds/{id}/households", id=each["id"])
        if found := await or_none(here.get(path), NOT_TO_BE_HAD):
            return [one["household"] for one in found]
    return []
