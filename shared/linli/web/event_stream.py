"""An answer of Server-Sent Events that holds a place."""

import weakref
from collections.abc import AsyncIterator, Callable

from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from linli.web.localized import Localized
from linli.web.problems import Problem


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


def no_place(*, of_address: bool) -> Problem:
    """Why one more live stream is not opened: 429 for an address at its share, 503 when all places are taken."""
    if of_address:
        detail = Localized(
            "Too many live streams are open from this address; try again soon.",
            "此地址打开的实时页面过多，请稍后再试。",
        )
        return Problem("too_many_streams", 429, detail, retry_after=30)
    detail = Localized("Too many live streams are open; try again soon.", "打开的实时页面过多，请稍后再试。")
    return Problem("too_many_streams", 503, detail, retry_after=5)
