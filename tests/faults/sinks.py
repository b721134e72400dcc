"""Where notices end: a real SMTP server and a real HTTP endpoint that write down what they got."""

import asyncio
import threading
from collections import Counter
from email.parser import BytesHeaderParser
from typing import Any

import uvicorn
from aiosmtpd.controller import Controller

from tests.support.servers import free_ports


class Sinks:
    """Both run in threads of their own."""

    def __init__(self) -> None:
        self.letters: Counter[str] = Counter()
        """Message-ID → how often it came."""
        self.calls: Counter[str] = Counter()
        """webhook-id → how often it came."""
        self.heard: set[str] = set()
        """Cases whose party was called."""
        self.overtaken = 0
        """Calls that came, the first time, after one about a later event of the same case."""
        self._latest: dict[str, int] = {}
        self.smtp_port, self.http_port = free_ports(2)
        self._smtp = Controller(self, hostname="127.0.0.1", port=self.smtp_port)
        config = uvicorn.Config(
            self._endpoint,
            port=self.http_port,
            interface="asgi3",
            lifespan="off",
            access_log=False,
            log_config=None,
            ws="none",
        )
        self._http = uvicorn.Server(config)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._http.serve()), daemon=True)

    def start(self) -> None:
        self._smtp.start()
        self._thread.start()

    def stop(self) -> None:
        self._smtp.stop()
        self._http.should_exit = True
        self._thread.join(10)

    @property
    def webhook(self) -> str:
        return f"http://127.0.0.1:{self.http_port}/"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  # the library's name
        headers = BytesHeaderParser().parsebytes(envelope.content)
        self.letters[str(headers["Message-ID"]).strip()] += 1
        return "250 OK"

    async def _endpoint(self, scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass
        delivery = dict(scope["headers"])[b"webhook-id"].decode()
        case, sequence, *_ = delivery.split(".")
        self.overtaken += not self.calls[delivery] and int(sequence) < self._latest.get(case, 0)
        self._latest[case] = max(int(sequence), self._latest.get(case, 0))
        self.calls[delivery] += 1
        self.heard.add(case)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})
