"""W3C trace context: handed on from a request to the events that it causes."""

from collections.abc import Mapping

from linli.tracing.under import TRACEPARENT, UNDER


def traceparent(headers: Mapping[str, str]) -> str | None:
    """What the events of this request carry: its own span, where there is one, else the caller's `traceparent`."""
    under = UNDER.get()
    return (under and under.traceparent) or asked_under(headers)


def asked_under(headers: Mapping[str, str]) -> str | None:
    """The caller's `traceparent`, when it is one."""
    value = headers.get("traceparent", "")
    return value if TRACEPARENT.fullmatch(value) else None
