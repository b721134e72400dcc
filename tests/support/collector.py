"""A collector of spans: OTLP over HTTP, decoded by OpenTelemetry's own messages."""

from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass(frozen=True, slots=True)
class Seen:
    """A span as it came."""

    service: str
    name: str
    kind: str
    """`server`, `client`, `producer`, `consumer`."""
    trace: str
    id: str
    parent: str
    """Empty: it is the first of its trace."""
    links: tuple[tuple[str, str], ...]
    """Traces and the spans in them."""
    failed: bool
    seconds: float
    about: Mapping[str, Any]


class Collector:
    """An HTTP server that takes what services send. Use it as a context."""

    def __init__(self) -> None:
        self.spans: list[Seen] = []
        self.bodies: list[bytes] = []
        self.status = 200
        self.answering = Event()
        """Until it is set again, whoever sends waits."""
        self.answering.set()
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                collector.answering.wait(30)
                right = self.path == "/v1/traces" and self.headers["Content-Type"] == "application/x-protobuf"
                status = collector.status if right else 404
                if status == 200:
                    collector.take(body)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Collector":
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, body: bytes) -> None:
        """One request's spans."""
        self.bodies.append(body)
        for group in ExportTraceServiceRequest.FromString(body).resource_spans:
            service = str(_values(group.resource.attributes)["service.name"])
            self.spans += [_seen(service, span) for scope in group.scope_spans for span in scope.spans]

    def of(self, trace: str, service: str | None = None, kind: str | None = None) -> list[Seen]:
        """What has come of a trace."""
        return [
            span
            for span in tuple(self.spans)
            if span.trace == trace and service in {None, span.service} and kind in {None, span.kind}
        ]


def _seen(service: str, span: Span) -> Seen:
    return Seen(
        service=service,
        name=span.name,
        kind=Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_").lower(),
        trace=span.trace_id.hex(),
        id=span.span_id.hex(),
        parent=span.parent_span_id.hex(),
        links=tuple((link.trace_id.hex(), link.span_id.hex()) for link in span.links),
        failed=span.status.code == 2,
        seconds=(span.end_time_unix_nano - span.start_time_unix_nano) / 1e9,
        about=_values(span.attributes),
    )


def _values(attributes: Any) -> dict[str, Any]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in attributes}
