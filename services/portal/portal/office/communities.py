"""Communities' data: what is in force, its versions and what differs, a new one checked before it is put in force,
and a policy tried on the cases there are."""

import asyncio
import json
from typing import Annotated, Any

from fastapi import File, Form, Query, Request, Response, UploadFile

from linli.contracts.workflow.community import Community
from linli.security.auth import OPEN
from linli.web.bodies import takes
from linli.web.localized import Localized
from linli.web.problem_words import document as document_of
from linli.web.problems import Problem
from portal.addresses import at
from portal.office.differences import MOST, differences
from portal.office.drafts import MOST_BYTES, decoded, read
from portal.office.officer import Officer, ServicesDep, ShownDep, need
from portal.office.said import done
from portal.pages.language import _
from portal.pages.route import page_router
from portal.services import Caller, Services

routes = page_router(prefix="/office/communities")
PUBLISH, TRY = "communities:publish", "policies:try"
SECTIONS = ("parties", "neighbourhoods", "categories", "rules", "escalation")
VERSIONS = 50
"""Versions that are offered to be compared; older ones by the address."""
Version = Annotated[int | None, Query(ge=1)]
FORM_BYTES = 3 * MOST_BYTES
"""Text in a form takes up to three bytes for each of its own."""


@routes.get("", dependencies=[OPEN])
async def listing(request: Request, staff: Officer, services: ServicesDep, shown: ShownDep) -> Response:
    """The communities that are loaded."""
    found = await services.read("/v1/communities", staff.caller(request))
    return shown.page("communities.html", communities=found["items"])


@routes.get("/{id}", dependencies=[OPEN])
async def one(
    id: str, request: Request, staff: Officer, services: ServicesDep, shown: ShownDep, version: Version = None
) -> Response:
    """The data in force, or an older version."""
    caller = staff.caller(request)
    head = await _head(services, caller, id)
    data = await _data(services, caller, id, version)
    versions = await services.read(at("/v1/communities/{id}/versions", id=id), caller, {"limit": VERSIONS})
    return shown.page(
        "community.html",
        head=head,
        data=data,
        version=version or head["version"],
        versions=versions["items"],
        sections=SECTIONS,
    )


@routes.get("/{id}/data.json", dependencies=[OPEN])
async def download(
    id: str, request: Request, staff: Officer, services: ServicesDep, version: Version = None
) -> Response:
    """A version as workflow has it, to be changed and uploaded."""
    data = await _data(services, staff.caller(request), id, version)
    content = json.dumps(data, ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": f'attachment; filename="{data["id"]}.json"'}
    return Response(content, media_type="application/json", headers=headers)


@routes.get("/{id}/differences", dependencies=[OPEN])
async def compared(
    id: str,
    request: Request,
    staff: Officer,
    services: ServicesDep,
    shown: ShownDep,
    older: Annotated[int, Query(ge=1)],
    newer: Annotated[int, Query(ge=1)],
) -> Response:
    """What differs between two versions."""
    caller = staff.caller(request)
    found = differences(await _data(services, caller, id, older), await _data(services, caller, id, newer))
    return shown.page("differences.html", id=id, older=older, newer=newer, found=found, most=MOST)


@routes.get("/{id}/new", dependencies=[OPEN])
async def form(id: str, staff: Officer, shown: ShownDep) -> Response:
    """Where a new version is uploaded."""
    need(staff, PUBLISH)
    return shown.page("community_new.html", id=id, sections=SECTIONS)


@routes.post("/{id}/new", dependencies=[OPEN, takes(FORM_BYTES)])
async def check(
    id: str,
    request: Request,
    staff: Officer,
    services: ServicesDep,
    shown: ShownDep,
    file: Annotated[UploadFile | None, File()] = None,
    text: Annotated[str, Form()] = "",
    section: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """What would come of it; nothing is changed. All messages of the checker, what differs, which cases would go
    elsewhere by its rules. `section`: it is this part alone, and the rest stays as it is in force."""
    need(staff, PUBLISH)
    caller = staff.caller(request)
    before = await _present(services, caller, id)
    if file is not None and file.filename:
        text = decoded(await file.read())
    try:
        data = await read(text)
        if section in SECTIONS and before is not None:
            data = before | {section: data[section] if isinstance(data, dict) and section in data else data}
            text = json.dumps(data, ensure_ascii=False, indent=2)
        if not isinstance(data, dict):
            raise Problem("invalid", 422, Localized("It must be one mapping.", "内容应是一个字段表。"))
        would = await services.put("workflow", at("/v1/communities/{id}", id=id), data, caller, dry_run="true")
    except Problem as problem:
        if problem.status not in {409, 413, 422}:
            raise
        return shown.page("community_checked.html", id=id, text=text, fault=document_of(problem), would=None)
    found, tried = [], None
    if before is not None:
        found = differences(before, await asyncio.to_thread(_filled_in, data, before))
        tried = await _rerouted(services, caller, id, data) if staff.may(TRY) else None
    return shown.page(
        "community_checked.html",
        id=id,
        text=text,
        fault=None,
        would=would,
        found=found,
        tried=tried,
        busy=before is not None and tried is None and staff.may(TRY),
        most=MOST,
    )


@routes.post("/{id}/publish", dependencies=[OPEN, takes(FORM_BYTES)])
async def publish(
    id: str, request: Request, staff: Officer, services: ServicesDep, text: Annotated[str, Form()]
) -> Response:
    """Put it in force."""
    answer = await services.put("workflow", at("/v1/communities/{id}", id=id), await read(text), staff.caller(request))
    told = _("Version %(version)s is in force.") if answer["changed"] else _("Unchanged: version %(version)s.")
    return done(request, at("/office/communities/{id}", id=id), told % {"version": answer["version"]})


@routes.get("/{id}/{what}", dependencies=[OPEN])
async def sure(
    id: str, what: str, request: Request, staff: Officer, services: ServicesDep, shown: ShownDep
) -> Response:
    """Asked before a community takes no submissions, or a policy is tried."""
    if what == "try":
        need(staff, TRY)
        escalation = (await _data(services, staff.caller(request), id, None))["escalation"]
        text = json.dumps(escalation, ensure_ascii=False, indent=2)
        return shown.page("policy_try.html", id=id, text=text, result=None, fault=None)
    if what not in {"retire", "unretire"}:
        raise Problem("not_found", 404, Localized("There is nothing at this address.", "这个地址没有内容。"))
    need(staff, PUBLISH)
    ending = what == "retire"
    will = (
        [
            _("It takes no new submissions from now on; whoever tries is told so."),
            _("Its cases go on, and it can be taken back."),
        ]
        if ending
        else [_("It takes submissions again.")]
    )
    return shown.sure(
        (_("Retire %(id)s?") if ending else _("Take %(id)s back?")) % {"id": id},
        will,
        at("/office/communities/{id}/{what}", id=id, what=what),
        _("Retire") if ending else _("Take back"),
        at("/office/communities/{id}", id=id),
    )


@routes.post("/{id}/retire", dependencies=[OPEN])
async def retire(id: str, request: Request, staff: Officer, services: ServicesDep) -> Response:
    """It takes no new submissions."""
    await services.send("workflow", at("/v1/communities/{id}:retire", id=id), {}, staff.caller(request))
    return done(request, at("/office/communities/{id}", id=id), _("It takes no new submissions any more."))


@routes.post("/{id}/unretire", dependencies=[OPEN])
async def unretire(id: str, request: Request, staff: Officer, services: ServicesDep) -> Response:
    """It takes submissions again."""
    await services.send("workflow", at("/v1/communities/{id}:unretire", id=id), {}, staff.caller(request))
    return done(request, at("/office/communities/{id}", id=id), _("It takes submissions again."))


@routes.post("/{id}/try", dependencies=[OPEN, takes(1_000_000)])
async def try_policy(
    id: str,
    request: Request,
    staff: Officer,
    services: ServicesDep,
    shown: ShownDep,
    text: Annotated[str, Form(max_length=256 * 1024)],
) -> Response:
    """What a draft of escalation policies would have made of all the cases; nothing is changed."""
    try:
        draft = await read(text)
        escalation = draft.get("escalation") if isinstance(draft, dict) else draft
        body = {"community": id, "escalation": escalation}
        result = await services.send("workflow", "/v1/policies:try", body, staff.caller(request))
    except Problem as problem:
        if problem.status not in {409, 413, 422}:
            raise
        return shown.page("policy_try.html", id=id, text=text, result=None, fault=document_of(problem))
    return shown.page("policy_try.html", id=id, text=text, result=result, fault=None)


async def _head(services: Services, caller: Caller, id: str) -> dict[str, Any]:
    for each in (await services.read("/v1/communities", caller))["items"]:
        if each["id"] == id:
            found: dict[str, Any] = each
            return found
    raise Problem("not_found", 404, Localized("There is no such community.", "没有这个社区。"))


async def _data(services: Services, caller: Caller, id: str, version: int | None) -> dict[str, Any]:
    asked = {"version": version} if version else None
    found: dict[str, Any] = await services.read(at("/v1/communities/{id}", id=id), caller, asked)
    return found


async def _present(services: Services, caller: Caller, id: str) -> dict[str, Any] | None:
    try:
        return await _data(services, caller, id, None)
    except Problem as problem:
        if problem.status != 404:
            raise
        return None


async def _rerouted(services: Services, caller: Caller, id: str, data: dict[str, Any]) -> Any:
    """Which cases its rules would send elsewhere; None while somebody else tries theirs."""
    try:
        return await services.send("workflow", "/v1/rules:try", {"community": id, "data": data}, caller)
    except Problem as problem:
        if problem.slug != "busy":
            raise
        return None


def _filled_in(data: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """A draft that was found good, with what it does not say as workflow fills it in."""
    community = Community.model_validate(data).model_dump(mode="json")
    return community | {"retired_at": before.get("retired_at")}
