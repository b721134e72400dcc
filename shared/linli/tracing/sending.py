"""Spans on their way to a collector: few wait at most, and one that is away costs nobody anything but its spans."""

import asyncio
import logging
import ssl
from collections.abc import Sequence
from contextlib import suppress
from threading import Thread

import requests
import structlog
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from linli.application import telemetry

log = structlog.get_logger()

WAIT_AT_MOST = 4_096
"""Spans, of about two kilobytes; those above are dropped."""
TOGETHER = 512
"""In one request to the collector."""
SENT_EVERY = 1.0
"""Seconds."""
ANSWER_WITHIN = 5.0
"""Seconds in which the collector takes a request, with what is tried again."""
FLUSH_WITHIN = 2.0
"""Seconds at the end of the process."""


class Sending(BatchSpanProcessor):
    """Hands spans to a thread that sends them; what finds no room is dropped at once."""

    def __init__(self, url: str) -> None:
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)  # it complains of every try: we say it once
        self._to = _Collector(url)
        self._ended = 0
        super().__init__(
            self._to,
            max_queue_size=WAIT_AT_MOST,
            schedule_delay_millis=SENT_EVERY * 1_000,
            max_export_batch_size=TOGETHER,
        )

    def on_end(self, span: ReadableSpan) -> None:
        """Called by the SDK."""
        if span.context is None or not span.context.trace_flags.sampled:
            return
        if self.waiting >= WAIT_AT_MOST:
            telemetry.SPANS_DROPPED.inc()
            return
        self._ended += 1
        super().on_end(span)

    @property
    def waiting(self) -> int:
        """Spans that neither arrived nor were dropped. Each of the two numbers is written by one thread."""
        return self._ended - self._to.gone

    async def close(self) -> None:
        """Send what waits; what the collector does not take in time is lost."""
        sent, loop = asyncio.Event(), asyncio.get_running_loop()

        def flush() -> None:
            self.shutdown()  # type: ignore[no-untyped-call]  # the SDK has left it so
            with suppress(RuntimeError):  # too late: the loop is closed
                loop.call_soon_threadsafe(sent.set)

        Thread(target=flush, daemon=True, name="spans").start()  # a daemon: nobody waits for it at the end
        with suppress(TimeoutError):
            await asyncio.wait_for(sent.wait(), FLUSH_WITHIN)
        self._to.shutdown()
        if waiting := self.waiting:
            telemetry.SPANS_DROPPED.inc(waiting)
            log.warning("spans_lost_at_the_end", spans=waiting)


class _Collector(SpanExporter):
    """Takes spans, or does not, and says when that changes. The thread that sends calls it."""

    def __init__(self, url: str) -> None:
        session = requests.Session()
        session.trust_env = False  # as all our clients: no proxy of the shell's
        self._url = url
        self._exporter = OTLPSpanExporter(
            endpoint=f"{url.rstrip('/')}/v1/traces",
            certificate_file=ssl.get_default_verify_paths().cafile,  # the system's, or SSL_CERT_FILE
            timeout=ANSWER_WITHIN,
            session=session,
        )
        self._takes = True
        self._closed = False
        self.gone = 0
        """Spans that arrived or were dropped here."""

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        outcome = self._exporter.export(spans)
        takes = outcome is SpanExportResult.SUCCESS
        self.gone += len(spans)
        if not takes:
            telemetry.SPANS_DROPPED.inc(len(spans))
        if takes != self._takes:
            self._takes = takes
            if takes:
                log.info("collector_back", url=self._url)
            else:
                log.warning("collector_away", url=self._url)
        return outcome

    def shutdown(self) -> None:
        """Tries nothing again from now on."""
        if not self._closed:
            self._closed = True
            self._exporter.shutdown()  # type: ignore[no-untyped-call]
