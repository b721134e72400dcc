"""Calls to the other services' internal endpoints, and whom this process trusts when it calls anybody."""

import ssl
from functools import cache
from typing import Any

import httpx2

from linli.application import telemetry
from linli.tracing.under import UNDER, UNRECORDED


@cache
def trusted() -> ssl.SSLContext:
    """The system's authorities, or those of SSL_CERT_FILE. Reading them takes 50 ms, so it is done once."""
    return ssl.create_default_context()


class Counted(httpx2.AsyncClient):
    """A client for one of Linli's services, which counts in the metrics what became of its requests.

    Where spans are recorded each has one, and takes it along, so that the other's lie under it.
    """

    def __init__(self, to: str, **options: Any) -> None:
        super().__init__(**options)
        self._to = to

    async def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        under = UNDER.get()
        if under is None or request.url.path in UNRECORDED:
            return await self._counted(request, **options)
        cause = under.traceparent or request.headers.get("traceparent")
        with under.recorder.call(self._to, request.method, cause) as span:
            request.headers["traceparent"] = span.traceparent
            answer = await self._counted(request, **options)
            span.answered(answer.status_code)
        return answer

    async def _counted(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        try:
            answer = await super().send(request, **options)
        except httpx2.HTTPError:
            telemetry.CALLS.labels(self._to, "failed").inc()
            raise
        telemetry.CALLS.labels(self._to, "failed" if answer.status_code >= 500 else "answered").inc()
        return answer


def to_service(to: str, url: str, service_key: str, timeout: httpx2.Timeout) -> httpx2.AsyncClient:
    """A client for another service's internal endpoints. Whoever gets it closes it."""
    return Counted(
        to,
        base_url=url,
        headers={"Authorization": f"Bearer {service_key}"},
        timeout=timeout,
        trust_env=False,
        verify=trusted(),
    )
