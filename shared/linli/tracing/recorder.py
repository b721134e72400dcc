"""Spans as OpenTelemetry has them. This package alone imports its SDK.

No attribute holds what anybody wrote, an address, or an id: what a route is called, a topic, a type of events, numbers.
"""

import time
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from types import TracebackType

from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)

from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.messaging.kafka.records import Outgoing
from linli.tracing.sending import Sending
from linli.tracing.share import sampler_of
from linli.tracing.under import TRACEPARENT

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
"""Any other is a word of the caller's."""
ROOT = Context()
"""Of what has no cause that is known."""
LINKS = 128
"""Of one span at most, as the SDK has it."""


class Recorder:
    """One process's. `close` it last."""

    def __init__(self, service: str, member: str, url: str, share: float, key: bytes = b"") -> None:
        """`share` of the traces is recorded, drawn with `key`; of those that began elsewhere, only what their flag
        wants."""
        self._sending = Sending(url)
        provider = TracerProvider(
            resource=Resource(
                {
                    "service.namespace": "linli",
                    "service.name": service,
                    "service.instance.id": member,
                    "service.version": version("linli-shared"),
                }
            ),
            sampler=sampler_of(share, key),
            shutdown_on_exit=False,
        )
        provider.add_span_processor(self._sending)
        self._tracer = provider.get_tracer("linli")

    def request(self, method: str, cause: str | None) -> "HttpSpan":
        """A request that came in. `cause` is the caller's `traceparent`."""
        return self._http(method, cause, SpanKind.SERVER, {})

    def call(self, to: str, method: str, cause: str | None) -> "HttpSpan":
        """A request to another service. Its path is left out: some hold tracking codes."""
        return self._http(method, cause, SpanKind.CLIENT, {"service.peer.name": to})

    def published(self, messages: Sequence[Outgoing], acknowledged: int, seconds: float) -> None:
        """One span for what went to Kafka together, in the trace of the first event and linked to those of all."""
        if not messages:
            return
        topics = {message.topic for message in messages}
        causes = _distinct((message.headers.get("ce_traceparent") or b"").decode() for message in messages)
        end = time.time_ns()
        span = self._tracer.start_span(
            f"publish {topics.pop()}" if len(topics) == 1 else "publish",
            _within(causes[0]) if causes else ROOT,
            SpanKind.PRODUCER,
            {
                "messaging.system": "kafka",
                "messaging.operation.type": "send",
                "messaging.operation.name": "publish",
                "messaging.batch.message_count": len(messages),
                "linli.acknowledged": acknowledged,
            },
            [Link(cause) for cause in causes[:LINKS]],
            start_time=end - int(seconds * 1e9),
        )
        if acknowledged < len(messages):
            span.set_status(StatusCode.ERROR)
        span.end(end)

    def processed(self, events: Sequence[Envelope[Event]], group: str, seconds: float) -> None:
        """A span for each event that took effect: what was decided together lasted as long for each of them."""
        end = time.time_ns()
        start = end - int(seconds * 1e9)
        for event in events:
            cause = _parsed(event.traceparent)
            if cause and not cause.trace_flags.sampled:
                continue
            self._tracer.start_span(
                f"process {event.data.TOPIC.name}",
                _within(cause) if cause else ROOT,
                SpanKind.CONSUMER,
                {
                    "messaging.system": "kafka",
                    "messaging.operation.type": "process",
                    "messaging.operation.name": "process",
                    "messaging.consumer.group.name": group,
                    "messaging.batch.message_count": len(events),
                    "linli.event.type": event.type,
                },
                start_time=start,
            ).end(end)

    async def close(self) -> None:
        """Send what waits, for a short time."""
        await self._sending.close()

    def _http(self, method: str, cause: str | None, kind: SpanKind, facts: dict[str, str]) -> "HttpSpan":
        known = method in METHODS
        name = method if known else "HTTP"
        about = {"http.request.method": method if known else "_OTHER"} | facts
        parent = _parsed(cause)
        called = f"{name} {facts['service.peer.name']}" if kind is SpanKind.CLIENT else name
        span = self._tracer.start_span(called, _within(parent) if parent else ROOT, kind, about)
        return HttpSpan(span, name, cause if parent else None)


class HttpSpan:
    """A request under way; its span ends with the block."""

    def __init__(self, span: Span, method: str, cause: str | None) -> None:
        self._span, self._method = span, method
        own = span.get_span_context()
        self.traceparent = f"00-{own.trace_id:032x}-{own.span_id:016x}-{own.trace_flags & TraceFlags.SAMPLED:02x}"
        """For what it causes. Of a span that nobody will see, its own cause: a child of it would have no parent."""
        if cause and not span.is_recording():
            self.traceparent = f"{cause[:-2]}00"  # and whoever it causes has none to record either

    def answered(self, status: int | None, route: str | None = None) -> None:
        """With this status; `route` is its path as it is declared."""
        if route is not None:
            self._span.update_name(f"{self._method} {route}")
            self._span.set_attribute("http.route", route)
        if status is not None:
            self._span.set_attribute("http.response.status_code", status)
            if status >= 500:
                self._span.set_status(StatusCode.ERROR)

    def __enter__(self) -> "HttpSpan":
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        if kind is not None:  # its message may quote what somebody wrote
            self._span.set_attribute("error.type", kind.__name__)
            self._span.set_status(StatusCode.ERROR)
        self._span.end()


def _parsed(traceparent: str | None) -> SpanContext | None:
    found = TRACEPARENT.fullmatch(traceparent or "")
    if found is None:
        return None
    trace, span, flags = (int(part, 16) for part in found.groups())
    return SpanContext(trace, span, is_remote=True, trace_flags=TraceFlags(flags))


def _distinct(traceparents: Iterable[str]) -> list[SpanContext]:
    """Each cause once, those that somebody records first."""
    causes = [cause for each in dict.fromkeys(traceparents) if (cause := _parsed(each))]
    return sorted(causes, key=lambda cause: not cause.trace_flags.sampled)


def _within(cause: SpanContext) -> Context:
    return set_span_in_context(NonRecordingSpan(cause), ROOT)
