"""Open311's addresses and the answers that all of them have in common."""

from collections.abc import Callable, Sequence
from typing import Any

import structlog
from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from linli.contracts.kinds import Language
from linli.security.auth import OPEN, Porch
from linli.web.app import StrictRoute
from linli.web.bodies import takes
from linli.web.hot import Handle
from linli.web.problem_words import ANSWER_IN
from linli.web.problems import Problem
from linli.web.tracing import traceparent
from portal.open311.errors import bad, none_such, refusal
from portal.open311.formats import Format
from portal.open311.parameters import Parameters
from portal.services import Caller, unavailable

log = structlog.get_logger()

PREFIX = "/open311/v2"
MOST_BYTES = 42 * 1024 * 1024
"""As many as intake takes of photos at once."""
_KEY_LETTERS = 4_096


class Open311Route(StrictRoute):
    """What goes wrong is told as Open311 has it, and in the format that was asked for."""

    def guarded(self, handle: Handle) -> Handle:
        handle = super().guarded(handle)

        async def answered(request: Request) -> Response:
            if request.headers.get("accept-language", "*").strip() in {"", "*"}:
                ANSWER_IN.set(Language.ZH)  # the data's own language, for programs that do not say one
            try:
                return await handle(request)
            except Problem as problem:
                return refusal(format_of(request), problem)
            except HTTPException:  # a form that cannot be read, or has too much in it
                return refusal(format_of(request), bad("The form cannot be read.", "表单无法读取。"))
            except Exception:
                log.exception("request_failed")
                return refusal(format_of(request), unavailable())

        return answered


routes = APIRouter(prefix=PREFIX, route_class=Open311Route, tags=["open311"])
Answer = Callable[..., Any]


def answers(method: str, path: str, *asked: str, status: int = 200) -> Callable[[Answer], Answer]:
    """Declare a resource: at `path.xml`, `path.json`, and as one client has it, `path/xml` and `path/json`.

    `asked` names the parameters that it knows, for OpenAPI; one with a `!` has to be there.
    """

    def declare(answer: Answer) -> Answer:
        needs = [OPEN] if method == "GET" else [OPEN, takes(MOST_BYTES)]
        name = answer.__name__
        for ending in (".{format}", *(() if "{" in path else ("/xml", "/json"))):
            shown = ending == ".{format}"
            routes.add_api_route(
                f"{path}{ending}",
                answer,
                methods=[method],
                dependencies=needs,
                response_class=Response,
                include_in_schema=shown,
                name=name,
                status_code=status,
                responses={status: _FINE, **_ERRORS},
                openapi_extra=_described(method, asked) if shown else None,
            )
        return answer

    return declare


def _described(method: str, asked: Sequence[str]) -> dict[str, Any]:
    """The parameters for OpenAPI: of a GET in its address, of a POST in a form."""
    format = {"name": "format", "in": "path", "required": True, "schema": {"type": "string", "enum": list(Format)}}
    names = {name.rstrip("!"): name.endswith("!") for name in (*asked, "jurisdiction_id", "api_key")}
    if method == "GET":
        query = [
            {"name": name, "in": "query", "required": needed, "schema": {"type": "string"}}
            for name, needed in names.items()
        ]
        return {"parameters": [format, *query]}
    schema = {
        "type": "object",
        "required": [name for name, needed in names.items() if needed],
        "properties": {name: {"type": "string"} for name in names},
    }
    kinds = ("application/x-www-form-urlencoded", "multipart/form-data")
    body = {"required": True, "content": {kind: {"schema": schema} for kind in kinds}}
    return {"parameters": [format], "requestBody": body}


_MEDIA: dict[str, Any] = {"text/xml": {}, "application/json": {}}
_FINE: dict[str, Any] = {"content": _MEDIA, "description": "As Open311 has it"}
_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"content": _MEDIA, "description": "Errors"} for status in (400, 403, 404, 503)
}


def format_of(request: Request) -> Format:
    """What an address ends in; XML where that is neither."""
    return Format.JSON if request.url.path.lower().endswith("json") else Format.XML


def asked_format(request: Request) -> Format:
    """The same. Raises 404 where it is neither."""
    ending = request.url.path.lower().replace("/", ".").rpartition(".")[2]
    if ending not in set(Format):
        raise none_such(
            "There is XML and JSON: an address ends in .xml or .json.", "只有 XML 和 JSON：地址以 .xml 或 .json 结尾。"
        )
    return Format(ending)


async def caller_of(request: Request, parameters: Parameters) -> Caller:
    """Who asks. Without an api_key it counts by its address, here; with one by the key, where it is known.

    Raises 403 for what can be no key, 503 for who asks too often.
    """
    gate: Porch = request.app.state.gate
    origin = gate.origins.of(request)
    key = parameters.get("api_key")
    if key is None:
        await gate.rates.admit_to_the_open(origin)
    elif len(key) > _KEY_LETTERS or not key.isascii() or not key.isprintable() or " " in key:
        raise Problem("unauthorised", 401, "not a key")
    return Caller(key, origin, traceparent(request.headers))
