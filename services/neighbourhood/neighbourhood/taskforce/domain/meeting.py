"""A meeting of a task force, and what is done with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from linli.contracts.neighbourhood import meetings as events
from linli.contracts.neighbourhood.meetings import AgendaItem, MinutedItem, Present
from linli.frozen import replace
from neighbourhood.digests import digest_of_json
from neighbourhood.taskforce.domain.command import TaskForceCommand


class MeetingState(StrEnum):
    """Where a meeting stands."""

    CALLED = "called"
    CANCELLED = "cancelled"
    HELD = "held"
    MINUTED = "minuted"
    CONFIRMED = "confirmed"


S = MeetingState


@dataclass(frozen=True, slots=True)
class Meeting:
    """`version` is the number of events in its history."""

    id: str
    taskforce_id: str
    community: str
    neighbourhood: str
    starts_at: datetime
    agenda: tuple[str, ...]
    """The ids of its items."""
    state: MeetingState = S.CALLED
    present: dict[str, str] = field(default_factory=dict)
    """Who sat for which seat."""
    quorate: bool = False
    minutes: str | None = None
    """The digest of what was minuted last."""
    written_by: str | None = None
    corrigenda: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class CallMeeting(TaskForceCommand):
    id: str
    starts_at: datetime
    place: str
    agenda: tuple[AgendaItem, ...]
    urgent: str | None = None


@dataclass(frozen=True, slots=True)
class CancelMeeting(TaskForceCommand):
    why: str


@dataclass(frozen=True, slots=True)
class RecordAttendance(TaskForceCommand):
    present: tuple[Present, ...]


@dataclass(frozen=True, slots=True)
class WriteMinutes(TaskForceCommand):
    items: tuple[MinutedItem, ...]


@dataclass(frozen=True, slots=True)
class ConfirmMinutes(TaskForceCommand):
    """`digest` is of the minutes that were read, `by` sat for the seat."""

    digest: str
    seat_id: str


@dataclass(frozen=True, slots=True)
class CorrectMinutes(TaskForceCommand):
    item: str
    instead: str
    why: str
    seat_id: str


OfMeeting: TypeAlias = CallMeeting | CancelMeeting | RecordAttendance | WriteMinutes | ConfirmMinutes | CorrectMinutes


def digest_of(items: Sequence[MinutedItem]) -> str:
    """SHA-256 of minutes as they are kept."""
    return digest_of_json([[each.item, each.outcome] for each in items])


def evolve_meeting(meeting: Meeting | None, event: events.MeetingEvent) -> Meeting:
    """The first call makes it; every other event needs a meeting."""
    if meeting is None:
        assert isinstance(event, events.MeetingCalled), f"{event.TYPE} of a meeting that nobody has called"
        place = (event.meeting_id, event.taskforce_id, event.community, event.neighbourhood)
        return Meeting(*place, event.starts_at, tuple(each.id for each in event.agenda), version=1)
    after = replace(meeting, version=meeting.version + 1)
    match event:
        case events.MeetingCalled():
            after = replace(after, starts_at=event.starts_at, agenda=tuple(each.id for each in event.agenda))
        case events.MeetingCancelled():
            after = replace(after, state=S.CANCELLED)
        case events.AttendanceRecorded():
            present = {each.seat_id: each.person for each in event.present}
            after = replace(after, state=S.HELD, present=present, quorate=event.quorate)
        case events.MinutesWritten():
            after = replace(after, state=S.MINUTED, minutes=event.digest, written_by=event.by)
        case events.MinutesConfirmed():
            after = replace(after, state=S.CONFIRMED)
        case events.MinutesCorrected():
            after = replace(after, corrigenda=event.corrigendum)
    return after
