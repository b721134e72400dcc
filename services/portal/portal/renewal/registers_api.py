"""A register of owners: its file is checked, its faults are shown by their rows, then it is taken. Nothing of it is
kept by the portal: whoever has looked at what was found chooses the same file once more."""

import hashlib
import secrets
from typing import Annotated, Any

from fastapi import File, Form, Response, UploadFile

from linli.contracts.base import Slug
from linli.security.auth import OPEN
from linli.web.bodies import takes
from linli.web.localized import Localized
from linli.web.problem_words import document
from linli.web.problems import Problem
from portal.addresses import at
from portal.pages.language import gettext
from portal.pages.route import page_router
from portal.renewal.given import AtTheDesk, Key, StaffVisit, once

routes = page_router()
MOST_BYTES = 17 * 1024 * 1024
"""A file, and the form around it."""
BASE = "/desk/renewal/{community}/{neighbourhood}"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@routes.get(BASE + "/register", dependencies=[OPEN])
async def form(community: Slug, neighbourhood: Slug, here: AtTheDesk) -> Response:
    """Where a file is chosen."""
    return _shown(here, community, neighbourhood)


@routes.get("/desk/renewal/register-form.xlsx", dependencies=[OPEN])
async def empty_form(here: AtTheDesk) -> Response:
    """The spreadsheet that a register is filled into."""
    content = await here.services.content("neighbourhood", "/v1/registers:form", here.caller)
    return Response(content, media_type=SHEET, headers={"Content-Disposition": 'attachment; filename="register.xlsx"'})


@routes.post(BASE + "/register", dependencies=[OPEN, takes(MOST_BYTES)])
async def sent(
    community: Slug,
    neighbourhood: Slug,
    here: AtTheDesk,
    file: Annotated[UploadFile | None, File()] = None,
    step: Annotated[str, Form(max_length=10)] = "check",
    checked: Annotated[str, Form(max_length=64)] = "",
    doubts_seen: Annotated[bool, Form()] = False,
    key: Key = "",
) -> Response:
    """Check it, or take what was checked: another file than that is checked first."""
    content = await file.read() if file is not None else b""
    if not content:
        return _shown(here, community, neighbourhood, 422, fault=gettext("Please choose a file."))
    place = {"community": community, "neighbourhood": neighbourhood}
    digest = hashlib.sha256(content).hexdigest()
    try:
        if step == "take" and digest == checked:
            asked = place | {"doubts_seen": str(doubts_seen).lower()}
            made = await _send(here, content, asked, key)
            told = gettext("The register is taken: %(units)s units of %(heads)s owners.")
            return here.done(at(BASE, **place), told % {"units": made["units"], "heads": made["heads"]})
        found = await _send(here, content, place | {"check": "true"})
    except Problem as problem:
        if problem.status not in {400, 409, 413, 422}:
            raise
        said = document(problem)
        return _shown(
            here, community, neighbourhood, problem.status, fault=str(said["detail"]), rows=said.get("errors") or []
        )
    another = gettext("This is another file than the one that was checked.") if step == "take" else None
    return _shown(here, community, neighbourhood, fault=another, found=found, digest=digest)


async def _send(here: StaffVisit, content: bytes, asked: dict[str, str], key: str = "") -> Any:
    path, headers = "/v1/registers:file", once(key)
    return await here.services.send_content("neighbourhood", path, content, here.caller, asked, **headers)


def _shown(here: StaffVisit, community: str, neighbourhood: str, status: int = 200, **values: Any) -> Response:
    if not here.person.may("registers:keep"):
        raise Problem("forbidden", 403, Localized("You may not do this here.", "您没有这里的权限。"))
    known: dict[str, Any] = {
        "fault": None,
        "rows": [],
        "found": None,
        "digest": "",
        "key": secrets.token_hex(16),
    } | values
    return here.page("register.html", status, community=community, neighbourhood=neighbourhood, **known)
