"""A meeting of a task force, and what is done with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, TypeAlias

from pydantic import AwareDatetime, Field

from linli.contracts.neighbourhood import meetings as events
from linli.contracts.neighbourhood.affairs import Digest, Id
from linli.contracts.neighbourhood.meetings import Agenda, AgendaItem, MinutedItem, Present
from linli.contracts.neighbourhood.placed import Title, Words
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
    place: str = ""
    topics: tuple[AgendaItem, ...] = ()
    """The agenda in words."""
    parties: tuple[str, ...] = ()
    """Who has heard of it."""


@dataclass(frozen=True, slots=True)
class CallMeeting(TaskForceCommand):
    """Call a meeting, or call it anew for another time, place or agenda."""

    id: Id
    starts_at: AwareDatetime
    place: Title
    agenda: Agenda
    urgent: Words | None = None
    """Why it is called at shorter notice than the rules ask for."""


@dataclass(frozen=True, slots=True)
class CancelMeeting(TaskForceCommand):
    """It does not take place."""

    why: Words


@dataclass(frozen=True, slots=True)
class RecordAttendance(TaskForceCommand):
    """It was held, and these came."""

    present: Annotated[tuple[Present, ...], Field(max_length=200)]


@dataclass(frozen=True, slots=True)
class WriteMinutes(TaskForceCommand):
    """What came of each item of the agenda, in its order."""

    items: Annotated[tuple[MinutedItem, ...], Field(max_length=50)]


@dataclass(frozen=True, slots=True)
class ConfirmMinutes(TaskForceCommand):
    """`digest` is of the minutes that were read, `by` sat for the seat."""

    digest: Digest
    seat_id: Id


@dataclass(frozen=True, slots=True)
class CorrectMinutes(TaskForceCommand):
    """What confirmed minutes should have said of an item; it stands beside them."""

    item: Id
    instead: Words
    why: Words
    seat_id: Id


OfMeeting: TypeAlias = CallMeeting | CancelMeeting | RecordAttendance | WriteMinutes | ConfirmMinutes | CorrectMinutes


def digest_of(items: Sequence[MinutedItem]) -> str:
    """SHA-256 of minutes as they are kept."""
    return digest_of_json([[each.item, each.outcome] for each in items])


def evolve_meeting(meeting: Meeting | None, event: events.MeetingEvent) -> Meeting:
    """The first call makes it; every other event needs a meeting."""
    if meeting is None:
        assert isinstance(event, events.MeetingCalled), f"{event.TYPE} of a meeting that nobody has called"
        place = (event.meeting_id, event.taskforce_id, event.community, event.neighbourhood)
        new = Meeting(*place, event.starts_at, (), version=1)
        return _called(new, event)
    after = replace(meeting, version=meeting.version + 1)
    match event:
        case events.MeetingCalled():
            after = _called(after, event)
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


def _called(meeting: Meeting, event: events.MeetingCalled) -> Meeting:
    agenda = tuple(each.id for each in event.agenda)
    return replace(
        meeting, starts_at=event.starts_at, place=event.place, agenda=agenda, topics=event.agenda, parties=event.parties
    )
