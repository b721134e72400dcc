"""Where notices end: an HTTP and an SMTP server that take everything. `python -m bench.sinks HTTP_PORT SMTP_PORT`.

They do as little as they can, for they share the machine with what is measured. `GET /arrivals` answers when the first
webhook of each case came (`time.monotonic`, one clock for all processes of a machine), `GET /letters` how many e-mails.
"""

import asyncio
import sys
import time

import httptools
import orjson
import uvloop

arrivals: dict[str, float] = {}
letters: list[float] = []


class _Webhooks(asyncio.Protocol):
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport
        self._parser = httptools.HttpRequestParser(self)
        self._path = b""

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._path = url

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"webhook-id":
            arrivals.setdefault(value.decode().partition(".")[0], time.monotonic())

    def on_message_complete(self) -> None:
        said = {b"/arrivals": arrivals, b"/letters": len(letters)}.get(self._path, {})
        body = orjson.dumps(said)
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
            letters.append(time.monotonic())
            self._transport.write(b"250 taken\r\n")
        elif line[:4].upper() == b"DATA":
            self._in_letter = True
            self._transport.write(b"354 go on\r\n")
        else:
            self._transport.write(b"250 sink\r\n")
            if line[:4].upper() == b"QUIT":
                self._transport.close()


async def _serve(http_port: int, smtp_port: int) -> None:
    loop = asyncio.get_running_loop()
    webhooks = await loop.create_server(_Webhooks, "127.0.0.1", http_port)
    await loop.create_server(_Letters, "127.0.0.1", smtp_port)
    await webhooks.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1]), int(sys.argv[2])))
