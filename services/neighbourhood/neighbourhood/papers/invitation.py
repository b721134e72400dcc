"""A meeting of the task force for somebody's own calendar, as `.ics`."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from linli.calendars import CalendarEntry, written
from linli.contracts.neighbourhood.meetings import AgendaItem

MEDIA_TYPE = "text/calendar; charset=utf-8"
USUAL = timedelta(hours=1, minutes=30)
"""A meeting says when it begins, not when it ends."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A meeting as it was called, or called anew, or off. `version` grows with each change."""

    taskforce: str
    meeting_id: str
    version: int
    changed_at: datetime
    starts_at: datetime
    zone: tzinfo
    place: str
    agenda: tuple[AgendaItem, ...]
    cancelled: bool = False


def invitation(of: Invitation) -> bytes:
    return written("meetings", f"{of.taskforce}会议 Meetings", (_entry(of),))


def meetings(taskforce: str, every: tuple[Invitation, ...]) -> bytes:
    """All meetings of a task force, to subscribe to."""
    return written("meetings", f"{taskforce}会议 Meetings", map(_entry, every))


def _entry(of: Invitation) -> CalendarEntry:
    return CalendarEntry(
        id=of.meeting_id,
        version=of.version,
        changed_at=of.changed_at,
        starts_at=of.starts_at,
        until=of.starts_at + USUAL,
        zone=of.zone,
        summary=f"{of.taskforce}会议 Meeting",
        location=of.place,
        description="\n".join(f"{number}. {each.title}" for number, each in enumerate(of.agenda, start=1)),
        status="CANCELLED" if of.cancelled else "CONFIRMED",
    )
