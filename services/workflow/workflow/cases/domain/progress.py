"""What has been done about a case, and when."""

from dataclasses import dataclass
from datetime import datetime

from linli.frozen import replace


@dataclass(frozen=True, slots=True)
class Progress:
    """The times of the main steps, and the final answer."""

    accepted_at: datetime | None = None
    answered_at: datetime | None = None
    """When the reporter was first told something by a person."""
    resolved_at: datetime | None = None
    answer: str | None = None
    """What was said when it was resolved."""


NOTHING_YET = Progress()


def taken_on(progress: Progress, now: datetime) -> Progress:
    return replace(progress, accepted_at=progress.accepted_at or now)


def answered(progress: Progress, now: datetime) -> Progress:
    return replace(progress, answered_at=progress.answered_at or now)


def resolved(progress: Progress, answer: str | None, now: datetime) -> Progress:
    """What is answered at once, without being sent anywhere, was taken on by who answers."""
    return replace(answered(taken_on(progress, now), now), resolved_at=now, answer=answer)


def begun_again(progress: Progress) -> Progress:
    """It is not done after all; who had taken it on did so."""
    return replace(progress, answered_at=None, resolved_at=None)


def taken_on_with(progress: Progress, other: Progress) -> Progress:
    """It is taken on since the other case was."""
    return replace(progress, accepted_at=other.accepted_at)


def as_far_as(progress: Progress, other: Progress) -> Progress:
    """What is done about another case is done about this one; each reporter is answered on their own."""
    return replace(other, answered_at=progress.answered_at)


def unanswered(progress: Progress) -> Progress:
    """The reporter is owed an answer again."""
    return replace(progress, answered_at=None)


def without_words(progress: Progress) -> Progress:
    return replace(progress, answer=None)
