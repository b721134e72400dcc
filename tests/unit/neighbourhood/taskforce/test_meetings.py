"""Meetings are called in time, held by who sits there, minuted item by item; confirmed minutes are corrected only."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from linli.contracts.base import tolerant
from linli.contracts.neighbourhood.meetings import (
    AgendaItem,
    AttendanceRecorded,
    MeetingEvent,
    MinutedItem,
    MinutesCorrected,
    MinutesWritten,
    Present,
)
from linli.contracts.neighbourhood.taskforce import SeatRole
from linli.frozen import replace
from neighbourhood.refusal import Refusal
from neighbourhood.taskforce.domain.force import FillSeat, FormTaskForce, TaskForce, evolve_force
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
    evolve_meeting,
)
from neighbourhood.taskforce.domain.meeting_deciding import call, decide_meeting
from neighbourhood.taskforce.domain.seating import decide_force, form
from tests.support.qingdao import TASKFORCE

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
DAY = timedelta(days=1)
CLERK: dict[str, Any] = {"by": "p-clerk", "party": "community"}
SEATS = dict(zip(SeatRole, ("p-sub", "p-com", "p-mem", "p-res", "p-own", "p-pro"), strict=False))
CALL = CallMeeting(
    **CLERK,
    id="m-1",
    starts_at=NOW + 3 * DAY,
    place="社区议事厅",
    agenda=(AgendaItem(id="a", title="车棚选址"), AgendaItem(id="b", title="工期")),
)


def formed() -> TaskForce:
    event = form(FormTaskForce(**CLERK, id="t-1", community="fushan", neighbourhood="n-1", title="改造专班"), NOW)
    assert not isinstance(event, Refusal)
    force = evolve_force(None, event)
    for role, person in SEATS.items():
        seat = FillSeat(**CLERK, seat_id=role.value, role=role, holder=person, from_day=NOW.date())
        filled = decide_force(force, seat, NOW)
        assert not isinstance(filled, Refusal)
        force = evolve_force(force, filled)
    return force


FORCE = formed()
ALL = tuple(Present(seat_id=role.value, person=person) for role, person in SEATS.items())
ATTEND = RecordAttendance(**CLERK, present=ALL[:4])
ITEMS = (MinutedItem(item="a", outcome="选在 3 号楼北侧。"), MinutedItem(item="b", outcome="四月完工。"))
WRITE = WriteMinutes(**CLERK, items=ITEMS)
CONFIRM = ConfirmMinutes(by="p-sub", party="subdistrict", digest=digest_of(ITEMS), seat_id="subdistrict")
CORRECT = CorrectMinutes(
    by="p-sub", party="subdistrict", item="b", instead="五月完工。", why="笔误", seat_id="subdistrict"
)


def called() -> Meeting:
    event = call(CALL, FORCE, TASKFORCE, NOW)
    assert not isinstance(event, Refusal), event
    return evolve_meeting(None, event)


def after(meeting: Meeting, *commands: OfMeeting, now: datetime = NOW + 4 * DAY) -> Meeting:
    for command in commands:
        event = decide_meeting(meeting, command, FORCE, TASKFORCE, now)
        assert not isinstance(event, Refusal), event
        meeting = evolve_meeting(meeting, event)
    return meeting


def refusal(meeting: Meeting, command: OfMeeting, now: datetime = NOW + 4 * DAY) -> str:
    outcome = decide_meeting(meeting, command, FORCE, TASKFORCE, now)
    return outcome.slug if isinstance(outcome, Refusal) else ""


def test_a_meeting_is_called_with_full_days_between_or_is_urgent_and_says_why() -> None:
    soon = replace(CALL, starts_at=NOW + 2 * DAY)
    outcome = call(soon, FORCE, TASKFORCE, NOW)
    assert isinstance(outcome, Refusal) and outcome.slug == "short_notice"
    assert not isinstance(call(replace(soon, urgent="管道爆裂"), FORCE, TASKFORCE, NOW), Refusal)
    past = call(replace(CALL, starts_at=NOW - DAY, urgent="管道爆裂"), FORCE, TASKFORCE, NOW)
    assert isinstance(past, Refusal)
    assert refusal(called(), replace(CALL, starts_at=NOW + 5 * DAY), NOW + 4 * DAY) == "short_notice"


def test_who_sits_for_a_seat_holds_it_that_day_or_stands_in() -> None:
    stranger = Present(seat_id="residents", person="p-x")
    assert refusal(called(), RecordAttendance(**CLERK, present=(stranger,))) == "not_the_holder"
    sent = Present(seat_id="residents", person="p-x", stands_in=True)
    assert refusal(called(), RecordAttendance(**CLERK, present=(sent,))) == ""
    twice = Present(seat_id="community", person="p-sub", stands_in=True)
    assert refusal(called(), RecordAttendance(**CLERK, present=(ALL[0], twice))) == "present_twice"
    assert refusal(called(), ATTEND, NOW) == "not_begun"


def test_exactly_half_of_the_seats_are_too_few() -> None:
    for count, enough in ((3, False), (4, True)):
        attended = RecordAttendance(**CLERK, present=ALL[:count])
        event = decide_meeting(called(), attended, FORCE, TASKFORCE, NOW + 4 * DAY)
        assert isinstance(event, AttendanceRecorded) and event.quorate is enough
        assert refusal(after(called(), attended, WRITE), CONFIRM) == ("" if enough else "not_quorate")


def test_minutes_say_what_came_of_each_item_in_its_order() -> None:
    held = after(called(), ATTEND)
    for items in (ITEMS[:1], ITEMS[::-1], ()):
        assert refusal(held, replace(WRITE, items=items)) == "agenda_not_minuted"


def test_minutes_are_confirmed_by_somebody_who_was_there_and_has_read_these() -> None:
    minuted = after(called(), ATTEND, WRITE)
    assert refusal(minuted, replace(CONFIRM, digest="0" * 64)) == "other_text"
    assert refusal(minuted, replace(CONFIRM, by="p-com")) == "may_not_confirm"
    assert refusal(minuted, replace(CONFIRM, by="p-res", seat_id="residents")) == "may_not_confirm"
    own = after(called(), ATTEND, replace(WRITE, by="p-sub"))
    assert refusal(own, CONFIRM) == "writer_confirms"
    absent = after(called(), RecordAttendance(**CLERK, present=ALL[1:]), WRITE)
    assert refusal(absent, CONFIRM) == "may_not_confirm"


def test_confirmed_minutes_change_by_corrigendum_only_and_others_without_one() -> None:
    minuted = after(called(), ATTEND, WRITE)
    assert refusal(minuted, CORRECT) == "meeting_state"
    again = (ITEMS[0], MinutedItem(item="b", outcome="五月完工。"))
    rewritten = after(minuted, replace(WRITE, items=again))
    assert refusal(rewritten, CONFIRM) == "other_text"
    confirmed = after(minuted, CONFIRM)
    assert refusal(confirmed, WRITE) == "minutes_confirmed"
    assert refusal(confirmed, replace(CORRECT, item="z")) == "unknown"
    event = decide_meeting(after(confirmed, CORRECT), CORRECT, FORCE, TASKFORCE, NOW + 9 * DAY)
    assert isinstance(event, MinutesCorrected) and event.corrigendum == 2


def test_what_is_masked_in_the_minutes_is_not_in_their_digest_either() -> None:
    items = (MinutedItem(item="a", outcome="请致电 13812345678。"), ITEMS[1])
    event = decide_meeting(after(called(), ATTEND), replace(WRITE, items=items), FORCE, TASKFORCE, NOW + 4 * DAY)
    assert isinstance(event, MinutesWritten) and "13812345678" not in event.model_dump_json()
    read = tolerant(MinutesWritten, event.model_dump_json().encode())
    assert isinstance(read, MinutesWritten) and digest_of(read.items) == event.digest


TRIED: tuple[OfMeeting, ...] = (
    replace(CALL, starts_at=NOW + 5 * DAY),
    replace(CALL, starts_at=NOW + 2 * DAY, urgent="管道爆裂"),
    CancelMeeting(**CLERK, why="暴雨"),
    ATTEND,
    RecordAttendance(**CLERK, present=ALL),
    WRITE,
    replace(WRITE, by="p-sub"),
    CONFIRM,
    CORRECT,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(TRIED), st.integers(0, 4)), max_size=20))
def test_the_events_make_the_state_and_minutes_that_are_confirmed_stay(steps: list[tuple[OfMeeting, int]]) -> None:
    first = call(CALL, FORCE, TASKFORCE, NOW)
    assert not isinstance(first, Refusal)
    told: list[MeetingEvent] = [first]
    meeting, now = evolve_meeting(None, first), NOW
    for command, days in steps:
        now += days * DAY
        before = meeting
        event = decide_meeting(meeting, command, FORCE, TASKFORCE, now)
        if isinstance(event, Refusal):
            continue
        told.append(event)
        meeting = evolve_meeting(meeting, event)
        if before.state is MeetingState.CONFIRMED:
            assert isinstance(event, MinutesCorrected) and meeting.minutes == before.minutes
    again: Meeting | None = None
    for event in told:
        read = tolerant(type(event), event.model_dump_json(exclude_none=True).encode())
        assert isinstance(read, MeetingEvent)
        again = evolve_meeting(again, read)
    assert again == meeting and meeting.version == len(told)
