"""The outcome of an attempt to deliver, and what follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from notify.deliveries.domain.deliveries import State
from notify.notices.domain.kinds import Channel


@dataclass(frozen=True, slots=True)
class Took:
    """The other end took it."""


@dataclass(frozen=True, slots=True)
class Refused:
    """It will never be taken."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unreached:
    """It may be taken later."""

    reason: str
    retry_after: float | None = None
    """Seconds that the other end asked for."""
    away: bool = False
    """Nobody answered at all, so whatever else goes there need not be tried now."""


@dataclass(frozen=True, slots=True)
class NobodyThere:
    """There is no address, and that is as it should be."""

    reason: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """There is no address for this channel, but one for another."""

    channel: Channel


@dataclass(frozen=True, slots=True)
class NotBegun:
    """The sender had to stop before this one's turn came, or that is later."""

    until: datetime | None = None


Outcome: TypeAlias = Took | Refused | Unreached | NobodyThere | Elsewhere | NotBegun


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a delivery after an attempt."""

    state: State
    due_at: datetime | None = None
    reason: str | None = None
    """Why it ended, for all states but `sent`; why it did not succeed yet, for `due`."""
    tried: bool = True


RETRY_AFTER_AT_MOST = timedelta(hours=6)
"""Another's wish is granted up to here, so that no one can park a notice for ever."""


def judge(outcome: Outcome, tries: int, schedule: Sequence[float], now: datetime, luck: float) -> Verdict:
    """The next step. `tries` counts those before this one, `luck` a random number from 0 to 1.

    Waits are between half and the whole of the schedule's (seconds), so that an endpoint that is mended within half of
    it is told of everything; never shorter than the other end asked for. The schedule used up, it is given up.
    """
    match outcome:
        case Took():
            return Verdict(State.SENT)
        case Refused(reason):
            return Verdict(State.FAILED, reason=reason)
        case NobodyThere(reason):
            return Verdict(State.SKIPPED, reason=reason)
        case Elsewhere(channel):
            return Verdict(State.REPLACED, reason=f"by_{channel}")
        case NotBegun(until):
            return Verdict(State.DUE, due_at=until or now, tried=False)
        case Unreached():
            return _later(outcome, tries, schedule, now, luck)


def _later(outcome: Unreached, tries: int, schedule: Sequence[float], now: datetime, luck: float) -> Verdict:
    if tries >= len(schedule):
        return Verdict(State.FAILED, reason=outcome.reason)
    asked = min(outcome.retry_after or 0.0, RETRY_AFTER_AT_MOST.total_seconds())
    return Verdict(State.DUE, now + timedelta(seconds=max(asked, (1 + luck) / 2 * schedule[tries])), outcome.reason)
