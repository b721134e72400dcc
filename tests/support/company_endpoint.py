"""An endpoint of a company's own, to which its events are posted."""

import json
import ssl
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any


class Endpoint:
    """An HTTP server of a company's: what it was posted, and what it answers."""

    def __init__(self, certificate: tuple[Path, Path] | None = None) -> None:
        """`certificate` and its key are files; without them it speaks plain HTTP."""
        self.status, self.answers, self.proves = 200, 200, True
        self.refuses: str | None = None
        """Events of this type are answered 500."""
        self.location: str | None = None
        """Where it says that it has moved to."""
        self.answering = Event()
        """Until it is set again, whoever calls waits."""
        self.answering.set()
        self.calls = 0
        self.pings: list[dict[str, Any]] = []
        self.got: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.calls += 1
                hook.answering.wait(30)
                said = hook.take(json.loads(body), body, {k.lower(): v for k, v in self.headers.items()})
                status = 200 if said is not None else hook.answers
                answer = said or b"thanks"
                self.send_response(status)
                if hook.location and said is None:
                    self.send_header("Location", hook.location)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if certificate:
            secured = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            secured.load_cert_chain(*certificate)
            self._server.socket = secured.wrap_socket(self._server.socket, server_side=True)
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{self._server.server_port}/hook"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def take(self, event: dict[str, Any], body: bytes, headers: dict[str, str]) -> bytes | None:
        """The answer to a ping, None for an event."""
        if event["type"] == "linli.endpoint.ping.v1":
            self.pings.append(event)
            return event["data"]["challenge"].encode() if self.proves else b"hello"
        self.answers = 500 if event["type"] == self.refuses else self.status
        if self.answers == 200:
            self.got.append(event)
            self.headers.append(headers)
            self.bodies.append(body)
        return None

    def close(self) -> None:
        self.answering.set()
        self._server.shutdown()
        self._server.server_close()
