"""The route of the stream of changes."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import StreamingResponse

from linli.contracts.workflow.permissions import FOLLOW_CHANGES
from linli.security.auth import needs, origin_of
from linli.web.app import problems, router
from linli.web.given import given
from linli.web.signals import Fanout, Signal, line

routes = router(prefix="/v1", tags=["public"])
EVERYTHING = line("everything")


@routes.get(
    "/changes",
    dependencies=[needs(FOLLOW_CHANGES)],
    response_class=StreamingResponse,
    responses=problems(422) | {200: {"content": {"text/event-stream": {}}, "description": "Server-Sent Events"}},
)
async def changes(
    request: Request,
    streams: Annotated[Fanout, given(Fanout)],
    seconds: Annotated[int, Query(ge=1, le=3_600, description="How long the stream lasts at most")],
) -> StreamingResponse:
    """That something has changed, and nothing of what: the event is a kind, such as `case`, its data a digest by which
    who knows the id knows it. `everything`: anything may have changed."""
    return streams.streamed(streams.join(origin_of(request), _line, [EVERYTHING], seconds))


def _line(signal: Signal) -> str:
    return line(signal.kind, signal.digest)
