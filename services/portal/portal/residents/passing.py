"""Passes residents' calls of the API on to the service that answers them: one address for pages and programs.

What is passed on stands in a table of methods and paths. Nothing of staff's is in it, whatever key is shown.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import structlog
from fastapi import Request
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from linli.web.calls import Counted, trusted
from linli.web.event_stream import no_place
from portal.addresses import checked, nothing_here
from portal.residents.forms import MOST_BYTES
from portal.room import Room, is_small
from portal.services import PATIENCE, Name, unavailable
from portal.signin.person import resident_of
from portal.vouching import FOR, Vouching

log = structlog.get_logger()

MOST_WORDS = 512 * 1024
"""Bytes of a body without photos."""
ASKED_WITH = (
    *("accept", "accept-language", "authorization", "content-type", "idempotency-key", "last-event-id"),
    *("if-none-match", "traceparent", "x-tracking-code"),
)
"""Headers that are passed on. A cookie is not: it is the portal's own."""
ANSWERED_WITH = (
    *("allow", "cache-control", "content-disposition", "content-language", "content-security-policy", "content-type"),
    *("etag", "idempotency-replayed", "location", "ratelimit", "ratelimit-policy", "retry-after", "vary"),
    *("www-authenticate", "x-accel-buffering", "x-content-type-options"),
)
_LIVE = httpx2.Timeout(15.0, read=60.0, pool=1.0)
"""A live stream says something at least every quarter of a minute; where no place is free one does not wait for it."""
AT_ONCE, LIVE_AT_ONCE, LIVE_SHARE = 40, 50, 10
"""Calls of one service, live ones, and of these from one address. A service counts all connections of the portal by its
address (`LINLI_CONNECTIONS_PER_ADDRESS`, 200): with those of pages they have to stay below."""
BODIES_AT_ONCE, BODIES_SHARE = 20, 4
"""Large bodies that pass at the same time, and of these from one address."""


@dataclass(frozen=True, slots=True)
class Way:
    """One row of the table."""

    method: str
    path: str
    to: Name
    most: int = MOST_WORDS
    """Bytes of the body."""
    live: bool = False
    """Whether its answer has no end."""


_SENT, _TRACK, _MEDIATION = "/v1/submissions/{id}", "/v1/track/{code}", "/v1/mediation/{code}"
WAYS = (
    Way("POST", "/v1/submissions", "intake"),
    Way("POST", "/v1/submissions:similar", "intake"),
    Way("POST", f"{_SENT}:withdraw", "intake"),
    Way("POST", f"{_SENT}:thin", "intake"),
    Way("POST", "/v1/subscriptions", "intake"),
    Way("GET", "/v1/subscriptions/{code}", "intake"),
    Way("PUT", "/v1/subscriptions/{code}", "intake"),
    Way("POST", "/v1/subscriptions/{code}:confirm", "intake"),
    Way("DELETE", "/v1/subscriptions/{code}", "intake"),
    Way("POST", f"{_SENT}/attachments", "intake", MOST_BYTES),
    Way("GET", f"{_SENT}/attachments", "intake"),
    Way("GET", f"{_SENT}/attachments/{{photo}}", "intake"),
    Way("GET", _TRACK, "workflow"),
    Way("POST", f"{_TRACK}/words", "workflow"),
    Way("GET", f"{_TRACK}/evidence", "workflow"),
    Way("GET", f"{_TRACK}/evidence/{{photo}}", "workflow"),
    Way("GET", f"{_TRACK}/follow-up", "workflow"),
    Way("POST", f"{_TRACK}/follow-up", "workflow"),
    Way("GET", _MEDIATION, "workflow"),
    Way("GET", f"{_MEDIATION}/statements", "workflow"),
    Way("POST", f"{_MEDIATION}/statements", "workflow"),
    Way("POST", f"{_MEDIATION}:sign", "workflow"),
    Way("POST", f"{_MEDIATION}:decline", "workflow"),
    Way("GET", "/v1/services", "workflow"),
    Way("GET", "/v1/services/{community}", "workflow"),
    Way("POST", "/v1/services/{community}:suggest", "workflow"),
    Way("GET", "/v1/neighbourhoods/{community}", "workflow"),
    Way("GET", "/v1/neighbourhoods/{community}/{id}", "workflow"),
    Way("GET", "/v1/requests", "workflow"),
    Way("GET", "/v1/outages", "workflow"),
    Way("GET", "/v1/outages.ics", "workflow"),
    Way("GET", "/v1/open-data/{community}/{month}", "workflow"),
    Way("GET", "/v1/stream", "notify", live=True),
    Way("GET", "/v1/letters/{token}", "notify"),
    Way("POST", "/v1/letters/{token}", "notify"),
)


class Onward:
    """Calls whose answers go through as they come. Whoever gets it closes it."""

    def __init__(self, vouching: Vouching, **urls: str) -> None:
        """Service → where it is."""
        self._clients = {
            (name, live): _client(name, url, live, vouching) for name, url in urls.items() for live in (False, True)
        }
        self._live: dict[httpx2.Response, str] = {}
        """What goes on, and for which address."""
        self._room = Room(BODIES_AT_ONCE, BODIES_SHARE)
        self._ending: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        for client in self._clients.values():
            await client.aclose()

    async def passed(self, request: Request, way: Way) -> StreamingResponse:
        """The service's answer to this request. Raises 503 where there is none, 429 for a live call beyond a share."""
        origin = resident_of(request).origin
        if way.live and sum(each == origin for each in self._live.values()) >= LIVE_SHARE:
            raise no_place(of_address=True)
        headers = {name: request.headers[name] for name in ASKED_WITH if name in request.headers}
        headers[FOR] = resident_of(request).headers()[FOR]
        async with self._body(request) as body:
            if body is not None and "content-length" in request.headers:
                headers["content-length"] = request.headers["content-length"]
            answer = await self.open(
                way.to, way.method, _path(request), headers, request.query_params.multi_items(), body, live=way.live
            )
        return through(answer, self._live if way.live else None, origin)

    @asynccontextmanager
    async def _body(self, request: Request) -> AsyncIterator[AsyncIterator[bytes] | bytes | None]:
        """What the request brings. Raises 503 where there is no room for it."""
        if request.headers.get("content-length", "0") == "0" and "transfer-encoding" not in request.headers:
            yield None
        elif is_small(request):
            yield await request.body()  # whole before it takes a place at the service: it may come slowly
        else:
            async with self._room.held(request):
                yield request.stream()

    def stop(self) -> None:
        """End what has no end of its own, so that the process need not wait for who looks."""
        for answer in tuple(self._live):
            task = asyncio.get_running_loop().create_task(answer.aclose())
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

    async def open(
        self,
        name: Name,
        method: str,
        path: str,
        headers: Mapping[str, str],
        params: Sequence[tuple[str, str]] = (),
        body: AsyncIterator[bytes] | bytes | None = None,
        *,
        live: bool = False,
    ) -> httpx2.Response:
        """An answer of which only the head has been read; whoever gets it closes it. Raises 404, 503."""
        client = self._clients[name, live]
        try:
            asked = client.build_request(
                method, checked(path), headers=dict(headers), params=list(params) or None, content=body
            )
            return await client.send(asked, stream=True)
        except httpx2.InvalidURL as error:  # too long for an address
            raise nothing_here() from error
        except httpx2.HTTPError as error:
            log.warning("service_away", service=name, error=type(error).__name__)
            raise unavailable() from error


class _Through(StreamingResponse):
    """Ends the call behind it when it ends, also when its reader goes away."""

    def __init__(
        self, answer: httpx2.Response, open_ones: dict[httpx2.Response, str], origin: str, **options: Any
    ) -> None:
        self._answer, self._open_ones = answer, open_ones
        open_ones[answer] = origin
        super().__init__(_lines(answer), **options)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._open_ones.pop(self._answer, None)
            await self._answer.aclose()


def through(
    answer: httpx2.Response, open_ones: dict[httpx2.Response, str] | None = None, origin: str = ""
) -> StreamingResponse:
    """An answer as it came, with those of its headers that are for everybody; `open_ones` has it while it goes on."""
    headers = {name: answer.headers[name] for name in ANSWERED_WITH if name in answer.headers}
    known = {} if open_ones is None else open_ones
    return _Through(answer, known, origin, status_code=answer.status_code, headers=headers)


async def _lines(answer: httpx2.Response) -> AsyncIterator[bytes]:
    try:
        async for chunk in answer.aiter_bytes():
            yield chunk
    except (httpx2.HTTPError, httpx2.StreamError) as error:  # the head has gone out: all that is left is to end
        log.warning("answer_broken", error=type(error).__name__)


def _path(request: Request) -> str:
    """As it was written: what is escaped in it stays so. Raises 404 for what no address is written with."""
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    try:
        return raw.partition(b"?")[0].decode("ascii")
    except UnicodeDecodeError as error:
        raise nothing_here() from error


def _client(name: str, url: str, live: bool, vouching: Vouching) -> httpx2.AsyncClient:
    most, patience = (LIVE_AT_ONCE, _LIVE) if live else (AT_ONCE, PATIENCE)
    limits: Any = httpx2.Limits(max_connections=most, max_keepalive_connections=most)
    hooks: Any = {"request": [vouching]}
    return Counted(
        name, base_url=url, timeout=patience, limits=limits, trust_env=False, verify=trusted(), event_hooks=hooks
    )
