"""uvicorn's HTTP with additional limits: how many connections, the size and speed of a request's
head, and the speed of a reader.
"""

import asyncio
from typing import Any

import orjson
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from linli.security.rates import LIMITED
from linli.web.connections import HEALTH, Kind, NoPlace, Place, Places
from linli.web.edge import problem_response
from linli.web.problems import Problem

MOST_HEAD_BYTES = 64 * 1024
"""Request line and headers; what proxies in front allow is a quarter of it or less."""
MOST_BESIDE = MOST_HEAD_BYTES
"""What comes after a head without being body: what stands beside chunks' lengths, and headers behind the last."""
MOST_IN_A_ROW = 16
"""Requests of one connection that wait for the answer of the one before."""
HEAD_SECONDS = 15.0
"""From the connection, or the answer before, until a request's head is complete."""
HEALTH_HEAD_SECONDS = 2.0
"""The same on a place that is kept for who asks how it is."""
REST_SECONDS = 60.0
"""For the rest of a request that was answered before all of it was there: a reset would take the answer away."""
LOOK_SECONDS = 5.0
"""Between two looks at what a client has not read yet."""
READ_SECONDS = 30.0
"""After so long without progress a reader is cut off."""
READ_PACE = 1_000
"""Bytes a second that count as progress."""

_CLOSE = {"Connection": "close"}
_FULL = {
    NoPlace.OF_ADDRESS: Problem(
        "too_many_connections", 429, "Too many connections from this address.", retry_after=5, headers=_CLOSE
    ),
    NoPlace.OF_ALL: Problem("overloaded", 503, "Too many connections; try again.", retry_after=5, headers=_CLOSE),
}


class BoundedProtocol(HttpToolsProtocol):
    """Closes a connection that has no place, whose request head is too large or too slow, or that does not read."""

    def __init__(self, *arguments: Any, places: Places, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._places = places
        self._place: Place | None = None
        self._head_bytes = self._beside = 0
        self._in_head = True
        self._head_seconds = HEAD_SECONDS
        self._deadline: asyncio.TimerHandle | None = None
        self._look: asyncio.TimerHandle | None = None
        self._unread = 0
        self._reads = True
        self._stuck = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._head_seconds = HEAD_SECONDS
        place = self._places.take(self.client[0] if self.client else "")
        if isinstance(place, NoPlace):
            LIMITED.labels("connections").inc()
            transport.write(_written(_FULL[place]))
            transport.close()
        else:
            self._place = place
            if place.kind is Kind.HEALTH:
                self._head_seconds = HEALTH_HEAD_SECONDS
                self.app = _health_alone(self.app)
            self._wait(self._head_seconds)
        self._look = self.loop.call_later(LOOK_SECONDS, self._is_it_read)

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        if self._look is not None:
            self._look.cancel()
        if self._place is not None:
            self._places.give_back(self._place)
            self._place = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._place is None:  # it is told so already
            return
        if self._in_head:
            self._head_bytes += len(data)
        else:
            self._beside += len(data)
        super().data_received(data)
        much = self._head_bytes > MOST_HEAD_BYTES if self._in_head else self._beside > MOST_BESIDE
        if much and not self.transport.is_closing():
            self.send_400_response("The request's headers are too large.")

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._in_head:  # what is behind a body is nothing that anybody here reads
            super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        self._beside = 0
        super().on_body(body)

    def on_headers_complete(self) -> None:
        if len(self.pipeline) >= MOST_IN_A_ROW:
            raise ValueError("too many requests in a row")  # the parser ends here, and the server with a 400
        self._in_head, self._beside = False, 0
        self._wait_no_more()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_head, self._head_bytes = True, 0
        super().on_message_complete()
        if self.cycle.response_complete:  # its rest was dropped
            self._wait(self._head_seconds)

    def on_response_complete(self) -> None:
        if not self.pipeline:  # else the next request is here
            self._wait(self._head_seconds if self._in_head else REST_SECONDS)
        super().on_response_complete()

    def resume_writing(self) -> None:
        self._reads = True
        super().resume_writing()

    def _wait(self, seconds: float) -> None:
        self._wait_no_more()
        self._deadline = self.loop.call_later(seconds, self._too_slow)

    def _wait_no_more(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()

    def _is_it_read(self) -> None:
        """Ends the connection, closed by us or not, when what was written to it is not taken."""
        unread = self.transport.get_write_buffer_size()
        progress = self._reads or not unread or unread <= self._unread - READ_PACE * LOOK_SECONDS
        self._stuck = 0.0 if progress else self._stuck + LOOK_SECONDS
        self._unread, self._reads = unread, False
        if self._stuck >= READ_SECONDS:
            self.transport.abort()
        else:
            self._look = self.loop.call_later(LOOK_SECONDS, self._is_it_read)


def _health_alone(app: ASGIApp) -> Any:
    """On the places that are kept for it."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] in HEALTH:
            await app(scope, receive, send)
        else:
            LIMITED.labels("connections").inc()
            await problem_response(_FULL[NoPlace.OF_ALL])(scope, receive, send)

    return answer


def _written(problem: Problem) -> bytes:
    """A whole answer, for who has not asked yet."""
    body = orjson.dumps(problem.document())
    fields = {"Content-Type": "application/problem+json", "Content-Length": str(len(body))} | problem.headers
    head = [f"HTTP/1.1 {problem.status} {problem.document()['title']}", *(f"{k}: {v}" for k, v in fields.items())]
    return "\r\n".join([*head, "", ""]).encode() + body
