"""The parked records of a resident's submissions, for whoever gets all that is stored of them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import product
from typing import Any, Literal, TypeAlias

PARKED_AT_MOST = 500
"""Records that one question gets."""
STREAMS_AT_ONCE = 50
"""Submissions that one question is about."""
READERS: tuple[Literal["workflow", "notify"], ...] = ("workflow", "notify")
STATES = ("parked", "replayed", "discarded")
Ask: TypeAlias = Callable[[Literal["workflow", "notify"], Mapping[str, Any]], Awaitable[Any]]
"""Of a service's `GET /v1/parked`, with these parameters; its page."""


async def parked_of(ids: Sequence[str], ask: Ask) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Parked records of these submissions, and how many there are besides those that could be had.

    A service of an earlier version knows no `stream` and answers with everybody's: others' are left out here, and how
    many of these submissions' lie beyond its page nobody can say (`number` null).
    """
    found, left_out = [], []
    for start in range(0, len(ids), STREAMS_AT_ONCE):
        streams = list(ids[start : start + STREAMS_AT_ONCE])
        for service, state in product(READERS, STATES):
            page = await ask(service, {"stream": streams, "limit": PARKED_AT_MOST, "state": state})
            theirs = [each for each in page["items"] if each["stream"] in streams]
            found += [{"service": service} | each for each in theirs]
            more = page["total"] - len(page["items"])
            if more > 0:
                number = more if len(theirs) == len(page["items"]) else None
                left_out.append({"what": "parked", "service": service, "state": state, "number": number})
    return found, left_out
