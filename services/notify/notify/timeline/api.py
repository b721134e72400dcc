"""The route of the live stream."""

import weakref
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Annotated, Any

from fastapi import Header, Query, Request
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from linli.contracts.workflow.permissions import TRACK
from linli.security.audited import about
from linli.security.auth import needs, origin_of
from linli.web.app import problems, router
from linli.web.given import given
from notify.timeline.stream import Streams

residents = router(prefix="/v1", tags=["residents"])


@residents.get(
    "/stream",
    dependencies=[needs(TRACK)],
    response_class=StreamingResponse,
    responses=problems(404, 422) | {200: {"content": {"text/event-stream": {}}, "description": "Server-Sent Events"}},
)
async def stream(
    request: Request,
    streams: Annotated[Streams, given(Streams)],
    track: Annotated[str, Query(max_length=64, description="The tracking code")],
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> StreamingResponse:
    """A case's public timeline, then what comes, live. `id` is the sequence; `Last-Event-ID` resumes after it."""
    follower = await streams.join(track, origin_of(request))
    about(request, [follower.case_id])
    last = int(last_event_id) if last_event_id and last_event_id.isascii() and last_event_id.isdigit() else 0
    return _Live(
        streams.follow(follower, min(last, 2**53)),
        leave=partial(streams.leave, follower),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


class _Live(StreamingResponse):
    """Gives its place back when it ends, and when it is dropped before a line of it was asked for."""

    def __init__(self, lines: AsyncIterator[bytes], leave: Callable[[], None], **options: Any) -> None:
        super().__init__(lines, **options)
        self._leave = weakref.finalize(self, leave)  # once, whichever comes first

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._leave()
