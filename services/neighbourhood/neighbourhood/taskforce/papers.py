"""What is printed of meetings, from what was told of them."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo

from linli.contracts.base import Record
from linli.contracts.neighbourhood.affairs import Affair
from linli.contracts.neighbourhood.meetings import (
    MeetingCalled,
    MeetingCancelled,
    MinutedItem,
    MinutesConfirmed,
    MinutesCorrected,
    MinutesWritten,
)
from neighbourhood.papers import minutes as on_paper
from neighbourhood.papers.invitation import Invitation
from neighbourhood.papers.minutes import Attendee, MinutesPaper, Said
from neighbourhood.taskforce.domain.force import TaskForce
from neighbourhood.taskforce.domain.meeting import Meeting, MeetingState


class Corrected(Record):
    """What confirmed minutes should have said of an item."""

    number: int
    item: str
    title: str
    instead: str
    why: str


def minuted(told: Sequence[Affair]) -> tuple[MinutedItem, ...]:
    """What was minuted last."""
    return next((each.items for each in reversed(told) if isinstance(each, MinutesWritten)), ())


def corrected(meeting: Meeting, told: Sequence[Affair]) -> list[Corrected]:
    """In order."""
    titles = {each.id: each.title for each in meeting.topics}
    return [
        Corrected(number=each.corrigendum, item=each.item, title=titles[each.item], instead=each.instead, why=each.why)
        for each in told
        if isinstance(each, MinutesCorrected)
    ]


def called(meeting: Meeting, force: TaskForce, told: Sequence[Affair], zone: tzinfo) -> Invitation:
    """A meeting for a calendar. Only a call and its end change what stands there."""
    changes = [each for each in told if isinstance(each, MeetingCalled | MeetingCancelled)]
    return Invitation(
        taskforce=force.title,
        meeting_id=meeting.id,
        version=len(changes),
        changed_at=changes[-1].at,
        starts_at=meeting.starts_at,
        zone=zone,
        place=meeting.place,
        agenda=meeting.topics,
        cancelled=meeting.state is MeetingState.CANCELLED,
    )


def paper(
    meeting: Meeting, force: TaskForce, told: Sequence[Affair], names: Mapping[str, str], zone: tzinfo
) -> MinutesPaper:
    """All that minutes say; somebody whose name was erased, or is not known, is left blank."""
    assert meeting.minutes is not None
    holders = force.held_on(meeting.starts_at.astimezone(zone).date())
    titles = {each.id: each.title for each in meeting.topics}
    made = [each.at for each in told if isinstance(each, MinutesWritten | MinutesConfirmed | MinutesCorrected)]
    return MinutesPaper(
        taskforce=force.title,
        meeting_id=meeting.id,
        starts_at=meeting.starts_at,
        zone=zone,
        place=meeting.place,
        present=tuple(
            Attendee(force.seats[seat].role, names.get(person, ""), stands_in=holders.get(seat) != person)
            for seat, person in meeting.present.items()
        ),
        quorate=meeting.quorate,
        items=tuple(Said(titles[each.item], each.outcome) for each in minuted(told)),
        digest=meeting.minutes,
        confirmed=meeting.state is MeetingState.CONFIRMED,
        made_at=made[-1],
        corrections=tuple(
            on_paper.Corrected(each.number, each.title, each.instead, each.why) for each in corrected(meeting, told)
        ),
    )
