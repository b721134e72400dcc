"""A meeting in somebody's calendar, and its minutes on paper."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar

from linli.contracts.neighbourhood.meetings import AgendaItem
from linli.contracts.neighbourhood.taskforce import SeatRole
from linli.frozen import replace
from neighbourhood.papers.document import as_sheet
from neighbourhood.papers.invitation import Invitation, invitation, meetings
from neighbourhood.papers.minutes import ROLES, Attendee, Corrected, MinutesPaper, Said, minutes
from tests.support.papers import words

ZONE = ZoneInfo("Asia/Shanghai")
STARTS = datetime(2026, 11, 5, 1, 30, tzinfo=UTC)


def called() -> Invitation:
    return Invitation(
        taskforce="槐荫里改造专班",
        meeting_id="m-1",
        version=3,
        changed_at=datetime(2026, 11, 1, tzinfo=UTC),
        starts_at=STARTS,
        zone=ZONE,
        place="社区会议室；二楼,东",
        agenda=(AgendaItem(id="a", title="车棚位置"), AgendaItem(id="b", title="施工时间")),
    )


def events(calendar: bytes) -> list[Any]:
    return list(Calendar.from_ical(calendar).walk("VEVENT"))


def test_a_meeting_comes_into_a_calendar_with_place_time_and_agenda() -> None:
    [meeting] = events(invitation(called()))
    assert (meeting["uid"], meeting["sequence"]) == ("m-1@linli", 3)
    assert meeting["dtstart"].dt == STARTS and meeting["dtstart"].params["TZID"] == "Asia/Shanghai"
    assert meeting["dtend"].dt - STARTS == timedelta(hours=1, minutes=30)
    assert (str(meeting["summary"]), str(meeting["location"])) == ("槐荫里改造专班会议 Meeting", "社区会议室；二楼,东")
    assert str(meeting["description"]) == "1. 车棚位置\n2. 施工时间" and meeting["status"] == "CONFIRMED"
    assert invitation(called()) == invitation(called())


def test_a_meeting_that_is_called_off_replaces_what_was_in_the_calendar() -> None:
    off = replace(called(), version=4, cancelled=True)
    [meeting] = events(invitation(off))
    assert (meeting["uid"], meeting["sequence"], meeting["status"]) == ("m-1@linli", 4, "CANCELLED")
    every = events(meetings("专班", (called(), replace(off, meeting_id="m-2"))))
    assert [str(each["uid"]) for each in every] == ["m-1@linli", "m-2@linli"]


def paper() -> MinutesPaper:
    return MinutesPaper(
        taskforce="槐荫里改造专班",
        meeting_id="m-1",
        starts_at=STARTS,
        zone=ZONE,
        place="社区会议室",
        present=(Attendee(SeatRole.COMMUNITY, "王主任"), Attendee(SeatRole.RESIDENTS, "李老师", stands_in=True)),
        quorate=True,
        items=(Said("车棚位置", "定在 3 号楼东侧，\n不占消防通道。"), Said("施工时间", "11 月 20 日起。")),
        digest="ab" * 32,
        confirmed=True,
        made_at=STARTS,
        corrections=(Corrected(1, "施工时间", "11 月 21 日起", "日期笔误"),),
    )


def test_minutes_say_who_came_what_came_of_each_item_and_what_was_put_right_later() -> None:
    read = words(as_sheet(minutes(paper())))
    for expected in (
        "槐荫里改造专班会议纪要",
        "2026年11月5日（星期四）09:30",
        "2席，达到法定人数",
        "李老师（代）",
        "1.车棚位置",
        "不占消防通道。",
        "更正1：施工时间",
        "应为：11月21日起",
        "原因：日期笔误",
        "纪要SHA-256" + "ab" * 32,
        "已确认",
    ):
        assert expected in read, expected
    draft = words(as_sheet(minutes(replace(paper(), confirmed=False, quorate=False))))
    assert "草稿，未经确认" in draft and "未达到法定人数" in draft


def test_every_role_of_a_seat_has_its_name() -> None:
    assert ROLES.keys() == set(SeatRole)
