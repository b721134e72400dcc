"""Text messages, through a gateway that the operator names: one JSON body for each, as docs/sms.md has it.

No provider's own interface is implemented here: each requires its own signature and approved templates.
"""

import base64
import hashlib
from dataclasses import dataclass, field
from ipaddress import ip_network

import httpcore2
import orjson

from linli.storage.clock import Now
from notify.deliveries.channels.connections import Connections
from notify.deliveries.channels.webhook import CheckedNetwork, post, signed
from notify.deliveries.domain.tries import NobodyThere, Outcome, Refused, Unreached

AT_HOME = tuple(
    map(ip_network, ("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"))
)
"""Where plain HTTP may go (RFC 1918, RFC 4193): numbers and words are readable on the way."""
NO_GATEWAY = "no_sms_gateway"
"""The reason why nothing is sent where the operator has named none."""
FOR_THE_OPERATOR = frozenset({"http_301", "http_308"})
"""A wrong address is for the operator to set right, and not the message's fault."""


@dataclass(frozen=True, slots=True)
class SmsGateway:
    """Where messages are handed in."""

    url: str | None
    """None: there is none."""
    key: str = field(default="", repr=False)
    timeout: float = 15.0


class Texter:
    """Hands messages to one gateway, over connections that are kept open."""

    def __init__(self, gateway: SmsGateway, connections: int, now: Now) -> None:
        self._gateway, self._now = gateway, now
        self._url = httpcore2.URL(gateway.url) if gateway.url else None
        plain = self._url is not None and self._url.scheme == b"http"
        self._connections = Connections(connections, CheckedNetwork(AT_HOME, named_only=True) if plain else None)

    @property
    def is_there(self) -> bool:
        """Whether the operator has named a gateway."""
        return self._url is not None

    async def send(self, delivery_id: str, to: str, text: str) -> Outcome:
        """Hand in one message to a number (E.164). Reasons hold codes only."""
        if self._url is None:
            return NobodyThere(NO_GATEWAY)
        id = message_id(delivery_id)
        body = orjson.dumps({"to": to, "text": text, "id": id})
        headers = signed(id, body, [secret_of(self._gateway.key)], self._now())
        headers.append(("Authorization", f"Bearer {self._gateway.key}"))
        outcome = await post(self._connections, self._url, headers, body, self._gateway.timeout, self._now)
        if isinstance(outcome, Refused) and outcome.reason in FOR_THE_OPERATOR:
            return Unreached(outcome.reason)
        return outcome

    async def close(self) -> None:
        await self._connections.close()


def message_id(delivery_id: str) -> str:
    """The same for every try of a delivery. It names nobody: beside the number stands no pseudonym."""
    return hashlib.sha256(delivery_id.encode()).hexdigest()[:40]


def secret_of(key: str) -> str:
    """The secret that bodies are signed with, in the form that libraries of Standard Webhooks take."""
    return f"whsec_{base64.b64encode(key.encode()).decode()}"
