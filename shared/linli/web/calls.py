"""Calls to the other services' internal endpoints, and whom this process trusts when it calls anybody."""

import ssl
from functools import cache
from typing import Any

import httpx2

from linli.application import telemetry


@cache
def trusted() -> ssl.SSLContext:
    """The system's authorities, or those of SSL_CERT_FILE. Reading them takes 50 ms, so it is done once."""
    return ssl.create_default_context()


class Counted(httpx2.AsyncClient):
    """A client for one of Linli's services, which counts in the metrics what became of its requests."""

    def __init__(self, to: str, **options: Any) -> None:
        super().__init__(**options)
        self._to = to

    async def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
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
