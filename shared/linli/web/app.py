"""What every HTTP interface has: problem+json, body limits, strict JSON, health, metrics."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated, Any

import orjson
from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.routing import APIRoute
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from linli.security import audited
from linli.security.auth import OPEN, Porch, permission_of
from linli.web.bodies import limit_of
from linli.web.edge import BODY, Body, Edge, problem_response
from linli.web.given import check_given
from linli.web.hot import Handle, HotRoutes, Key, OnErrors, answering, is_hot
from linli.web.openapi import allowed_methods, describe, described
from linli.web.openapi import problems as problems  # noqa: PLC0414  # for the routes, which take it from here, beside `router`
from linli.web.problem_words import field_message
from linli.web.problems import Problem, Refused

if TYPE_CHECKING:
    from linli.tracing.recorder import Recorder

Check = Callable[[], Awaitable[str | None]]
"""Says why something is not ready, or None."""


class _StrictRequest(Request):
    """JSON as RFC 8259 has it: no NaN, no broken UTF-8, no lone surrogates."""

    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            try:
                self._json = orjson.loads(await self.body())
            except orjson.JSONDecodeError as error:
                raise Problem("malformed_json", 400, f"The body is not JSON: {error}.") from error
        return self._json


class StrictRoute(APIRoute):
    """A route whose JSON body is read strictly, and whose use is in the audit log before it is answered."""

    def get_route_handler(self) -> Handle:
        return self.guarded(super().get_route_handler())

    def guarded(self, handle: Handle) -> Handle:
        """The same with what stands around every route's work."""
        most = limit_of(self)

        async def strict(request: Request) -> Response:
            body: Body = request.scope[BODY]
            await body.allow(most)
            try:
                response = await handle(_StrictRequest(request.scope, request.receive))
            except HTTPException as error:
                # FastAPI makes a plain 400 of whatever reading a body raises: too large, not JSON.
                if isinstance(error.__cause__, Problem):
                    raise error.__cause__ from None
                raise
            if response.status_code < 400:
                await audited.succeeded(request, self)
            return response

        return strict


def router(**options: Any) -> APIRouter:
    """A router for a service's routes."""
    return APIRouter(route_class=StrictRoute, **options)


def create_app(
    title: str,
    description: str,
    routers: Sequence[APIRouter],
    *,
    gate: Porch,
    checks: Mapping[str, Check],
    provided: Mapping[type, object],
    does_without: frozenset[str] = frozenset(),
    cors_origins: Sequence[str] = (),
    recorder: "Recorder | None" = None,
) -> FastAPI:
    """An application with the routers, and what every service has.

    `provided`: what routes are given, by class (`linli.web.given`). `does_without` names the checks that are told of
    when they fail, and make nothing unready. Pages of `cors_origins` may ask from a browser. Where every route is
    `OPEN`, a `Porch` is gate enough. `recorder` gets a span for each request.
    """
    app = _Application(
        title=title,
        description=description,
        version=version("linli-shared"),
        contact={"name": "Linli 邻里"},
        openapi_url=None,  # its own routes make the document's JSON anew for each who asks; ours are below
        redirect_slashes=False,  # it would lead to whatever the Host header says
        telemetry=_NOT_BY_FASTAPI,
    )
    app.state.gate = gate
    app.state.provided = provided
    included = [_operations(checks, does_without), *routers]
    app.include_router(described(app))
    routes = [route for each in included for route in each.routes if isinstance(route, APIRoute)]
    for route in routes:
        if permission_of(route) is not None:
            route.responses = problems(401, 403, 429, 503) | route.responses
    for each in included:
        app.include_router(each)
    check_given(routes, provided)
    app.state.routes = routes
    on_error: OnErrors = {Problem: _on_problem, RequestValidationError: _on_invalid, HTTPException: _on_http}
    for kind, answer in on_error.items():
        app.add_exception_handler(kind, answer)
    app.add_middleware(Edge, recorder=recorder)
    app.hot = HotRoutes(app.otherwise, dict(_hot(routes)), on_error)
    app.edge = Edge(app.hot, recorder)
    if cors_origins:  # outside of it, so that a page can read what it is refused with as well
        app.add_middleware(CORSMiddleware, allow_origins=list(cors_origins), **_FROM_BROWSERS)
        app.edge = CORSMiddleware(app.edge, allow_origins=list(cors_origins), **_FROM_BROWSERS)
    describe(app, routes)
    return app


_NOT_BY_FASTAPI: Any = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
"""Its spans and logs tell addresses, queries and what exceptions say; an environment variable would turn them on."""


class _Application(FastAPI):
    """What is asked for very often passes none of FastAPI's layers, but the same edge."""

    hot: HotRoutes
    edge: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = self
        await (self.edge if self.hot.has(scope) else self.otherwise)(scope, receive, send)

    async def otherwise(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As FastAPI does it."""
        await super().__call__(scope, receive, send)


def _hot(routes: Iterable[APIRoute]) -> Iterator[tuple[Key, tuple[StrictRoute, Handle]]]:
    """The hot routes with what answers them, by method and path."""
    for route in routes:
        if is_hot(route):
            assert isinstance(route, StrictRoute)
            for method in route.methods or ():
                yield (method, route.path), (route, route.guarded(answering(route)))


_FROM_BROWSERS: dict[str, Any] = {
    "allow_methods": ["GET", "POST", "PUT"],
    "allow_headers": [
        "Authorization",
        "Content-Type",
        "If-Match",
        "Idempotency-Key",
        "Last-Event-ID",
        "X-Tracking-Code",
    ],
    "expose_headers": ["ETag", "Idempotency-Replayed", "Location", "RateLimit", "RateLimit-Policy", "Retry-After"],
    "max_age": 3_600,
}
"""Without cookies: who somebody is a program says, with a key, and no browser by itself."""


class _Checks:
    """What is missing, found out once for all who ask at the same time."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks
        self._asking: asyncio.Task[dict[str, str | None]] | None = None

    async def reasons(self) -> dict[str, str | None]:
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        return await asyncio.shield(self._asking)

    async def _ask(self) -> dict[str, str | None]:
        return {name: await check() for name, check in self._checks.items()}


def _operations(checks: Mapping[str, Check], does_without: frozenset[str]) -> APIRouter:
    routes = router(tags=["operations"])
    asked = _Checks(checks)

    @routes.get("/healthz", dependencies=[OPEN])
    async def healthy() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @routes.get(
        "/readyz",
        dependencies=[OPEN],
        responses={503: {"description": "Something that it needs is away; the checks say what"}},
    )
    async def ready(
        strict: Annotated[bool, Query(description="503 also for what it goes on without")] = False,
    ) -> JSONResponse:
        """Everything that it needs is there. `warnings` names what is not, and what it goes on without."""
        reasons = await asked.reasons()
        missing = {name for name, reason in reasons.items() if reason is not None}
        warnings = sorted(missing & does_without)
        unready = bool(missing if strict else missing - does_without)
        body = {
            "ready": not unready,
            "checks": {name: reason or "ok" for name, reason in reasons.items()},
            "warnings": warnings,
        }
        return JSONResponse(body, status_code=503 if unready else 200)

    @routes.get("/metrics", dependencies=[OPEN], response_class=Response)
    async def metrics() -> Response:
        """Prometheus metrics."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return routes


# Errors --------------------------------------------------------------------------------------------------------------


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    problem = await audited.refused(request, error) if isinstance(error, Refused) else error
    if error.page is not None and problem.status == error.status:
        return HTMLResponse(error.page, problem.status, headers=problem.headers | {"Cache-Control": "no-store"})
    return problem_response(problem)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    slug = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "bad_request")
    headers = dict(error.headers or {})
    if error.status_code == 405:  # Starlette names the methods of the first route alone that has the path
        headers["Allow"] = ", ".join(allowed_methods(request.app.state.routes, request.scope))
    return problem_response(Problem(slug, error.status_code, str(error.detail), headers=headers))


async def _on_invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = field_errors(error.errors())
    if any(fault["type"] == "json_invalid" for fault in error.errors()):
        return problem_response(Problem("malformed_json", 400, "The body is not JSON.", errors=faults))
    return problem_response(Problem("invalid", 422, "Some fields are not as they should be.", errors=faults))


FIELD_ERRORS = 20
"""How many are told of at most: a body made of mistakes must not be answered with a larger one."""


def field_errors(errors: Sequence[Any]) -> list[dict[str, str]]:
    """Pydantic's errors for a caller: the field's path and what is wrong; never the value, it may be personal."""
    return [
        {
            "field": ".".join(str(part) for part in error["loc"] if part != "body")[:200],
            "message": _message(error)[:500],
        }
        for error in errors[:FIELD_ERRORS]
    ]


def _message(error: Any) -> str:
    message = str(error["msg"]).removeprefix("Value error, ")  # pydantic's word for our own findings
    return field_message(message, error["type"], error.get("ctx", {}))
