"""An SMS gateway as an operator's adapter would be: it checks who hands in, and keeps what it took."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pytest_httpserver import HTTPServer
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError
from werkzeug import Request, Response

from notify.deliveries.channels.sms import secret_of

KEY = "the-gateway-s-key"


@dataclass
class Gateway:
    """Messages by their id: one that comes twice is taken once."""

    url: str
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)

    def take(self, request: Request) -> Response:
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return Response(status=401)
        try:
            message = Webhook(secret_of(KEY)).verify(request.get_data(), dict(request.headers))
        except WebhookVerificationError:
            return Response(status=400)
        self.taken[message["id"]] = message
        return Response(status=202)

    def to(self, number: str) -> list[str]:
        """The texts that a number got."""
        return [message["text"] for message in self.taken.values() if message["to"] == number]


@contextmanager
def sms_gateway(secrets: Path) -> Iterator[tuple[Gateway, dict[str, str]]]:
    """A gateway on loopback, and the variables by which notify finds it."""
    key = secrets / "sms.key"
    key.write_text(KEY)
    key.chmod(0o600)
    with HTTPServer() as server:
        gateway = Gateway(server.url_for("/sms").replace("localhost", "127.0.0.1"))
        server.expect_request("/sms", method="POST").respond_with_handler(gateway.take)
        yield gateway, {"LINLI_SMS_URL": gateway.url, "LINLI_SMS_KEY_FILE": str(key)}
