"""The outermost layer of every service: limits on requests before a route sees them, and headers of every answer."""

import asyncio
import contextlib
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linli.application import telemetry
from linli.storage import mongo
from linli.tracing.under import UNDER, UNRECORDED, Under
from linli.web.localized import Localized
from linli.web.problem_words import ANSWER_IN, document, wanted
from linli.web.problems import Problem
from linli.web.tracing import asked_under

if TYPE_CHECKING:
    from linli.tracing.recorder import Recorder

log = structlog.get_logger()

BODY_SECONDS = 120.0
"""A whole body must be there by then: ten megabytes by a poor mobile connection."""
BODY_PATIENCE = 20.0
"""Seconds that a body may take whatever its size; from then on it must come at `BODY_PACE`."""
BODY_PACE = 10_000
"""Bytes a second."""
_CLOSE = {"Connection": "close"}
_BY_STATUS = {first: telemetry.ANSWERS.labels(f"{first}xx") for first in range(1, 6)}
BODY = "linli.body"
"""Where the scope has what is known of the request's body."""


def problem_response(problem: Problem) -> JSONResponse:
    """A problem as application/problem+json, in the language that is asked for."""
    headers = {"Content-Language": ANSWER_IN.get().value, "Vary": "Accept-Language"} | problem.headers
    return JSONResponse(document(problem), problem.status, headers, media_type="application/problem+json")


class Body:
    """The body of one request as it is read: no larger than its route takes, no slower than anybody's connection."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._scope, self._receive = scope, receive
        self._limit = 0
        self.read = 0
        """Bytes."""
        self._there = False
        self._began = asyncio.get_running_loop().time()
        self._until = self._began + BODY_SECONDS
        self._waited: asyncio.Timeout | None = None

    async def allow(self, limit: int) -> None:
        """Told by the route, before anything is read; told again, the less counts. Raises 413 for one that announces
        more."""
        self._limit = limit = min(limit, self._limit or limit)
        if _announced(self._scope) > limit:
            await _drain(self._scope, self._receive)
            raise _too_large(limit)

    def give_up(self) -> None:
        """Whoever reads it is told 408 now: others wait to send theirs."""
        self._until = asyncio.get_running_loop().time()
        if self._waited is not None and not self._waited.expired():
            with contextlib.suppress(RuntimeError):  # nobody waits at this moment, but works on what has come
                self._waited.reschedule(self._until)

    async def receive(self) -> Message:
        """In place of the server's: raises 413 for more than is allowed, 408 for what does not come in time."""
        if self._there:  # what is waited for now is that the client goes
            return await self._receive()
        try:
            at_pace = self._began + BODY_PATIENCE + self.read / BODY_PACE
            async with asyncio.timeout_at(min(self._until, at_pace)) as self._waited:
                message = await self._receive()
        except TimeoutError:
            raise Problem("body_too_slow", 408, "The body did not come in time.", headers=_CLOSE) from None
        self._there = not message.get("more_body")
        self.read += len(message.get("body", b""))
        if self.read > self._limit:
            if not self._there:
                await _drain(self._scope, self._receive)
            raise _too_large(self._limit)
        return message


class Edge:
    """Bodies have bounds, HEAD is GET without the answer's body, and what goes wrong leaves as a problem."""

    def __init__(self, app: ASGIApp, recorder: "Recorder | None" = None) -> None:
        self._app, self._recorder = app, recorder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        ANSWER_IN.set(wanted(Headers(scope=scope).get("accept-language", "")))
        again = BODY in scope  # a hot route's request that FastAPI is to answer
        counted = not again and scope["path"] not in UNRECORDED
        answer = _Answer(send, without_body=scope["method"] == "HEAD", since=time.perf_counter() if counted else None)
        body = Body(scope, receive)
        scope = dict(scope, **{BODY: body})
        if self._recorder is None or not counted:
            await self._respond(scope, receive, body, answer)
            return
        with self._recorder.request(scope["method"], asked_under(Headers(scope=scope))) as span:
            UNDER.set(Under(self._recorder, span.traceparent))
            try:
                await self._respond(scope, receive, body, answer)
            finally:
                span.answered(answer.status, getattr(scope.get("route"), "path", None))

    async def _respond(self, scope: Scope, receive: Receive, body: "Body", answer: "_Answer") -> None:
        if scope["method"] == "HEAD":  # the server has its own scope, and sends no body
            scope["method"] = "GET"
        try:
            await _as_it_is(scope, receive)
            await self._app(scope, body.receive, answer.send)
        except Exception as error:
            if answer.started:
                raise
            await problem_response(_as_problem(error, scope))(scope, receive, answer.send)


class _Answer:
    """What is sent, with the headers that every answer has unless the route said otherwise."""

    def __init__(self, send: Send, without_body: bool, since: float | None) -> None:
        """`since`: when the request's head was there, where its answer is to be counted."""
        self._send, self._without_body, self._since = send, without_body, since
        self.started = self._ended = False
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started, self.status = True, message["status"]
            if self._since is not None:
                _BY_STATUS[message["status"] // 100].inc()
                telemetry.ANSWER_SECONDS.observe(time.perf_counter() - self._since)
            headers = MutableHeaders(scope=message)
            headers.setdefault("Cache-Control", "no-store")
            headers.setdefault("X-Content-Type-Options", "nosniff")
        elif self._ended:
            return
        elif self._without_body:  # also of a stream, which would never end
            self._ended = True
            message = {"type": "http.response.body", "body": b"", "more_body": False}
        await self._send(message)


async def _as_it_is(scope: Scope, receive: Receive) -> None:
    """Raises 415 for a body that is packed: what it unpacks to would have to be bounded a second time."""
    named = ",".join(Headers(scope=scope).getlist("content-encoding"))
    if _packed(named.split(",")):
        await _drain(scope, receive)
        detail = "The body is encoded. Send it as it is, without Content-Encoding."
        raise Problem("body_encoded", 415, detail, headers={"Accept-Encoding": "identity"} | _CLOSE)


def _packed(encodings: Iterable[str]) -> bool:
    return any(each.strip().lower() not in {"", "identity"} for each in encodings)


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
    detail = Localized(
        "The body is larger than {limit:,} bytes.", "发送的内容超过 {limit:,} 字节，请减少文字或照片。", limit=limit
    )
    return Problem("body_too_large", 413, detail, headers=_CLOSE)


def _as_problem(error: Exception, scope: Scope) -> Problem:
    if isinstance(error, Problem):
        return error
    if mongo.is_outage(error):
        log.warning("mongodb_away", error=type(error).__name__)
        return Problem("storage_unavailable", 503, "The database does not answer; nothing was stored.", retry_after=2)
    route = scope.get("route")
    log.exception("request_failed", route=getattr(route, "path", None))
    return Problem("internal_error", 500, "Something went wrong here; it has been logged.")
