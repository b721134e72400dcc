"""A client that comes again when it is told to: what a service asks for while its database does not answer in time.

On a machine that does ten things at once a server is silent for seconds. No test of something else fails by that;
those of outages send each request `ONCE` and count what they are told.
"""

import asyncio
from typing import Any

import httpx2

ONCE: dict[str, Any] = {"once": True}
"""Extension of a request whose first answer is wanted, whatever it says."""
TRIES = 8
IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE"})


class Patient(httpx2.AsyncHTTPTransport):
    """Sends a request again, as long as Retry-After says, where nothing was stored or repeating it has one effect."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        tries = TRIES if "once" not in request.extensions else 1
        for left in reversed(range(tries)):
            try:
                answer = await super().handle_async_request(request)
            except httpx2.ReadError:  # it was too slow with what it had to say, or the service ended meanwhile
                if not left or not _has_one_effect(request):
                    raise
                await asyncio.sleep(1)
                continue
            if answer.status_code != httpx2.codes.SERVICE_UNAVAILABLE:
                break
            said = await answer.aread()
            if b":storage_unavailable" not in said or not (_has_one_effect(request) or b"nothing was stored" in said):
                break
            await asyncio.sleep(float(answer.headers["Retry-After"]))
        return answer


def _has_one_effect(request: httpx2.Request) -> bool:
    return request.method in IDEMPOTENT or "Idempotency-Key" in request.headers
