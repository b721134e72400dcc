"""Meetings of a task force 推进会: called, held, minuted, confirmed; then corrected only. Key: the meeting."""

from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Digest, Id
from linli.contracts.neighbourhood.placed import PlacedAffair, Title, Words
from linli.contracts.neighbourhood.taskforce import Count


class AgendaItem(Record):
    """One thing to talk about."""

    WORDS = frozenset({"title"})

    id: Id
    title: Title


class Present(Record):
    """Somebody who came, and for which seat."""

    seat_id: Id
    person: Id
    stands_in: bool = False
    """Not its holder, but whom the holder sent."""


class MinutedItem(Record):
    """What came of one item of the agenda."""

    WORDS = frozenset({"outcome"})

    item: Id
    outcome: Words


Parties = Annotated[tuple[Slug, ...], Field(max_length=200)]
Agenda = Annotated[tuple[AgendaItem, ...], Field(min_length=1, max_length=50)]


class MeetingEvent(PlacedAffair):
    """What is common to every event of a meeting."""

    meeting_id: Id
    taskforce_id: Id

    @property
    def story(self) -> str:
        return self.meeting_id


class MeetingCalled(MeetingEvent):
    """When and where, and what about; also anew, where that has changed before it was held."""

    TYPE: ClassVar[str] = "linli.meeting.called.v1"
    WORDS = frozenset({"place", "agenda", "urgent"})
    STAFF_WORDS = WORDS

    starts_at: AwareDatetime
    place: Title
    agenda: Agenda
    urgent: Words | None = None
    """Why it is called at shorter notice than the rules ask for."""
    parties: Parties = ()
    """Whose people sit there on that day: they hear of it."""


class MeetingCancelled(MeetingEvent):
    TYPE: ClassVar[str] = "linli.meeting.cancelled.v1"
    WORDS = frozenset({"why"})
    STAFF_WORDS = WORDS

    why: Words
    starts_at: AwareDatetime | None = None
    parties: Parties = ()
    """Who had heard of it."""


class AttendanceRecorded(MeetingEvent):
    """It was held: who came. 签到"""

    TYPE: ClassVar[str] = "linli.attendance.recorded.v1"

    present: tuple[Present, ...]
    seats: Annotated[int, Field(ge=0)]
    """So many seats were filled on that day."""
    quorate: bool


class MinutesWritten(MeetingEvent):
    """What was said of each item; also anew, until they are confirmed. 纪要"""

    TYPE: ClassVar[str] = "linli.minutes.written.v1"
    WORDS = frozenset({"items"})
    STAFF_WORDS = WORDS

    items: tuple[MinutedItem, ...]
    digest: Digest
    """Of all of it."""


class MinutesConfirmed(MeetingEvent):
    """They are as it was: nothing in them changes any more."""

    TYPE: ClassVar[str] = "linli.minutes.confirmed.v1"

    digest: Digest
    seat_id: Id
    """For which seat they were confirmed."""


class MinutesCorrected(MeetingEvent):
    """What confirmed minutes should have said of an item; they stand as they were, with this beside them. 更正"""

    TYPE: ClassVar[str] = "linli.minutes.corrected.v1"
    WORDS = frozenset({"instead", "why"})
    STAFF_WORDS = WORDS

    corrigendum: Count
    item: Id
    instead: Words
    why: Words
    seat_id: Id
