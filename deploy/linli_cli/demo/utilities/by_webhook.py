"""A utility's program with an endpoint: its events are posted to it."""

import asyncio
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Self

from standardwebhooks import Webhook, WebhookVerificationError

from linli_cli.connection.settings import LOOPBACK
from linli_cli.demo.utilities.desk import Program

PING = "linli.endpoint.ping.v1"
MOST_BYTES = 1_000_000


class Endpoint(Program):
    """An HTTP server on loopback, as long as the demo runs. What is not signed with its secret it refuses."""

    def __init__(self, kit: Path, workflow: str) -> None:
        super().__init__(kit, workflow)
        self._secret = Webhook((kit / "webhook.secret").read_text(encoding="utf-8").strip())
        self._server = ThreadingHTTPServer((LOOPBACK, 0), _handler(self))
        self._serving = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, name="demo-webhook")

    @property
    def url(self) -> str:
        """Where it is to be posted to."""
        return f"http://{LOOPBACK}:{self._server.server_port}/hook"

    async def __aenter__(self) -> Self:
        self._serving.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self._server.shutdown)
        self._server.server_close()
        await asyncio.to_thread(self._serving.join)
        await super().__aexit__()

    def posted(self, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """Status and answer."""
        try:
            self._secret.verify(body.decode(), headers)
        except (WebhookVerificationError, UnicodeDecodeError):
            return 401, b"not signed"
        event: dict[str, Any] = json.loads(body)
        if event["type"] == PING:
            return 200, str(event["data"]["challenge"]).encode()
        self.take(event["type"], event["data"])
        return 200, b"thanks"


def _handler(endpoint: Endpoint) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not length.isdigit() or int(length) > MOST_BYTES:
                self.send_error(411)
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, answer = endpoint.posted(self.rfile.read(int(length)), headers)
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None: ...

    return Handler
