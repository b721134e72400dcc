"""Calls to the other services' internal endpoints, and whom this process trusts when it calls anybody."""

import ssl
from functools import cache

import httpx2


@cache
def trusted() -> ssl.SSLContext:
    """The system's authorities, or those of SSL_CERT_FILE. Reading them takes 50 ms, so it is done once."""
    return ssl.create_default_context()


def to_service(url: str, service_key: str, timeout: httpx2.Timeout) -> httpx2.AsyncClient:
    """A client for another service's internal endpoints. Whoever gets it closes it."""
    return httpx2.AsyncClient(
        base_url=url,
        headers={"Authorization": f"Bearer {service_key}"},
        timeout=timeout,
        trust_env=False,
        verify=trusted(),
    )
