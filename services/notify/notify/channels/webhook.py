"""Webhooks as Standard Webhooks has them (https://www.standardwebhooks.com), to addresses that were looked at first.

The address that a name leads to is checked and then connected to, so a name that changes its mind in between gains
nothing. No redirect is followed, and no proxy of the environment used, for the pool knows of neither.
"""

import asyncio
import base64
import hmac
import socket
import ssl
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Any

import httpcore2
from standardwebhooks import Webhook

from linli.addresses import Network, is_allowed, is_public
from notify.domain.tries import Outcome, Refused, Took, Unreached

ANSWER_AT_MOST = 65_536
"""Bytes of an answer that are read at most; nothing in it matters but its status."""
WORTH_A_RETRY = frozenset({408, 409, 425, 429})
"""Statuses below 500 that may be different later."""


class AddressRefused(Exception):
    """The name leads nowhere that a webhook may go."""


class CheckedNetwork(httpcore2.AsyncNetworkBackend):
    """Resolves names itself and connects to what it has checked. TLS still sees the name, for SNI and certificate."""

    def __init__(self, networks: Sequence[Network], *, named_only: bool) -> None:
        self._networks, self._named_only = networks, named_only
        self._connector = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # the pool's own signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore2.ConnectError("the name is not known") from error
        addresses = [str(info[4][0]) for info in found if self._may_go(str(info[4][0]))]
        if not addresses:
            raise AddressRefused(host)
        return await self._connector.connect_tcp(addresses[0], port, timeout, local_address, socket_options)

    def _may_go(self, address: str) -> bool:
        return is_allowed(address, self._networks) or (not self._named_only and is_public(address))


class Webhooks:
    """Posts to parties' endpoints, over connections that are kept open."""

    def __init__(self, networks: Sequence[Network], timeout: float, connections: int) -> None:
        self._timeout = timeout

        def pool(*, named_only: bool) -> httpcore2.AsyncConnectionPool:
            return httpcore2.AsyncConnectionPool(
                ssl_context=ssl.create_default_context(),
                max_connections=connections,
                max_keepalive_connections=connections,
                keepalive_expiry=20,
                network_backend=CheckedNetwork(networks, named_only=named_only),
            )

        self._pools = {"https": pool(named_only=False), "http": pool(named_only=True)}
        """Plain HTTP goes nowhere but to networks that the operator has named."""

    async def send(self, delivery_id: str, url: str, body: bytes, secret: str) -> Outcome:
        """Post a body, signed. The outcome is the status's, whatever the answer says."""
        target = httpcore2.URL(url)
        pool = self._pools.get(target.scheme.decode())
        if pool is None:
            return Refused("bad_url")
        return await post(pool, target, signed(delivery_id, body, secret), body, self._timeout)

    async def close(self) -> None:
        for pool in self._pools.values():
            await pool.aclose()


async def post(
    pool: httpcore2.AsyncConnectionPool,
    url: httpcore2.URL,
    headers: list[tuple[str, str]],
    body: bytes,
    seconds_at_most: float,
) -> Outcome:
    """Post a body once; what it came to."""
    try:
        async with asyncio.timeout(seconds_at_most):
            return await _exchange(pool, url, headers, body)
    except TimeoutError:
        return Unreached("timeout", away=True)
    except AddressRefused:
        return Refused("address_refused")
    except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
        return Unreached("unreachable", away=True)
    except (httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError, OSError) as error:
        return Unreached(f"connection_{type(error).__name__}".lower())


async def _exchange(
    pool: httpcore2.AsyncConnectionPool, url: httpcore2.URL, headers: list[tuple[str, str]], body: bytes
) -> Outcome:
    async with pool.stream("POST", url, headers=headers, content=body) as response:
        read = 0
        async for part in response.aiter_stream():
            read += len(part)
            if read > ANSWER_AT_MOST:
                break  # leaving the block closes the connection
        found = {name.lower(): value for name, value in response.headers}
        return answered(response.status, found.get(b"retry-after"), datetime.now(UTC))


def signed(id: str, body: bytes, secret: str) -> list[tuple[str, str]]:
    """The headers of a body as Standard Webhooks has them."""
    now = datetime.now(UTC)
    return [
        ("Content-Type", "application/json"),
        ("User-Agent", "linli-notify"),
        ("webhook-id", id),
        ("webhook-timestamp", str(int(now.timestamp()))),
        ("webhook-signature", Webhook(secret).sign(id, now, body.decode())),
    ]


def answered(status: int, retry_after: bytes | None, now: datetime) -> Outcome:
    """What a status means for the delivery."""
    if 200 <= status < 300:
        return Took()
    if status >= 500 or status in WORTH_A_RETRY:
        return Unreached(f"http_{status}", seconds(retry_after, now))
    return Refused(f"http_{status}")


def seconds(retry_after: bytes | None, now: datetime) -> float | None:
    """A `Retry-After` header in seconds; it may be a number or a date (RFC 9110, 10.2.3)."""
    text = (retry_after or b"").decode("latin-1").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text).replace(tzinfo=UTC) - now).total_seconds()) if text else None
    except (ValueError, OverflowError):
        return None


def secret_of(key: bytes, community: str, party: str) -> str:
    """The secret of a party's endpoint, derived from the installation's key, so none is stored."""
    derived = hmac.new(key, f"{community}/{party}".encode(), sha256).digest()
    return f"whsec_{base64.b64encode(derived).decode()}"
