"""Meetings: called in time, held with who sits there, minuted item by item, confirmed; then corrigenda only."""

from datetime import datetime
from typing import TypeAlias, TypeVar

from linli.contracts.neighbourhood import meetings as events
from linli.contracts.neighbourhood.meetings import MinutedItem
from neighbourhood.refusal import Refusal, refused
from neighbourhood.taskforce.domain.command import TaskForceCommand
from neighbourhood.taskforce.domain.force import TaskForce
from neighbourhood.taskforce.domain.meeting import (
    CallMeeting,
    CancelMeeting,
    ConfirmMinutes,
    CorrectMinutes,
    Meeting,
    MeetingState,
    OfMeeting,
    RecordAttendance,
    WriteMinutes,
    digest_of,
)
from neighbourhood.taskforce.domain.rules import TaskForceRules
from neighbourhood.telling import told

E = TypeVar("E", bound=events.MeetingEvent)
MeetingDecision: TypeAlias = events.MeetingEvent | Refusal
S = MeetingState
_FROM: dict[type[OfMeeting], frozenset[MeetingState]] = {
    CallMeeting: frozenset({S.CALLED}),
    CancelMeeting: frozenset({S.CALLED}),
    RecordAttendance: frozenset({S.CALLED}),
    WriteMinutes: frozenset({S.HELD, S.MINUTED}),
    ConfirmMinutes: frozenset({S.MINUTED}),
    CorrectMinutes: frozenset({S.CONFIRMED}),
}
_NOT_NOW = refused("meeting_state", "That cannot be done where the meeting stands now.", "会议现在的状态不能这样做。")
_CONFIRMED = refused(
    "minutes_confirmed",
    "The minutes are confirmed; they are changed by a corrigendum only.",
    "纪要已经确认，只能以更正的方式修改。",
)


def call(command: CallMeeting, force: TaskForce, rules: TaskForceRules, now: datetime) -> MeetingDecision:
    """A new meeting of a task force."""
    new = Meeting(command.id, force.id, force.community, force.neighbourhood, command.starts_at, ())
    return _called(new, command, force, rules, now)


def decide_meeting(
    meeting: Meeting, command: OfMeeting, force: TaskForce, rules: TaskForceRules, now: datetime
) -> MeetingDecision:
    """The event of a command, or why it is refused; `force` is the task force as it is known now."""
    if meeting.state not in _FROM[type(command)]:
        too_late = isinstance(command, WriteMinutes) and meeting.state is S.CONFIRMED
        return _CONFIRMED if too_late else _NOT_NOW
    match command:
        case CallMeeting():
            return _called(meeting, command, force, rules, now)
        case CancelMeeting():
            return _tell(events.MeetingCancelled, meeting, command, now, why=command.why, **_of_call(meeting))
        case RecordAttendance():
            return _held(meeting, command, force, rules, now)
        case WriteMinutes():
            return _written(meeting, command, now)
        case ConfirmMinutes() | CorrectMinutes():
            return _confirmed(meeting, command, force, rules, now)


def _called(
    meeting: Meeting, command: CallMeeting, force: TaskForce, rules: TaskForceRules, now: datetime
) -> MeetingDecision:
    ids = [each.id for each in command.agenda]
    if not ids or len({*ids}) < len(ids):
        return refused(
            "agenda", "An agenda has items, each with an id of its own.", "议程要有内容，编号不能重复。", "/agenda"
        )
    in_time = command.starts_at >= rules.place.over_at(now, rules.notice)
    if command.starts_at <= now or not (in_time or command.urgent):
        return refused(
            "short_notice",
            "A meeting is called with {days} full days between, or it is urgent and says why.",
            "会议应提前通知，中间隔 {days} 整天；紧急会议要说明理由。",
            "/starts_at",
            days=rules.notice.length,
        )
    parties = force.parties_on(rules.place.day_of(command.starts_at))
    fields = {"place": command.place, "agenda": command.agenda, "urgent": command.urgent, "parties": parties}
    return _tell(events.MeetingCalled, meeting, command, now, starts_at=command.starts_at, **fields)


def _of_call(meeting: Meeting) -> dict[str, object]:
    return {"starts_at": meeting.starts_at, "parties": meeting.parties}


def _held(
    meeting: Meeting, command: RecordAttendance, force: TaskForce, rules: TaskForceRules, now: datetime
) -> MeetingDecision:
    if now < meeting.starts_at:
        return refused("not_begun", "The meeting has not begun.", "会议还没有开始。")
    holders = force.held_on(rules.place.day_of(meeting.starts_at))
    seats, people = ([getattr(each, name) for each in command.present] for name in ("seat_id", "person"))
    if len({*seats}) < len(seats) or len({*people}) < len(people):
        return refused(
            "present_twice", "Each sits once, for one seat.", "一人只代表一个席位，一席只有一人。", "/present"
        )
    for each in command.present:
        holder = holders.get(each.seat_id)
        if holder is None or (each.person == holder) is each.stands_in:
            return refused(
                "not_the_holder",
                "Who sits for a seat holds it on that day, or stands in for who does.",
                "到会的应是当日的席位代表，或注明是代理。",
                "/present",
            )
    quorate = rules.quorum.met(len(seats), len(holders))
    fields = {"present": command.present, "seats": len(holders), "quorate": quorate}
    return _tell(events.AttendanceRecorded, meeting, command, now, **fields)


def _written(meeting: Meeting, command: WriteMinutes, now: datetime) -> MeetingDecision:
    if tuple(each.item for each in command.items) != meeting.agenda:
        return refused(
            "agenda_not_minuted",
            "Minutes say of each item of the agenda what came of it, in its order.",
            "纪要应按议程逐项写明结果。",
            "/items",
        )
    # As the event keeps them: what its fields leave out or mask is not in the digest either.
    items = tuple(MinutedItem.model_validate(dict(each)) for each in command.items)
    return _tell(events.MinutesWritten, meeting, command, now, items=items, digest=digest_of(items))


def _confirmed(
    meeting: Meeting,
    command: ConfirmMinutes | CorrectMinutes,
    force: TaskForce,
    rules: TaskForceRules,
    now: datetime,
) -> MeetingDecision:
    if refusal := _may_not(meeting, command, force, rules):
        return refusal
    if isinstance(command, CorrectMinutes):
        if command.item not in meeting.agenda:
            return refused("unknown", "There is no such item.", "议程里没有这一项。", "/item")
        fields = {"item": command.item, "instead": command.instead, "why": command.why, "seat_id": command.seat_id}
        return _tell(events.MinutesCorrected, meeting, command, now, corrigendum=meeting.corrigenda + 1, **fields)
    if command.digest != meeting.minutes:
        return refused("other_text", "The minutes have changed since.", "纪要之后有改动，请重新阅读。", "/digest")
    return _tell(events.MinutesConfirmed, meeting, command, now, digest=command.digest, seat_id=command.seat_id)


def _may_not(
    meeting: Meeting, command: ConfirmMinutes | CorrectMinutes, force: TaskForce, rules: TaskForceRules
) -> Refusal | None:
    seat = force.seats.get(command.seat_id)
    if seat is None or seat.role not in rules.confirmed_by or meeting.present.get(command.seat_id) != command.by:
        return refused(
            "may_not_confirm",
            "Minutes are confirmed by somebody who was there, for a seat that confirms them.",
            "纪要由到会的、有确认权的席位确认。",
            "/seat_id",
        )
    if isinstance(command, ConfirmMinutes) and command.by == meeting.written_by:
        return refused("writer_confirms", "Whoever wrote the minutes does not confirm them.", "记录人不能确认纪要。")
    if not meeting.quorate:
        return refused("not_quorate", "Too few seats were there.", "到会席位不足，纪要不能确认。")
    return None


def _tell(kind: type[E], meeting: Meeting, command: TaskForceCommand, now: datetime, /, **fields: object) -> E:
    return told(
        kind, meeting, command, now, **{"meeting_id": meeting.id, "taskforce_id": meeting.taskforce_id} | fields
    )
