"""The services that there are, and what each asks."""

from typing import Any

from fastapi import Request, Response

from portal.open311.catalogue import named
from portal.open311.formats import written
from portal.open311.given import CatalogueDep
from portal.open311.parameters import of_address
from portal.open311.routing import answers, asked_format, caller_of


@answers("GET", "/services")
async def services(request: Request, catalogue: CatalogueDep) -> Response:
    """Every service of a jurisdiction; 503 and not fewer, where something is wrong."""
    format, parameters = asked_format(request), of_address(request)
    caller = await caller_of(request, parameters)
    community = await catalogue.community(parameters, caller)
    found = [_service(each) for each in await catalogue.services(community, caller)]
    return written(format, "services", found)


@answers("GET", "/services/{code}")
async def definition(code: str, request: Request, catalogue: CatalogueDep) -> Response:
    """What a service asks of who requests it."""
    format, parameters = asked_format(request), of_address(request)
    caller = await caller_of(request, parameters)
    service = await catalogue.service(await catalogue.community(parameters, caller), code, caller)
    attributes = [_attribute(order, each) for order, each in enumerate(service["questions"], 1)]
    return written(format, "service_definition", {"service_code": code, "attributes": attributes})


def _service(service: dict[str, Any]) -> dict[str, Any]:
    return {
        "service_code": service["code"],
        "service_name": named(service),
        "description": " / ".join(filter(None, (service["name"], service["name_en"]))),
        "metadata": "true" if service["questions"] else "false",
        "type": "realtime",
        "keywords": ",".join(each.replace(",", " ") for each in service["keywords"]),
        "group": named(service, "group"),
    }


def _attribute(order: int, question: dict[str, Any]) -> dict[str, Any]:
    return {
        "variable": "true",
        "code": question["code"],
        "datatype": question["datatype"],
        "required": "false",
        "datatype_description": "",
        "order": order,
        "description": named(question),
        "values": [{"key": each["key"], "name": named(each)} for each in question["choices"]],
    }
