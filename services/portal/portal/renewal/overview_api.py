"""The desk's pages of a covenant, a meeting, an illegal structure and a notice: how it stands, what can be done."""

import asyncio
from typing import Annotated, Any

from fastapi import Path, Response

from linli.photos.forms import Sha
from linli.security.auth import OPEN
from portal.addresses import at
from portal.pages.route import page_router
from portal.renewal.given import AtTheDesk, Id, StaffVisit
from portal.renewal.steps.clearings import CLEARINGS
from portal.renewal.steps.covenants import COVENANTS, newest_of
from portal.renewal.steps.meetings import MEETINGS
from portal.renewal.steps.notices import HOME, NOTICES
from portal.renewal.steps.step import Kind
from portal.services import NOT_TO_BE_HAD, or_none

routes = page_router()
NOT_THERE = NOT_TO_BE_HAD | {409}
"""Of what is not written yet, too."""


@routes.get("/desk/plans/{id}/versions/{n}.pdf", dependencies=[OPEN])
async def plan_on_paper(id: Id, n: Annotated[int, Path(ge=1, le=10_000)], here: AtTheDesk) -> Response:
    """A version to print."""
    path = at("/v1/plans/{id}/versions/{n}", id=id, n=str(n))
    content = await here.services.content("neighbourhood", path, here.caller, {"as": "pdf"})
    return _file(content, "application/pdf", "plan.pdf")


@routes.get("/desk/covenants/{id}", dependencies=[OPEN])
async def covenant(id: Id, here: AtTheDesk) -> Response:
    """Its newest text, comments in their words, who has signed how many times."""
    path = at("/v1/covenants/{id}", id=id)
    found, comments = await asyncio.gather(here.get(path), _or_none(here, f"{path}/comments"))
    newest = newest_of(found)
    text = await here.get(f"{path}/texts/{newest['digest']}") if newest else None
    return _page(here, "desk_covenant.html", COVENANTS, found, newest=newest, text=text, comments=comments)


@routes.get("/desk/meetings/{id}", dependencies=[OPEN])
async def meeting(id: Id, here: AtTheDesk) -> Response:
    """Its agenda, who came, what was minuted and put right."""
    path = at("/v1/meetings/{id}", id=id)
    found, minutes = await asyncio.gather(here.get(path), _or_none(here, f"{path}/minutes"))
    return _page(here, "desk_meeting.html", MEETINGS, found, minutes=minutes)


@routes.get("/desk/meetings/{id}/minutes.pdf", dependencies=[OPEN])
async def minutes_on_paper(id: Id, here: AtTheDesk) -> Response:
    """The minutes to print, with the names of those who were there."""
    content = await here.services.content("neighbourhood", at("/v1/meetings/{id}/minutes.pdf", id=id), here.caller)
    return _file(content, "application/pdf", "minutes.pdf")


@routes.get("/desk/meetings/{id}/invitation.ics", dependencies=[OPEN])
async def for_the_calendar(id: Id, here: AtTheDesk) -> Response:
    """The meeting for one's own calendar."""
    content = await here.services.content("neighbourhood", at("/v1/meetings/{id}/invitation.ics", id=id), here.caller)
    return _file(content, "text/calendar", "meeting.ics")


@routes.get("/desk/clearings/{id}", dependencies=[OPEN])
async def clearing(id: Id, here: AtTheDesk) -> Response:
    """What stands there, and all that happened to it."""
    path = at("/v1/clearings/{id}", id=id)
    found, history = await asyncio.gather(here.get(path), here.get(f"{path}/history"))
    return _page(here, "desk_clearing.html", CLEARINGS, found, history=history)


@routes.get("/desk/clearings/{id}/photos/{sha256}", dependencies=[OPEN])
async def photo(id: Id, sha256: Sha, here: AtTheDesk) -> Response:
    """One photo; each look is recorded."""
    path = at("/v1/clearings/{id}/photos/{sha256}", id=id, sha256=sha256)
    return Response(await here.services.picture("neighbourhood", path, here.caller), media_type="image/jpeg")


@routes.get(HOME, dependencies=[OPEN])
async def notice(id: Id, here: AtTheDesk) -> Response:
    """Where it hangs since when, building by building, and on which days that count."""
    found, board = await asyncio.gather(
        here.get(at("/v1/publicity/{id}", id=id)), here.get(at("/v1/board/{id}", id=id))
    )
    names = {each.name for each in NOTICES.open_to(found, here.person)}
    return _page(here, "desk_notice.html", NOTICES, found, board=board, names=names)


def _page(here: StaffVisit, template: str, kind: Kind, affair: Any, **values: Any) -> Response:
    one = kind.of_one(affair, here.person)
    return here.page(template, affair=affair, steps=kind.open_to(affair, here.person), one=one, **values)


async def _or_none(here: StaffVisit, path: str) -> Any:
    return await or_none(here.get(path), NOT_THERE)


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'inline; filename="{name}"'})
