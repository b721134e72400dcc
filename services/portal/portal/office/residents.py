"""What a resident may ask for: all that is held of them, and that it is erased.

A resident is named in a form, never in an address; what is found is shown by the answer to it and kept nowhere.
"""

import json
import zipfile
from collections.abc import Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import Annotated, Any

from fastapi import Form, Request, Response
from fastapi.responses import StreamingResponse

from linli.privacy.parked_of import parked_of
from linli.security.auth import OPEN
from linli.web.problems import Problem
from portal.addresses import at
from portal.office.officer import Officer, ServicesDep, ShownDep, need
from portal.office.said import done
from portal.pages.language import _, ngettext
from portal.pages.route import page_router
from portal.services import Caller, Services

routes = page_router(prefix="/office/privacy")
EXPORT, ERASE = "residents:export", "residents:erase"
OVER = {"closed", "withdrawn"}
AT_ONCE = 1_000
IN_MEMORY = 4_000_000
"""Bytes of a file that is handed out; more of it waits on disk, in a file without a name."""
Resident = Annotated[str, Form(min_length=1, max_length=254)]
Alone = Annotated[bool, Form()]


@routes.get("", dependencies=[OPEN])
async def form(staff: Officer, shown: ShownDep) -> Response:
    """Who it is about."""
    need(staff, EXPORT)
    return shown.page("privacy.html", found=None, resident="", alone=False, also={}, still_open=[])


@routes.post("", dependencies=[OPEN])
async def find(
    request: Request,
    staff: Officer,
    services: ServicesDep,
    shown: ShownDep,
    resident: Resident,
    alone: Alone = False,
) -> Response:
    """What an export or an erasure would be of: changes nothing, and is in the audit log."""
    caller = staff.caller(request)
    found, also = await _found(services, caller, resident.strip(), alone)
    return shown.page(
        "privacy.html", found=found, resident=resident.strip(), alone=alone, also=also, still_open=_open(found)
    )


@routes.post("/export", dependencies=[OPEN])
async def export(
    request: Request, staff: Officer, services: ServicesDep, resident: Resident, alone: Alone = False
) -> Response:
    """All that the services hold, as one file: for the resident, and nobody else."""
    caller = staff.caller(request)
    file: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed when it is sent
    try:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            held = await _collected(services, caller, {"resident": resident.strip(), "alone": alone}, archive)
            archive.writestr("resident.json", json.dumps(held, ensure_ascii=False, indent=2))
    except BaseException:
        file.close()
        raise
    file.seek(0)
    headers = {"Content-Disposition": 'attachment; filename="resident.zip"'}
    return StreamingResponse(_parts(file), media_type="application/zip", headers=headers)


@routes.post("/erase", dependencies=[OPEN])
async def erase(
    request: Request,
    staff: Officer,
    services: ServicesDep,
    shown: ShownDep,
    resident: Resident,
    alone: Alone = False,
    also_open: Annotated[bool, Form()] = False,
    sure: Annotated[bool, Form()] = False,
) -> Response:
    """Ask, and then erase. Of an open case only when that is said."""
    caller = staff.caller(request)
    need(staff, ERASE)
    resident = resident.strip()
    found, also = await _found(services, caller, resident, alone)
    still_open = _open(found)
    if not sure or (still_open and not also_open):
        return shown.page(
            "privacy_erase.html", found=found, resident=resident, alone=alone, also=also, still_open=still_open
        )
    answer = await services.send("intake", "/v1/residents:erase", {"resident": resident, "alone": alone}, caller)
    number = len(answer["erased"])
    text = ngettext("%(number)s submission is erased.", "%(number)s submissions are erased.", number)
    kafka = _("Kafka still holds it until somebody runs: linli privacy erase --again")
    masked = _("Masked in submissions of others: %(number)s") % {"number": answer["masked_elsewhere"]}
    return done(request, "/office/retention", text % {"number": number}, lines=[masked, kafka])


async def _found(
    services: Services, caller: Caller, resident: str, alone: bool
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The resident's submissions, each with the state of its case; and the cases merged with those."""
    body = {"resident": resident, "alone": alone}
    items = (await services.send("intake", "/v1/residents:find", body, caller))["items"]
    ids = [each["id"] for each in items]
    states = await _asked(services, caller, "/v1/cases:lookup", ids)
    also = await _asked(services, caller, "/v1/cases:relatives", ids)
    return [each | {"state": states.get(each["id"])} for each in items], {
        id: state for id, state in also.items() if id not in ids
    }


async def _asked(services: Services, caller: Caller, path: str, ids: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for start in range(0, len(ids), AT_ONCE):
        asked = {"ids": list(ids[start : start + AT_ONCE])}
        found |= (await services.send("workflow", path, asked, caller))["found"]
    return found


def _open(found: Sequence[dict[str, Any]]) -> list[str]:
    return [each["id"] for each in found if each["state"] and each["state"] not in OVER and not each["erased_at"]]


async def _collected(
    services: Services, caller: Caller, whom: dict[str, Any], archive: zipfile.ZipFile
) -> dict[str, Any]:
    """Submissions, cases with their history, deliveries, parked records; the photos go into the file."""
    submissions = (await services.send("intake", "/v1/residents:export", whom, caller))["items"]
    cases: list[dict[str, Any]] = []
    deliveries: list[dict[str, Any]] = []
    for submission in submissions:
        id = submission["id"]
        for photo in submission["photos"]:
            photo["file"] = f"photos/{id}/{photo['id']}.jpg"
            path = at("/v1/submissions/{id}/attachments/{photo}", id=id, photo=photo["id"])
            archive.writestr(photo["file"], await services.content("intake", path, caller))
        for case in await _story(services, caller, id):
            for photo in case["evidence"]:
                photo["file"] = f"photos/{case['id']}/{photo['stage']}-{photo['id']}.jpg"
                path = at("/v1/cases/{id}/evidence/{photo}", id=case["id"], photo=photo["id"])
                archive.writestr(photo["file"], await services.content("workflow", path, caller))
            cases.append(case)
        deliveries += await _deliveries(services, caller, id)
    streams = dict.fromkeys(each["id"] for each in (*submissions, *cases))
    parked, left_out = await parked_of(
        list(streams), lambda service, asked: services.get(service, "/v1/parked", caller, asked)
    )
    held = {"submissions": submissions, "cases": cases, "deliveries": deliveries, "parked": parked}
    return {"by": "Linli"} | held | {"not_included": left_out}


async def _story(services: Services, caller: Caller, id: str) -> list[dict[str, Any]]:
    """The case and its parts; none while the submission is on its way."""
    try:
        case = await _case(services, caller, id)
    except Problem as problem:
        if problem.status != 404:
            raise
        return []
    return [case, *[await _case(services, caller, part) for part in case["parts"]]]


async def _case(services: Services, caller: Caller, id: str) -> dict[str, Any]:
    """With its whole history, of which workflow gives the newest steps first."""
    path = at("/v1/cases/{id}", id=id)
    case: dict[str, Any] = await services.read(path, caller)
    while case["earlier"] is not None:
        before = await services.read(path, caller, {"before": case["earlier"]})
        case |= {"history": [*before["history"], *case["history"]], "earlier": before["earlier"]}
    return case


async def _deliveries(services: Services, caller: Caller, id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        asked = {"case": id, "limit": 500} | ({"cursor": cursor} if cursor else {})
        page = await services.get("notify", "/v1/deliveries", caller, asked)
        found += page["items"]
        cursor = page["next"]
    return found


def _parts(file: "SpooledTemporaryFile[bytes]") -> Iterator[bytes]:
    with file:
        while part := file.read(65_536):
            yield part
