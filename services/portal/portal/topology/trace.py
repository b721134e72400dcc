"""Puts one case's way together from what each service tells of it, asked with the key of who wants to know."""

import asyncio
from datetime import datetime
from typing import Any
from urllib.parse import quote

from linli.web.localized import Localized
from linli.web.problems import Problem
from portal.services import Caller, Services
from portal.topology.domain.declared import Declared, as_told
from portal.topology.domain.tracing import Read, Told, Wrote, way
from portal.topology.given import Topology
from portal.topology.views import StepView, WayView

TRACED = ("intake", "workflow", "notify", "neighbourhood")
MOST = 500
"""Deliveries of one case that are told of."""


async def way_of(case: str, services: Services, caller: Caller, found: Topology) -> WayView:
    """Raises 404 where nobody has heard of such a case; a service that is away is named instead."""
    asked = await asyncio.gather(
        *(_asked(services, name, f"/v1/traces/{quote(case, safe='')}", caller) for name in TRACED)
    )
    told = await _asked(services, "notify", "/v1/deliveries", caller, {"case": case, "limit": MOST})
    traces = {name: said for name, said in zip(TRACED, asked, strict=True) if said is not None}
    wrote = [_wrote(name, each) for name, said in traces.items() for each in said["written"]]
    if not wrote and len(traces) == len(TRACED):
        raise Problem("not_found", 404, Localized("There is no such case.", "没有这件事项。"))
    read = [_read(name, each) for name, said in traces.items() for each in said["read"]]
    steps = way(_declared(found), wrote, read, [_told(each) for each in (told or {"items": []})["items"]])
    return WayView(
        case=case,
        steps=[StepView.of(each) for each in steps],
        away=[name for name in TRACED if name not in traces],
        held=sum(said["held"] for said in traces.values()),
        parked=[id for said in traces.values() for id in said["parked"]],
    )


def _declared(found: Topology) -> Declared:
    samples = found.window.samples
    return as_told(found.declared, samples[-1]) if samples else found.declared


async def _asked(
    services: Services, name: Any, path: str, caller: Caller, params: dict[str, Any] | None = None
) -> Any | None:
    """None where the service is away."""
    try:
        return await services.get(name, path, caller, params)
    except Problem as problem:
        if problem.status < 500:
            raise
        return None


def _wrote(service: str, said: dict[str, Any]) -> Wrote:
    at = datetime.fromisoformat(said["at"])
    return Wrote(service, said["id"], said["type"], said["topic"], at, said["sent"], said.get("trace"))


def _read(service: str, said: dict[str, Any]) -> Read:
    at = datetime.fromisoformat(said["at"]) if said["at"] else None
    return Read(service, said["source"], said["subject"], said["next"], at, said["waits"])


def _told(said: dict[str, Any]) -> Told:
    finished = datetime.fromisoformat(said["finished_at"]) if said["finished_at"] else None
    created = datetime.fromisoformat(said["created_at"])
    return Told(said["event"], said["recipient"], said["channel"], said["state"], created, finished)
