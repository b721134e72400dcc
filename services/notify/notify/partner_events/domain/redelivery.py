"""What is posted to an endpoint once more because somebody asked for it."""

from collections.abc import Sequence

from linli.frozen import replace
from notify.partner_events.domain.endpoint import Endpoint

MOST_AGAIN = 100
"""Events that wait to be posted again by their numbers; of a range the next so many are taken from it."""


def asked_again(endpoint: Endpoint, number: int) -> tuple[int, ...]:
    """What is to be sent once more, with one event."""
    return tuple(sorted({*endpoint.again, number})[-MOST_AGAIN:])


def asked_back(endpoint: Endpoint, first: int, last: int) -> tuple[int, int] | None:
    """The range that is to be sent once more, with another: what was asked for and is not done yet goes on in it.

    What lies beyond the cursor comes anyhow.
    """
    begin, end = endpoint.back or (first, last)
    begin, end = min(begin, first), min(max(end, last), endpoint.cursor)
    return (begin, end) if begin <= end else None


def refilled(endpoint: Endpoint, numbers: Sequence[int]) -> Endpoint:
    """The endpoint with the next numbers of its range to be sent again; none are left in it where there are few."""
    if endpoint.back is None:
        return endpoint
    _, end = endpoint.back
    left = (numbers[-1] + 1, end) if len(numbers) == MOST_AGAIN and numbers[-1] < end else None
    return replace(endpoint, again=tuple(sorted({*endpoint.again, *numbers})), back=left)
