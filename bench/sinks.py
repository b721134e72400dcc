"""Where notices end: an HTTP and an SMTP server that take everything. `python -m bench.sinks HTTP_PORT SMTP_PORT`.

They do as little as they can, for they share the machine with what is measured. What is posted to `/slow` is answered
after ten seconds. `GET /arrivals` answers when the first
webhook of each case came (`time.monotonic`, one clock for all processes of a machine), `GET /counts` how many webhooks
and letters, `GET /kept-webhooks` and `GET /kept-letters` the first of each as they came.
"""

import asyncio
import sys
import time

import httptools
import orjson
import uvloop

arrivals: dict[str, float] = {}
counts = {"webhooks": 0, "letters": 0}
KEPT = 1_000
kept_webhooks: list[tuple[str, str]] = []
"""(`webhook-id`, body)"""
kept_letters: list[str] = []


SLOW, SLOWLY = b"/slow", 10.0
_SAID = {
    b"/arrivals": arrivals,
    b"/counts": counts,
    b"/kept-webhooks": kept_webhooks,
    b"/kept-letters": kept_letters,
}


class _Webhooks(asyncio.Protocol):
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport
        self._parser = httptools.HttpRequestParser(self)
        self._path, self._id, self._body = b"", "", b""

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._path = url

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"webhook-id":
            self._id = value.decode()
            arrivals.setdefault(self._id.partition(".")[0], time.monotonic())

    def on_body(self, part: bytes) -> None:
        self._body += part

    def on_message_complete(self) -> None:
        if self._id:
            counts["webhooks"] += 1
            if len(kept_webhooks) < KEPT:
                kept_webhooks.append((self._id, self._body.decode()))
        posted, self._id, self._body = bool(self._id), "", b""
        if posted and self._path == SLOW:
            asyncio.get_running_loop().call_later(SLOWLY, self._answer)
        else:
            self._answer()

    def _answer(self) -> None:
        body = orjson.dumps(_SAID.get(self._path, {}))
        self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


class _Letters(asyncio.Protocol):
    """As much of RFC 5321 as a client that behaves needs."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport, self._unread, self._in_letter = transport, b"", False
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self._unread += data
        while self._unread:
            end = b"\r\n.\r\n" if self._in_letter else b"\r\n"
            line, found, rest = self._unread.partition(end)
            if not found:
                return
            self._unread = rest
            self._take(line)

    def _take(self, line: bytes) -> None:
        if self._in_letter:
            self._in_letter = False
            counts["letters"] += 1
            if len(kept_letters) < KEPT:
                kept_letters.append(line.decode("latin-1"))
            self._transport.write(b"250 taken\r\n")
        elif line[:4].upper() == b"DATA":
            self._in_letter = True
            self._transport.write(b"354 go on\r\n")
        elif line[:4].upper() == b"EHLO":
            self._transport.write(b"250-sink\r\n250 PIPELINING\r\n")  # RFC 2920; the common mail servers all have it
        else:
            goes = line[:4].upper() == b"QUIT"
            self._transport.write(b"221 bye\r\n" if goes else b"250 sink\r\n")
            if goes:
                self._transport.close()


async def _serve(http_port: int, smtp_port: int) -> None:
    loop = asyncio.get_running_loop()
    webhooks = await loop.create_server(_Webhooks, "127.0.0.1", http_port)
    await loop.create_server(_Letters, "127.0.0.1", smtp_port)
    await webhooks.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1]), int(sys.argv[2])))
