"""What a service's OpenAPI document says beyond what FastAPI finds in the routes' signatures."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Scope

from linli.security.auth import Porch, permission_of
from linli.security.permissions import Role


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI responses for the problems that a route may answer with."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {
            "description": _TITLES.get(status, "Problem"),
            "content": {"application/problem+json": {"schema": schema}},
        }
        for status in statuses
    }


_TITLES = {
    400: "Malformed request",
    401: "No key, or a wrong one",
    403: "Another key is needed",
    404: "Not there",
    408: "The body did not come in time",
    409: "Not possible in this state",
    412: "It has changed meanwhile",
    413: "The body is too large",
    415: "Not a media type that is taken here",
    422: "Invalid input",
    428: "If-Match is needed",
    429: "Too many requests",
    503: "Not ready; try again later",
    507: "The disk is nearly full",
}
OF_ANY_BODY = problems(400, 408, 413, 415)
"""What a request with a body may be answered before a route sees it."""


def describe(app: FastAPI, routes: Sequence[APIRoute]) -> None:
    """Put the problem document in place of FastAPI's own errors, and say which routes need no key."""
    original = app.openapi

    def openapi() -> dict[str, Any]:
        document = original()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = _PROBLEM
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        for route, operation in _operations(routes, document):
            responses = operation["responses"]
            if "HTTPValidationError" in json.dumps(responses.get("422", "")):
                responses["422"] = problems(422)[422]
            if "requestBody" in operation:
                operation["responses"] = {
                    str(status): described for status, described in OF_ANY_BODY.items()
                } | responses
            permission = permission_of(route)
            if permission and Role.RESIDENT in permission.roles:
                operation["security"] = [*operation.get("security", ()), {}]
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def described(app: FastAPI) -> APIRouter:
    """`/openapi.json` and `/docs`: asked for by anybody, so written once, and counted."""
    routes = APIRouter(include_in_schema=False)
    written: list[bytes] = []

    async def counted(request: Request) -> None:
        gate: Porch = request.app.state.gate
        await gate.rates.admit_to_the_open(gate.origins.of(request))

    @routes.get("/openapi.json", dependencies=[Depends(counted)])
    async def document() -> Response:
        if not written:
            written.append(json.dumps(app.openapi(), ensure_ascii=False).encode())
        return Response(written[0], media_type="application/json", headers={"Cache-Control": "max-age=300"})

    @routes.get("/docs", dependencies=[Depends(counted)])
    async def page() -> Response:
        return get_swagger_ui_html(openapi_url="/openapi.json", title=app.title)

    return routes


def _operations(routes: Sequence[APIRoute], document: dict[str, Any]) -> Iterator[tuple[APIRoute, dict[str, Any]]]:
    for route in filter(lambda each: each.include_in_schema, routes):
        for method in route.methods or ():
            yield route, document["paths"][route.path_format][method.lower()]


def allowed_methods(routes: Sequence[APIRoute], scope: Scope) -> list[str]:
    """What the resource of a request can be asked with; `/cases/1:accept` is an action and no case of that id."""
    matching = [route for route in routes if route.matches(scope)[0] is not Match.NONE]
    literal = max((_literal(route) for route in matching), default=0)
    methods = {method for route in matching if _literal(route) == literal for method in route.methods or ()}
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()))


def _literal(route: APIRoute) -> int:
    """How much of a path is said and not left open."""
    return len(route.path_format) - sum(len(name) + 2 for name in route.param_convertors)


_PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "RFC 9457 problem details",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "example": "urn:linli:problem:invalid"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
