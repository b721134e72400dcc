"""Calendars that people subscribe to, or add an entry of to their own (RFC 5545)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from icalendar import Calendar, Event


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One event. The same id with a higher version takes the place of what somebody has of it already."""

    id: str
    version: int
    changed_at: datetime
    starts_at: datetime
    until: datetime | None
    zone: tzinfo
    """In which it is shown: the place's own."""
    summary: str
    location: str
    description: str
    status: str = "CONFIRMED"
    """TENTATIVE, CONFIRMED or CANCELLED."""


def written(subject: str, name: str, entries: Iterable[CalendarEntry]) -> bytes:
    """A calendar with its name in both languages; `subject` tells Linli's calendars apart."""
    calendar = Calendar()
    calendar.add("prodid", f"-//Linli 邻里//{subject}//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for entry in entries:
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def _event(entry: CalendarEntry) -> Event:
    event = Event()
    event.add("uid", f"{entry.id}@linli")
    event.add("dtstamp", entry.changed_at)
    event.add("sequence", entry.version)
    event.add("dtstart", entry.starts_at.astimezone(entry.zone))
    if entry.until:
        event.add("dtend", entry.until.astimezone(entry.zone))
    event.add("summary", entry.summary)
    event.add("location", entry.location)
    event.add("status", entry.status)
    event.add("description", entry.description)
    return event
