"""Working days: holidays and make-up days, closed days, changes of the clocks, leap days, years that nobody knows."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from linli.working_time import LAST_YEAR, UnknownYear, WorkingCalendar, working_spans
from tests.support.builders import community

SHANGHAI = WorkingCalendar(ZoneInfo("Asia/Shanghai"))


def in_shanghai(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=ZoneInfo("Asia/Shanghai"))  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        pytest.param((2026, 11, 23, 12), timedelta(days=1), (2026, 11, 24, 12), id="Monday to Tuesday"),
        pytest.param((2026, 11, 20, 12), timedelta(days=1), (2026, 11, 23, 12), id="over a weekend"),
        pytest.param((2026, 11, 21, 12), timedelta(days=1), (2026, 11, 23, 12), id="from a Saturday"),
        pytest.param((2025, 9, 30, 9), timedelta(days=1), (2025, 10, 9, 9), id="over the National Day week"),
        pytest.param((2025, 9, 26, 9), timedelta(days=1), (2025, 9, 28, 9), id="to a Sunday that is worked"),
        pytest.param((2024, 2, 28, 9), timedelta(days=2), (2024, 3, 1, 9), id="over a leap day"),
        pytest.param((2026, 11, 20, 12), timedelta(days=1, hours=2), (2026, 11, 23, 14), id="hours are on the clock"),
        pytest.param((2026, 11, 20, 23), timedelta(hours=4), (2026, 11, 21, 3), id="less than a day goes on at night"),
    ],
)
def test_working_days(start: tuple[int, ...], span: timedelta, end: tuple[int, ...]) -> None:
    assert SHANGHAI.end_of(in_shanghai(*start), span, working_days=True) == in_shanghai(*end)


def test_the_communitys_own_closed_days_do_not_count() -> None:
    calendar = WorkingCalendar(ZoneInfo("Asia/Shanghai"), frozenset({date(2026, 11, 24)}))
    assert calendar.end_of(in_shanghai(2026, 11, 23, 12), timedelta(days=1), True) == in_shanghai(2026, 11, 25, 12)


def test_a_day_over_a_change_of_the_clocks_ends_at_the_same_time_of_day() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 10, 23, 12, tzinfo=berlin)  # Friday; summer time ends on Sunday
    end = WorkingCalendar(berlin).end_of(start.astimezone(UTC), timedelta(days=1), True)
    assert end.astimezone(berlin) == datetime(2026, 10, 26, 12, tzinfo=berlin)
    assert end - start.astimezone(UTC) == timedelta(days=3, hours=1)


def test_a_time_that_the_clocks_leave_out_is_a_moment_all_the_same() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 3, 27, 2, 30, tzinfo=berlin)
    end = WorkingCalendar(berlin).end_of(start.astimezone(UTC), timedelta(days=1), True)
    assert end.astimezone(berlin) == datetime(2026, 3, 30, 2, 30, tzinfo=berlin)


def test_without_working_days_a_span_is_on_the_clock() -> None:
    start = in_shanghai(2025, 9, 30, 9)
    assert SHANGHAI.end_of(start, timedelta(days=7), working_days=False) == start + timedelta(days=7)


def test_a_year_that_is_not_known_is_an_error_that_says_so() -> None:
    with pytest.raises(UnknownYear, match=rf"{LAST_YEAR + 1} are not known: chinesecalendar has 2004 to {LAST_YEAR}"):
        SHANGHAI.is_working_day(date(LAST_YEAR + 1, 1, 4))


def test_into_a_year_that_is_not_known_a_deadline_counts_monday_to_friday() -> None:
    start = datetime(LAST_YEAR + 1, 6, 4, 4, tzinfo=UTC)
    end = SHANGHAI.end_of(start, timedelta(days=5), working_days=True)
    assert end - start == timedelta(days=7)


def test_closed_days_count_in_a_year_that_is_not_known_too() -> None:
    new_year = date(LAST_YEAR + 1, 1, 1)
    calendar = WorkingCalendar(ZoneInfo("Asia/Shanghai"), frozenset({new_year}))
    eve = datetime(LAST_YEAR, 12, 31, 4, tzinfo=UTC)
    assert SHANGHAI.end_of(eve, timedelta(days=1), True) < calendar.end_of(eve, timedelta(days=1), True)
    assert not calendar.is_working_day(new_year)


def test_the_years_that_are_not_known_are_named() -> None:
    start = datetime(LAST_YEAR, 11, 26, 4, tzinfo=UTC)
    assert SHANGHAI.unknown_years(start, start + timedelta(days=30)) == []
    assert SHANGHAI.unknown_years(start, start + timedelta(days=40)) == [LAST_YEAR + 1]
    evening = datetime(LAST_YEAR, 12, 31, 20, tzinfo=UTC)  # a new year in Shanghai
    assert SHANGHAI.unknown_years(start, evening) == [LAST_YEAR + 1]


OFFICE = WorkingCalendar(ZoneInfo("Asia/Shanghai"), hours="08:30-12:00, 13:30-17:30")


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        pytest.param(
            (2026, 11, 20, 16, 30), timedelta(hours=2), (2026, 11, 23, 9, 30), id="over a night and a weekend"
        ),
        pytest.param((2026, 11, 20, 17, 30), timedelta(hours=2), (2026, 11, 23, 10, 30), id="from the closing"),
        pytest.param((2026, 11, 20, 23), timedelta(hours=1), (2026, 11, 23, 9, 30), id="from the night"),
        pytest.param((2026, 11, 23, 11), timedelta(hours=2), (2026, 11, 23, 14, 30), id="over the break"),
        pytest.param((2026, 11, 23, 12, 30), timedelta(hours=4), (2026, 11, 23, 17, 30), id="up to the closing"),
        pytest.param((2026, 11, 23, 10), timedelta(days=1), (2026, 11, 24, 10), id="a day is a working day"),
        pytest.param((2026, 11, 21, 10), timedelta(days=1), (2026, 11, 24, 8, 30), id="a day from a Saturday"),
        pytest.param((2026, 11, 23, 16), timedelta(days=1, hours=3), (2026, 11, 25, 10), id="a day and hours"),
        pytest.param((2025, 9, 30, 17), timedelta(hours=1), (2025, 10, 9, 9), id="over the National Day week"),
    ],
)
def test_with_opening_hours_time_goes_by_only_while_the_office_is_open(
    start: tuple[int, ...], span: timedelta, end: tuple[int, ...]
) -> None:
    assert OFFICE.end_of(in_shanghai(*start), span, working_days=True) == in_shanghai(*end)
    assert OFFICE.end_of(in_shanghai(*start), span, working_days=False) == in_shanghai(*start) + span


calendars = st.sampled_from([SHANGHAI, OFFICE, WorkingCalendar(ZoneInfo("Europe/Berlin"), hours="22:00-24:00")])
hours = st.integers(0, 12_000).map(lambda hour: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=hour))


@given(calendars, hours, st.timedeltas(timedelta(0), timedelta(days=9)))
def test_what_is_worked_until_a_moment_leads_back_to_it(
    calendar: WorkingCalendar, start: datetime, span: timedelta
) -> None:
    end = calendar.later(start, span)
    assert calendar.worked(start, end) == span
    assert end >= start
    assert calendar.opening(end) >= end


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("08:30-17:30", "08:30-17:30"),
        ("8:30～17:30", "08:30-17:30"),
        ("８：３０—１２：００、13:30 至 17:30", "08:30-12:00, 13:30-17:30"),
        ("00:00-24:00", "00:00-24:00"),
    ],
)
def test_opening_hours_are_read_as_clerks_write_them(written: str, kept: str) -> None:
    assert community(working_hours=written).working_hours == kept


@pytest.mark.parametrize(
    "written", ["", "8", "17:30-08:30", "08:30-08:30", "08:30-25:00", "8:70-9", "8-12,11-17", 830, []]
)
def test_opening_hours_that_are_none_are_refused_in_words(written: object) -> None:
    with pytest.raises(ValidationError, match="write opening hours such as 08:30-17:30"):
        community(working_hours=written)
    with pytest.raises(ValidationError, match="begins before the stretch before it has ended"):
        community(working_hours="08:30-12:00, 11:00-17:30")


def test_the_longest_span_of_each_rule_and_policy_that_counts_in_working_days() -> None:
    rule = {"id": "a", "name": "甲", "role": "grid", "accept_within": "1d", "resolve_within": "30d"}
    hours = rule | {"id": "b", "resolve_within": "2h", "accept_within": "1h", "working_days": True}
    policy = {"id": "p", "name": "丙", "within": {"grid": "2d", "community": "9d"}, "working_days": True}
    made = community(rules=[rule, rule | {"id": "c", "working_days": True}, hours], escalation=[policy])
    assert working_spans(made) == {"rule c": timedelta(days=30), "policy p": timedelta(days=9)}
