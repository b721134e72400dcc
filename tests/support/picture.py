"""The topology of a deployment, as an operator sees it at the portal's port."""

from collections.abc import Mapping
from typing import Any

from linli.contracts.catalogue import topics
from linli_cli.operations.databases import READS
from tests.support.deployment import SERVICES, Deployment
from tests.support.portal import visitor
from tests.support.services import until

PORTAL = "portal"
WITHIN = 90.0
"""Seconds in which a portal that has just begun knows how everything is."""


def must_be_there() -> set[str]:
    """The nodes of any deployment."""
    return {
        *(f"{kind}:{name}" for kind in ("service", "database") for name in (*SERVICES, PORTAL)),
        *(f"topic:linli.{topic.name}" for topic in topics()),
        *(f"group:linli.{name}" for name in READS),
    }


async def whole_picture(deployment: Deployment, processes: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    """Node → how it stands, once all of them are well and seen a moment ago, with so many processes of each service.

    What has no processes of its own to be asked, as `access`, is known by those whom it calls.
    """
    last: dict[str, Any] = {}

    async def whole() -> bool:
        answer = await deployment.operator.get(f"{portal_of(deployment)}/v1/topology")
        last.clear()
        last.update(answer.json())
        if answer.status_code != 200 or not last["fresh"]:
            return False
        states = {each["id"]: each["state"] for each in last["nodes"]}
        services = [each for each in last["nodes"] if each["kind"] == "service"]
        up = {each["name"]: each["figures"]["up"] for each in services if "up" in each["figures"]}
        well = {id for id, state in states.items() if state == "well"}
        return must_be_there() <= well and "unknown" not in states.values() and up == processes

    try:
        await until(whole, WITHIN)
    except AssertionError:
        odd = {
            each["id"]: (each["state"], each["figures"]) for each in last.get("nodes", ()) if each["state"] != "well"
        }
        raise AssertionError(f"fresh: {last.get('fresh')}; not well: {odd}; wanted: {processes}") from None
    return {each["id"]: each for each in last["nodes"]}


async def shown_page(deployment: Deployment) -> str:
    """The page, to whoever signs in with the operator's key."""
    key = deployment.operator.headers["Authorization"].removeprefix("Bearer ")
    async with visitor(portal_of(deployment), key) as operator:
        return await operator.page("/topology")


def portal_of(deployment: Deployment) -> str:
    return f"http://127.0.0.1:{deployment.ports[PORTAL]}"
