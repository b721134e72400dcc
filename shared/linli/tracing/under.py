"""What records spans, and the trace under which work is done, kept beside the code's own arguments as metrics are.

Nothing here imports OpenTelemetry's SDK: `recorder_of` does so where spans are wanted.
"""

import re
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linli.application.settings import WebSettings
    from linli.tracing.recorder import Recorder

TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})")
"""W3C trace context: a trace, the span in it that is the parent, flags."""
UNRECORDED = frozenset({"/healthz", "/readyz", "/metrics"})
"""Paths that programs ask for every few seconds: no span is made of them, and no answer counted."""


@dataclass(frozen=True, slots=True)
class Under:
    """Where spans are recorded, and whose children they are."""

    recorder: "Recorder"
    traceparent: str | None = None
    """None: what is begun now has a trace of its own."""


UNDER: ContextVar[Under | None] = ContextVar("linli_under", default=None)
"""None: no spans are recorded. A service sets it at its start, each request and each batch for its own work."""


def recorder_of(service: str, member: str, settings: "WebSettings", key: str | None = None) -> "Recorder | None":
    """What records this process's spans, if they are wanted. `key`: that of the portal, which all processes have."""
    if settings.otlp_url is None:
        return None
    from linli.tracing.recorder import Recorder  # noqa: PLC0415 - the SDK costs time and memory at every start

    return Recorder(service, member, settings.otlp_url, settings.otlp_share, (key or "").encode())


def trace_of(traceparent: str | None) -> str | None:
    """The id of the trace that it names."""
    found = TRACEPARENT.fullmatch(traceparent or "")
    return found[1] if found else None


def work_for(traceparents: Iterable[str | None]) -> None:
    """What this task does from now on is done for these together: in their trace where all have the same."""
    under = UNDER.get()
    if under is not None:
        several = set(traceparents)
        UNDER.set(Under(under.recorder, several.pop() if len(several) == 1 else None))
