"""W3C trace context: handed on from a request to the events that it causes."""

import re
from collections.abc import Mapping

_TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def traceparent(headers: Mapping[str, str]) -> str | None:
    """The caller's `traceparent`, when it is one."""
    value = headers.get("traceparent", "")
    return value if _TRACEPARENT.fullmatch(value) else None
