"""Standard Webhooks (https://www.standardwebhooks.com), sent only to checked addresses.

The checked address itself is connected to, so a name that changes in between gains nothing. The pool follows no
redirects and uses no proxy of the environment.
"""

import asyncio
import contextlib
import socket
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import zip_longest
from typing import Any

import httpcore2
from standardwebhooks import Webhook

from linli.security.addresses import Network, is_allowed, is_public
from linli.storage.clock import Now
from notify.deliveries.channels.connections import Connections, WrittenAtOnce
from notify.deliveries.domain.tries import Outcome, Refused, Took, Unreached

ANSWER_AT_MOST = 65_536
"""Bytes of an answer that are read at most; nothing in it matters but its status."""
KEPT = 1_024
"""Bytes of an answer that whoever asks for it gets."""
ANSWER_WITHIN = 1.0
"""Seconds that the rest of an answer is waited for, so that its connection can be used again."""
WORTH_A_RETRY = frozenset({302, 303, 307, 401, 402, 403, 404, 405, 407, 408, 409, 421, 423, 424, 425, 429})
"""Statuses below 500 that may be different later: they speak of the endpoint (being deployed, a key to be set right,
too busy) and not of this body."""
ONE_ADDRESS = 2.0
"""Seconds for connecting to one address, while another is left to try."""


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
        addresses = in_turns(str(info[4][0]) for info in found if self._may_go(str(info[4][0])))
        if not addresses:
            raise AddressRefused(host)
        for address in addresses[:-1]:
            patience = ONE_ADDRESS if timeout is None else min(ONE_ADDRESS, timeout)
            with contextlib.suppress(httpcore2.ConnectError, httpcore2.ConnectTimeout):
                return WrittenAtOnce(
                    await self._connector.connect_tcp(address, port, patience, local_address, socket_options)
                )
        return WrittenAtOnce(
            await self._connector.connect_tcp(addresses[-1], port, timeout, local_address, socket_options)
        )

    def _may_go(self, address: str) -> bool:
        return is_allowed(address, self._networks) or (not self._named_only and is_public(address))


def in_turns(addresses: Iterable[str]) -> list[str]:
    """Each once, the two families in turns (RFC 8305, 4), so that one that leads nowhere takes little time."""
    known = list(dict.fromkeys(addresses))
    first = [each for each in known if (":" in each) == (":" in known[0])]
    second = [each for each in known if each not in first]
    return [each for pair in zip_longest(first, second) for each in pair if each is not None]


class Webhooks:
    """Posts to parties' endpoints, over connections that are kept open."""

    def __init__(self, networks: Sequence[Network], timeout: float, connections: int, now: Now) -> None:
        self._timeout, self._now = timeout, now
        self._connections = {
            "https": Connections(connections, CheckedNetwork(networks, named_only=False)),
            "http": Connections(connections, CheckedNetwork(networks, named_only=True)),
        }
        """Plain HTTP goes nowhere but to networks that the operator has named."""

    async def send(
        self,
        delivery_id: str,
        url: str,
        body: bytes,
        secrets: Sequence[str],
        content_type: str = "application/json",
        answer: bytearray | None = None,
    ) -> Outcome:
        """Post a body, signed with each secret. The outcome is the status's, whatever the answer says.

        The beginning of what it says goes into `answer`, `KEPT` bytes of it.
        """
        target = httpcore2.URL(url)
        connections = self._connections.get(target.scheme.decode())
        if connections is None:
            return Refused("bad_url")
        headers = signed(delivery_id, body, secrets, self._now(), content_type)
        return await post(connections, target, headers, body, self._timeout, self._now, answer)

    async def close(self) -> None:
        for connections in self._connections.values():
            await connections.close()


async def post(
    connections: Connections,
    url: httpcore2.URL,
    headers: list[tuple[str, str]],
    body: bytes,
    seconds_at_most: float,
    now: Now,
    answer: bytearray | None = None,
) -> Outcome:
    """Post a body once; what it came to. The status decides, whatever becomes of the rest of the answer.

    The beginning of that goes into `answer`.
    """
    outcome: Outcome | None = None
    try:
        async with (
            asyncio.timeout(seconds_at_most) as limit,
            connections.post(url, headers, body) as response,
        ):
            found = {name.lower(): value for name, value in response.headers}
            outcome = answered(response.status, found.get(b"retry-after"), now())
            limit.reschedule(asyncio.get_running_loop().time() + ANSWER_WITHIN)
            await _read(response, answer)
    except TimeoutError:
        return outcome or Unreached("timeout", away=True)
    except AddressRefused:
        return Unreached("address_refused")
    except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
        return outcome or Unreached("unreachable", away=True)
    except (httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError, OSError) as error:
        return outcome or Unreached(f"connection_{type(error).__name__}".lower())
    return outcome


async def _read(response: httpcore2.Response, answer: bytearray | None) -> None:
    read = 0
    async for part in response.aiter_stream():
        read += len(part)
        if answer is not None and len(answer) < KEPT:
            answer += part[: KEPT - len(answer)]
        if read > ANSWER_AT_MOST:
            return  # leaving the response's block closes the connection


def signed(
    id: str, body: bytes, secrets: Sequence[str], now: datetime, content_type: str = "application/json"
) -> list[tuple[str, str]]:
    """The headers of a body as Standard Webhooks has them."""
    return [
        ("Content-Type", content_type),
        ("User-Agent", "linli-notify"),
        ("webhook-id", id),
        ("webhook-timestamp", str(int(now.timestamp()))),
        ("webhook-signature", " ".join(Webhook(secret).sign(id, now, body.decode()) for secret in secrets)),
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
