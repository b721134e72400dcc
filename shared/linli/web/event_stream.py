"""An answer of Server-Sent Events that holds a place."""

import weakref
from collections.abc import AsyncIterator, Callable

from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send


class EventStream(StreamingResponse):
    """Gives its place back when it ends, and when it is dropped before a line of it was asked for."""

    def __init__(self, lines: AsyncIterator[bytes], leave: Callable[[], None]) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # no proxy gathers what is to come at once
        super().__init__(lines, headers=headers, media_type="text/event-stream")
        self._leave = weakref.finalize(self, leave)  # once, whichever comes first

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._leave()
