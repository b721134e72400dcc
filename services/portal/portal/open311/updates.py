"""GET and POST servicerequestupdates, the extension that FixMyStreet speaks: what happened, and what reporters add."""

from typing import Any

from fastapi import Request, Response

from portal.addresses import at
from portal.open311 import times
from portal.open311.catalogue import named
from portal.open311.errors import bad
from portal.open311.formats import written
from portal.open311.given import CatalogueDep, FormsDep, ServicesDep
from portal.open311.parameters import of_address
from portal.open311.routing import answers, asked_format, caller_of

STATUSES = frozenset(
    [
        "OPEN",
        "CLOSED",
        "FIXED",
        "IN_PROGRESS",
        "PLANNED",
        "ACTION_SCHEDULED",
        "INVESTIGATING",
        "DUPLICATE",
        "NOT_COUNCILS_RESPONSIBILITY",
        "NO_FURTHER_ACTION",
        "INTERNAL_REFERRAL",
        "FOR_TRIAGE",
        "CANCELLED",
        "REOPEN",
        "UNCHANGED",
    ]
)
NOTHING_SAID = "—"


@answers("GET", "/servicerequestupdates", "start_date", "end_date")
async def updates(request: Request, catalogue: CatalogueDep, services: ServicesDep) -> Response:
    """What happened to requests within a time, oldest first; without one in the last two hours."""
    format, parameters = asked_format(request), of_address(request)
    caller = await caller_of(request, parameters)
    since, until = parameters.time("start_date"), parameters.time("end_date")
    if (since is None) != (until is None):
        raise bad("start_date and end_date come together.", "start_date 和 end_date 要一起写。")
    asked = {"community": await catalogue.community(parameters, caller)}
    if since and until:
        asked |= {"since": since.isoformat(), "until": until.isoformat()}
    steps = (await services.read("/v1/request-steps", caller, asked))["items"]
    return written(format, "service_request_updates", [_shown(step) for step in steps])


@answers(
    *(
        "POST",
        "/servicerequestupdates",
        "service_request_id!",
        "update_id!",
        "status",
        "title",
        "description",
        "media_url",
    )
)
async def add(request: Request, services: ServicesDep, forms: FormsDep) -> Response:
    """What a reporter adds to a request that came in by Open311: a note for staff, once for each `update_id`."""
    format = asked_format(request)
    async with forms.read(request) as parameters:
        caller = await caller_of(request, parameters)
        id, update_id = parameters.needed("service_request_id"), parameters.needed("update_id")
        status = (parameters.get("status") or "").upper() or None
        if status is not None and status not in STATUSES:
            raise bad("This status is not known.", "没有这个 status。")
        said = [parameters.get("title"), parameters.get("description"), *parameters.all("media_url")]
        body = {"update_id": update_id, "status": status, "message": "\n\n".join(filter(None, said)) or NOTHING_SAID}
        await services.send("workflow", at("/v1/requests/{id}/comments", id=_segment(id)), body, caller)
    return written(format, "service_request_updates", [{"update_id": update_id}])


def _segment(id: str) -> str:
    """An id as part of an address. Raises 400 for what cannot be one."""
    if not id.replace("-", "").isalnum() or not id.isascii() or len(id) > 64:
        raise bad("There is no such service_request_id.", "没有这个 service_request_id。")
    return id


def _shown(step: dict[str, Any]) -> dict[str, Any]:
    return {
        "update_id": step["id"],
        "service_request_id": step["request_id"],
        "status": step["status"],
        "updated_datetime": times.written(step["at"]),
        "description": step["message"] or named(step, "words"),
        "media_url": None,
    }
