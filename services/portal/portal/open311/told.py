"""GET requests, one request, and tokens: how they stand."""

import asyncio
from typing import Any

from fastapi import Request, Response

from portal.open311 import times
from portal.open311.catalogue import named
from portal.open311.errors import bad, none_such
from portal.open311.formats import written
from portal.open311.given import CatalogueDep, JustSentDep, ServicesDep
from portal.open311.just_sent import JustSent
from portal.open311.parameters import Parameters, of_address
from portal.open311.routing import answers, asked_format, caller_of
from portal.open311.submission import MEDIA, leads_to_web
from portal.services import Caller, Services

MOST = 1_000
STATUSES = ("open", "closed")
LOOKS, PAUSE = 12, 0.25
"""How often, and with how many seconds between, one that came just now is looked for."""


@answers(
    *("GET", "/requests", "service_request_id", "service_code", "status", "start_date", "end_date"),
    *("updated_after", "updated_before", "page", "page_size", "extensions"),
)
async def requests(request: Request, catalogue: CatalogueDep, services: ServicesDep) -> Response:
    """Requests, newest first: those that are named, or by service, status and time."""
    format, parameters = asked_format(request), of_address(request)
    caller = await caller_of(request, parameters)
    community = await catalogue.community(parameters, caller)
    found = (await services.read("/v1/requests", caller, _asked(parameters, community)))["items"]
    return written(format, "service_requests", [shown(each, parameters) for each in found])


@answers("GET", "/requests/{id}", "extensions")
async def request_of(
    id: str, request: Request, catalogue: CatalogueDep, services: ServicesDep, sent: JustSentDep
) -> Response:
    """One request."""
    format, parameters = asked_format(request), of_address(request)
    caller = await caller_of(request, parameters)
    found = await _one(services, await catalogue.community(parameters, caller), id, caller, sent)
    return written(format, "service_requests", [shown(found, parameters)])


@answers("GET", "/tokens/{token}")
async def token(
    token: str, request: Request, catalogue: CatalogueDep, services: ServicesDep, sent: JustSentDep
) -> Response:
    """The request of a token. Nobody needs it here: every request has its id at once, and that is its token too."""
    format, parameters = asked_format(request), of_address(request)
    caller = await caller_of(request, parameters)
    found = await _one(services, await catalogue.community(parameters, caller), token, caller, sent)
    return written(format, "service_requests", [{"service_request_id": found["id"], "token": token}])


async def _one(services: Services, community: str, id: str, caller: Caller, sent: JustSent) -> dict[str, Any]:
    """Raises 404. One that has just been sent is waited for: its sender asks at once."""
    for look in range(LOOKS if id in sent else 1):
        if look:
            await asyncio.sleep(PAUSE)
        items = (await services.read("/v1/requests", caller, {"community": community, "id": [id]}))["items"]
        if items:
            found: dict[str, Any] = items[0]
            return found
    raise none_such("There is no such service_request_id.", "没有这个 service_request_id。")


def _asked(parameters: Parameters, community: str) -> dict[str, Any]:
    """The question for workflow. Raises 400."""
    if ids := parameters.listed("service_request_id"):  # these override all else
        if len(ids) > MOST:
            raise bad("No more than {most} ids at once.", "一次最多 {most} 个编号。", most=MOST)
        return {"community": community, "id": ids}
    size = parameters.count("page_size", MOST, MOST)
    asked: dict[str, Any] = {"community": community, "limit": size}
    asked["skip"] = min((parameters.count("page", 1, 100_000) - 1) * size, 100_000)
    if codes := parameters.listed("service_code"):
        asked["category"] = codes[:100]
    statuses = {each.lower() for each in parameters.listed("status")}
    if statuses - set(STATUSES):
        raise bad("status is open or closed.", "status 只能是 open 或 closed。")
    if len(statuses) == 1:
        asked["open"] = "true" if "open" in statuses else "false"
    for name, theirs in (
        ("start_date", "requested_after"),
        ("end_date", "requested_before"),
        ("updated_after", "updated_after"),
        ("updated_before", "updated_before"),
    ):
        if at := parameters.time(name):
            asked[theirs] = at.isoformat()
    return asked


def shown(found: dict[str, Any], parameters: Parameters) -> dict[str, Any]:
    """The seventeen fields of the specification; what is not public, or not known, is empty."""
    point, attributes = found["location"] or {}, found["attributes"] or {}
    media = [url for name, url in sorted(attributes.items()) if name.startswith(MEDIA) and leads_to_web(url)]
    standing = named(found, "standing")
    title, text = found["title"], found["text"]
    request = {
        "service_request_id": found["id"],
        "status": "open" if found["open"] else "closed",
        "status_notes": found["answer"] or standing,
        "service_name": named(found, "service"),
        "service_code": found["category"],
        "description": "\n\n".join(each for each in (title, text) if each) or None,
        "agency_responsible": named(found, "party"),
        "service_notice": None,
        "requested_datetime": times.written(found["requested_at"]),
        "updated_datetime": times.written(found["updated_at"]),
        "expected_datetime": times.written(found["expected_at"]) if found["expected_at"] else None,
        "address": found["place"] or named(found, "neighbourhood"),
        "address_id": None,
        "zipcode": None,
        "lat": point.get("lat"),
        "long": point.get("lon"),
        "media_url": media[0] if len(media) == 1 else media or None,
    }
    if parameters.get("extensions") == "true":
        others = {name: value for name, value in attributes.items() if not name.startswith(MEDIA)}
        request["extended_attributes"] = others | {
            "state": found["state"],
            "neighbourhood": named(found, "neighbourhood"),
        }
    return request
