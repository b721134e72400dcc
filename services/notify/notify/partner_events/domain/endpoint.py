"""A partner's endpoint: where its events are posted, in order, and what follows from each try."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from linli.frozen import replace
from notify.deliveries.domain.tries import RETRY_AFTER_AT_MOST, Outcome, Refused, Took, Unreached

SCHEDULE: Sequence[timedelta] = (
    *(timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10)),
    *(timedelta(minutes=30), timedelta(hours=1)),
)
"""The longest wait after each failure in a row; the last again and again."""
GIVEN_UP_AFTER = timedelta(days=5)
"""So long an endpoint may fail before it is switched off. Nothing is lost by it: the events stay to be fetched."""
WARNED_AFTER = timedelta(days=2)
"""So long it may fail before people are told that it will be."""
PASSED_OVER_AFTER = timedelta(days=3)
"""So long one event may fail, of an endpoint that takes others."""
TAKES_OTHERS = timedelta(days=1)
"""Within so long it has taken one."""
GONE = "http_410"
"""What an endpoint answers that is to be asked no more."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where one partner's events go, and how far they have gone."""

    partner: str
    url: str
    types: tuple[str, ...] | None
    """Only these; None for all."""
    cursor: int
    """All events up to this number have been taken, or passed over."""
    due_at: datetime
    """When it is tried next."""
    added_at: datetime
    taken: tuple[int, ...] = ()
    """Beyond the cursor."""
    again: tuple[int, ...] = ()
    """To be sent once more, whatever the cursor says."""
    failures: int = 0
    """In a row."""
    failing_since: datetime | None = None
    off: str | None = None
    """Why it is switched off; None while it is on."""
    stuck_since: datetime | None = None
    """Since when the first event beyond the cursor has failed."""
    taken_at: datetime | None = None
    """When it took one last."""
    version: int = 1
    """Of this document: whoever changes it says which one was read."""
    ordered: bool = True
    """Nothing later of an order is posted before the earlier was taken; otherwise all go side by side."""
    back: tuple[int, int] | None = None
    """From and up to these numbers all are to be sent once more: `again` is filled from it."""
    warned: bool = False
    """People have been told that it fails, since it began to."""

    def has_more(self, last: int) -> bool:
        """Whether something is to be posted, where `last` is the newest of its partner's numbers."""
        return last > self.cursor or bool(self.again) or self.back is not None


@dataclass(frozen=True, slots=True)
class Try:
    """One call, and what it came to."""

    number: int
    event: str
    at: datetime
    milliseconds: int
    outcome: Outcome
    answer: str
    """The beginning of it."""

    @property
    def over(self) -> bool:
        """Whether the event is not to be sent again: it was taken, or never will be."""
        return isinstance(self.outcome, Took | Refused) and not self.gone

    @property
    def gone(self) -> bool:
        """Whether the endpoint says that it is there no more."""
        return isinstance(self.outcome, Refused) and self.outcome.reason == GONE

    @property
    def reason(self) -> str | None:
        """Why it was not taken."""
        return self.outcome.reason if isinstance(self.outcome, Refused | Unreached) else None


def tried(
    endpoint: Endpoint, window: Collection[int], until: int, tries: Sequence[Try], now: datetime, luck: float
) -> Endpoint:
    """The endpoint after the events of a window, by their numbers, were tried as far as it went.

    The window has all up to `until` that the endpoint wants and has not taken. `luck` is a random number from 0 to 1.
    """
    over = {each.number for each in tries if each.over}
    after = replace(_moved_on(endpoint, window, until, over), version=endpoint.version + 1)
    if any(isinstance(each.outcome, Took) for each in tries):
        after = replace(after, taken_at=now)
    if any(each.gone for each in tries):
        return replace(after, off=GONE)
    failed = [each.outcome for each in tries if isinstance(each.outcome, Unreached)]
    if not failed:
        return replace(_well(after), due_at=now)
    stuck = (endpoint.stuck_since if after.cursor == endpoint.cursor else None) or now
    after = replace(after, stuck_since=stuck)
    before = 0 if over else endpoint.failures
    since = (endpoint.failing_since if before else None) or now
    after = replace(after, failures=before + 1, failing_since=since)
    if now - stuck >= PASSED_OVER_AFTER and after.taken_at and now - after.taken_at < TAKES_OTHERS:
        first = min(each.number for each in tries if isinstance(each.outcome, Unreached))
        passed = _moved_on(after, window, until, {first})
        return replace(_well(passed), due_at=now)
    if now - since >= GIVEN_UP_AFTER:
        return replace(after, off=failed[0].reason)
    after = replace(after, warned=now - since >= WARNED_AFTER)
    asked = timedelta(seconds=failed[0].retry_after or 0.0)
    wait = max(min(asked, RETRY_AFTER_AT_MOST), SCHEDULE[min(before, len(SCHEDULE) - 1)] * (1 + luck) / 2)
    return replace(after, due_at=now + wait)


def _well(endpoint: Endpoint) -> Endpoint:
    return replace(endpoint, failures=0, failing_since=None, stuck_since=None, warned=False)


def _moved_on(endpoint: Endpoint, window: Collection[int], until: int, over: Collection[int]) -> Endpoint:
    """The cursor goes to before the first that still waits; what is over beyond it is remembered."""
    done = {*endpoint.taken, *over}
    waits = [number for number in window if number not in done and number > endpoint.cursor]
    cursor = max(endpoint.cursor, min(waits) - 1 if waits else until)
    return replace(
        endpoint,
        cursor=cursor,
        taken=tuple(sorted(number for number in done if number > cursor)),
        again=tuple(number for number in endpoint.again if number in window and number not in over),
    )


def switched_on(endpoint: Endpoint, now: datetime, **changes: Any) -> Endpoint:
    """The same with what a person has changed, to be tried at once."""
    on = replace(endpoint, off=None, failures=0, failing_since=None, warned=False, due_at=now)
    on = replace(on, version=endpoint.version + 1)
    return replace(on, **changes)
