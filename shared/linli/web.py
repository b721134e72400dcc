"""What every HTTP interface has: problem+json, body limits, strict JSON, health, metrics."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from importlib.metadata import version
from typing import Any

import orjson
import structlog
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linli import audited, mongo
from linli.auth import OPEN, Gate, permission_of
from linli.errors import Problem, Refused
from linli.openapi import allowed_methods, describe
from linli.openapi import problems as problems  # noqa: PLC0414  # for the routes, which take it from here, beside `router`

log = structlog.get_logger()

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

    def get_route_handler(self) -> Callable[[Request], Any]:
        handle = super().get_route_handler()

        async def strict(request: Request) -> Response:
            try:
                response: Response = await handle(_StrictRequest(request.scope, request.receive))
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
    gate: Gate,
    checks: Mapping[str, Check],
    body_limits: Mapping[str, int],
    state: Mapping[str, Any],
) -> FastAPI:
    """An application with the routers, and what every service has.

    `body_limits` maps how a path begins or ends to bytes; the longest that fits counts, `""` is for all others.
    """
    app = FastAPI(title=title, description=description, version=version("linli-shared"), contact={"name": "Linli 邻里"})
    app.state.gate = gate
    for name, value in state.items():
        setattr(app.state, name, value)
    included = [_operations(checks), *routers]
    routes = [route for each in included for route in each.routes if isinstance(route, APIRoute)]
    for route in routes:
        if permission_of(route) is not None:
            route.responses = problems(401, 403, 429, 503) | route.responses
    for each in included:
        app.include_router(each)
    app.state.routes = routes
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_middleware(_Guard, body_limits=dict(body_limits))
    describe(app, routes)
    return app


def _operations(checks: Mapping[str, Check]) -> APIRouter:
    routes = router(tags=["operations"])

    @routes.get("/healthz", dependencies=[OPEN])
    async def healthy() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @routes.get(
        "/readyz",
        dependencies=[OPEN],
        responses={503: {"description": "Something that it needs is away; the checks say what"}},
    )
    async def ready() -> JSONResponse:
        """Everything that it needs is there."""
        reasons = {name: await check() for name, check in checks.items()}
        missing = any(reason is not None for reason in reasons.values())
        body = {"ready": not missing, "checks": {name: reason or "ok" for name, reason in reasons.items()}}
        return JSONResponse(body, status_code=503 if missing else 200)

    @routes.get("/metrics", dependencies=[OPEN], response_class=Response)
    async def metrics() -> Response:
        """Prometheus metrics."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return routes


# Errors --------------------------------------------------------------------------------------------------------------


def problem_response(problem: Problem) -> JSONResponse:
    """A problem as application/problem+json."""
    return JSONResponse(problem.document(), problem.status, problem.headers, media_type="application/problem+json")


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return problem_response(await audited.refused(request, error) if isinstance(error, Refused) else error)


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
            "message": str(error["msg"]).removeprefix("Value error, ")[:500],  # pydantic's word for our own findings
        }
        for error in errors[:FIELD_ERRORS]
    ]


BODY_SECONDS = 120.0
"""A whole body must be there by then: ten megabytes by a poor mobile connection."""
_CLOSE = {"Connection": "close"}


class _Guard:
    """The outermost layer: bodies over the limit are refused, and no exception leaves as anything but a problem."""

    def __init__(self, app: ASGIApp, body_limits: dict[str, int]) -> None:
        self._app, self._limits = app, body_limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit(scope["path"])
        started = False
        read = 0
        wanted = True
        deadline = asyncio.get_running_loop().time() + BODY_SECONDS

        async def receive_within_limit() -> Message:
            nonlocal read, wanted
            if not wanted:  # the body is there; what is waited for now is that the client goes
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise Problem("body_too_slow", 408, "The body did not come in time.", headers=_CLOSE) from None
            wanted = bool(message.get("more_body"))
            read += len(message.get("body", b""))
            if read > limit:
                if message.get("more_body"):
                    await _drain(scope, receive)
                raise _too_large(limit)
            return message

        async def send_noting_the_start(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            if _announced(scope) > limit:
                await _drain(scope, receive)
                raise _too_large(limit)
            await self._app(scope, receive_within_limit, send_noting_the_start)
        except Exception as error:
            if started:
                raise
            await problem_response(_as_problem(error, scope))(scope, receive, send)

    def _limit(self, path: str) -> int:
        return self._limits[
            max((part for part in self._limits if path.startswith(part) or path.endswith(part)), key=len)
        ]


async def _drain(scope: Scope, receive: Receive) -> None:
    """Read on and drop it: a client that is still sending when the connection closes sees a reset, not the answer."""
    if b"expect" in dict(scope["headers"]):  # it waits for leave to send
        return
    dropped, more = 0, True
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_DRAINED_SECONDS):
            while more and dropped < _DRAINED_BYTES:
                message = await receive()
                dropped += len(message.get("body", b""))
                more = message.get("more_body", False)


_DRAINED_BYTES = 64 * 1024 * 1024
_DRAINED_SECONDS = 5.0


def _announced(scope: Scope) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


def _too_large(limit: int) -> Problem:
    return Problem("body_too_large", 413, f"The body is larger than {limit:,} bytes.", headers=_CLOSE)


def _as_problem(error: Exception, scope: Scope) -> Problem:
    if isinstance(error, Problem):
        return error
    if mongo.is_outage(error):
        log.warning("mongodb_away", error=type(error).__name__)
        return Problem("storage_unavailable", 503, "The database does not answer; nothing was stored.", retry_after=2)
    route = scope.get("route")
    log.exception("request_failed", route=getattr(route, "path", None))
    return Problem("internal_error", 500, "Something went wrong here; it has been logged.")
