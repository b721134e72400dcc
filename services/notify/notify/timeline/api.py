"""The route of the live stream."""

from functools import partial
from typing import Annotated

from fastapi import Header, Query, Request
from fastapi.responses import StreamingResponse

from linli.contracts.workflow.permissions import TRACK
from linli.security.audited import about
from linli.security.auth import needs, origin_of
from linli.web.app import problems, router
from linli.web.event_stream import EventStream
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
    return EventStream(streams.follow(follower, min(last, 2**53)), partial(streams.leave, follower))
