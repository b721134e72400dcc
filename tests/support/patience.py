"""A client that comes again when it is told to: what a service asks for while its database does not answer in time.

On a machine that does ten things at once a server is silent for seconds. No test of something else fails by that;
those of outages send each request `ONCE` and count what they are told.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import httpx2

ONCE: dict[str, Any] = {"once": True}
"""Extension of a request whose first answer is wanted, whatever it says."""
TRIES = 8


class Patient(httpx2.AsyncHTTPTransport):
    """Sends a request again, as long as Retry-After says. What acts has a key of its own, so that it takes effect once;
    where a route takes no key, tests do without what was made first and not shown.
    """

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if "once" in request.extensions:
            return await super().handle_async_request(request)
        if request.method == "POST":
            request.headers.setdefault("Idempotency-Key", uuid4().hex)
        for left in reversed(range(TRIES)):
            try:
                answer = await super().handle_async_request(request)
            except httpx2.ReadError:  # it was too slow with what it had to say, or the service ended meanwhile
                if not left:
                    raise
                await asyncio.sleep(1)
                continue
            if answer.status_code != httpx2.codes.SERVICE_UNAVAILABLE:
                break
            if b":storage_unavailable" not in await answer.aread():
                break
            await asyncio.sleep(float(answer.headers["Retry-After"]))
        return answer


async def page_of(ask: Callable[[], Awaitable[httpx2.Response]]) -> httpx2.Response:
    """What a page says, asked for again while a service has no time for it: as a person does who reads that."""
    for _ in range(TRIES):
        answer = await ask()
        if answer.status_code != httpx2.codes.SERVICE_UNAVAILABLE:
            break
        await asyncio.sleep(1)
    return answer
