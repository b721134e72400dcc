"""Hot routes: described by FastAPI like any other, but answered without its machinery in the ordinary case.

For each request FastAPI passes four layers of middleware, searches its routes and resolves the dependencies: most of
the cost of a short request. For a `HOT` route this is done once, at the start. Anything out of the ordinary (no JSON,
an invalid field or header) takes FastAPI's path from the beginning, so that there is one set of errors.
"""

import inspect
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import orjson
from fastapi import Depends, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Handle: TypeAlias = Callable[[Request], Coroutine[Any, Any, Response]]
Key: TypeAlias = tuple[str, str]
"""Method and path."""
OnErrors: TypeAlias = Mapping[type[Exception], Callable[[Request, Exception], Awaitable[Response]]]


async def _hot() -> None: ...


HOT = Depends(_hot)
"""What a route declares that is asked for very often: `dependencies=[needs(SUBMIT), HOT]`.

It has a JSON body that one model describes, no parameters but headers, and `async` dependencies without `yield`.
"""


def is_hot(route: APIRoute) -> bool:
    return any(each.call is _hot for each in route.dependant.dependencies)


class OutOfTheOrdinary(Exception):
    """This request FastAPI is to answer."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.body = body


class HotRoutes:
    """Answers the hot routes; an ASGI application beside the one that answers all requests."""

    def __init__(self, app: ASGIApp, handlers: Mapping[Key, tuple[APIRoute, Handle]], on_error: OnErrors) -> None:
        """`on_error` as FastAPI's exception handlers."""
        self._app, self._handlers, self._on_error = app, handlers, on_error
        self._errors = tuple(on_error)

    def has(self, scope: Scope) -> bool:
        """Whether a request is for one of them."""
        return scope["type"] == "http" and (scope["method"], scope["path"]) in self._handlers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route, handle = self._handlers[scope["method"], scope["path"]]
        scope["route"], scope["path_params"] = route, {}
        request = Request(scope, receive)
        try:
            response = await handle(request)
        except OutOfTheOrdinary as request_so_far:
            await self._app(scope, _again(request_so_far.body, receive), send)
            return
        except self._errors as error:
            response = await next(on for kind, on in self._on_error.items() if isinstance(error, kind))(request, error)
        await response(scope, receive, send)


def _again(body: bytes, receive: Receive) -> Receive:
    """A body that was read, to be read once more."""
    unread = [body]

    async def next_message() -> Message:
        return {"type": "http.request", "body": unread.pop(), "more_body": False} if unread else await receive()

    return next_message


# What a route's function is given, worked out at the start -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Step:
    """A function to call, and where each of its arguments comes from."""

    call: Callable[..., Awaitable[Any]]
    arguments: Sequence[tuple[str, Hashable]]


def answering(route: APIRoute) -> Handle:
    """What answers a hot route, as FastAPI would. Raises TypeError for a route that asks for what this cannot give."""
    steps = list(_steps(route.dependant, route.path))
    headers = {field.alias: field for each in _all(route.dependant) for field in each.header_params}
    body_field, response_field = route.body_field, route.response_field
    if body_field is None or response_field is None:
        raise TypeError(f"{route.path} is hot, and has no model for what it takes or answers")
    status, endpoint = route.status_code or 200, steps.pop()
    exclude_none = route.response_model_exclude_none

    async def answer(request: Request) -> Response:
        body = await request.body()
        content = _json(request, body)
        new, errors = body_field.validate(content, {}, loc=("body",))
        if errors:
            raise OutOfTheOrdinary(body)
        response = Response(None, status, media_type="application/json")
        known: dict[Hashable, Any] = {_REQUEST: request, _RESPONSE: response, _BODY: new}
        for alias, field in headers.items():
            if (value := request.headers.get(alias)) is not None:
                known[alias], errors = field.validate(value, {}, loc=("header", alias))
            elif not field.field_info.is_required():
                known[alias] = field.get_default()
            if alias not in known or errors:
                raise OutOfTheOrdinary(body)
        for step in steps:
            known[step.call] = await step.call(**{name: known[source] for name, source in step.arguments})
        result = await endpoint.call(**{name: known[source] for name, source in endpoint.arguments})
        value, errors = response_field.validate(result, {}, loc=("response",))
        if errors:
            raise TypeError(f"{route.path} answers with what its model does not allow")
        response.body = response_field.serialize_json(value, exclude_none=exclude_none)
        response.headers["content-length"] = str(len(response.body))
        return response

    return answer


_REQUEST, _RESPONSE, _BODY = object(), object(), object()


def _json(request: Request, body: bytes) -> Any:
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise OutOfTheOrdinary(body)
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise OutOfTheOrdinary(body) from None


def _steps(dependant: Dependant, path: str) -> Iterator[_Step]:
    """What is to be called, each after what it needs, the route's own function last; nothing twice."""
    seen: set[Hashable] = set()
    for each in _all(dependant):
        call = each.call
        if call is None or not _is_simple(each):
            raise TypeError(f"{path} is hot, and {call} asks for more than a hot route can give")
        if call in seen or call is _hot:
            continue
        seen.add(call)
        yield _Step(call, tuple(_arguments(each)))


def _all(dependant: Dependant) -> Iterator[Dependant]:
    for each in dependant.dependencies:
        yield from _all(each)
    yield dependant


def _is_simple(dependant: Dependant) -> bool:
    asked = (dependant.path_params, dependant.query_params, dependant.cookie_params)
    names = (dependant.background_tasks_param_name, dependant.websocket_param_name)
    call = dependant.call
    waits = inspect.iscoroutinefunction(call) or inspect.iscoroutinefunction(getattr(call, "__call__", None))  # noqa: B004
    return waits and not any(asked) and not any(names) and len(dependant.body_params) < 2


def _arguments(dependant: Dependant) -> Iterator[tuple[str, Hashable]]:
    for name in (dependant.request_param_name, dependant.http_connection_param_name):
        if name:
            yield name, _REQUEST
    if dependant.response_param_name:
        yield dependant.response_param_name, _RESPONSE
    for field in dependant.header_params:
        yield field.name, field.alias
    for field in dependant.body_params:
        yield field.name, _BODY
    for each in dependant.dependencies:
        if each.name:
            yield each.name, each.call
