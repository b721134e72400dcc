"""Days that count, by one rule for each kind of span: in the place's zone, in whole days, without a clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.contracts.neighbourhood.rules import Citation, Read
from linli.contracts.neighbourhood.spans import Counting, DayUnit, Span
from neighbourhood.profiles.days import DAY, Place, last_day, months_after, nearest

SOURCE = Citation(law="测试", read=Read.CHOICE)
ZONE = ZoneInfo("Asia/Shanghai")
FULL, BEFORE, WITHIN = Counting.FULL, Counting.BEFORE, Counting.WITHIN


def span(length: int, counting: Counting, unit: DayUnit = DayUnit.DAY) -> Span:
    return Span(length=length, unit=unit, counting=counting, citation=SOURCE)


def weekdays(day: date) -> bool:
    return day.weekday() < 5


HERE, ALWAYS = Place(ZONE, weekdays), Place(ZONE)
DATES = st.dates(date(2020, 1, 1), date(2060, 1, 1))
FIRST = datetime(2020, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 10 * 366 * 24 * 3600).map(lambda seconds: FIRST + timedelta(seconds=seconds))
SPANS = st.builds(span, st.integers(1, 60), st.sampled_from(Counting), st.sampled_from(DayUnit))
OF_FULL_DAYS = st.builds(
    span, st.integers(1, 20), st.just(FULL), st.sampled_from([DayUnit.DAY, DayUnit.WORKING_DAY, DayUnit.MONTH])
)
CALENDARS = st.sets(st.integers(0, 6), max_size=5).map(lambda off: lambda day: day.weekday() not in off)


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=ZONE)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("posted", "first", "last"),
    [
        pytest.param(at(2026, 11, 2, 9), (2026, 11, 3), (2026, 11, 5), id="the day of posting does not count"),
        pytest.param(at(2026, 11, 2, 0), (2026, 11, 3), (2026, 11, 5), id="nor when it is posted at midnight"),
        pytest.param(at(2026, 11, 2, 23, 59), (2026, 11, 3), (2026, 11, 5), id="nor when a minute is left of it"),
        pytest.param(at(2026, 11, 5, 9), (2026, 11, 6), (2026, 11, 8), id="it is not longer for a Sunday"),
        pytest.param(datetime(2026, 11, 1, 17, tzinfo=UTC), (2026, 11, 3), (2026, 11, 5), id="the zone is the place's"),
    ],
)
def test_three_full_days(posted: datetime, first: tuple[int, ...], last: tuple[int, ...]) -> None:
    days = HERE.period(posted, span(3, FULL))
    assert (days.first_day, days.last_day) == (date(*first), date(*last))
    assert days.ends_at == HERE.over_at(posted, span(3, FULL)) == at(*last) + DAY


def test_full_days_are_over_at_midnight_and_not_a_second_before() -> None:
    days = HERE.period(at(2026, 11, 2, 9), span(3, FULL))
    assert days.over(at(2026, 11, 6)) and not days.over(at(2026, 11, 5, 23, 59, 59))


def test_fifteen_days_before_a_meeting_is_the_fifteenth_day_after_the_notice() -> None:
    assert HERE.over_at(at(2026, 3, 2, 23, 59), span(15, BEFORE)) == at(2026, 3, 17)


def test_what_is_due_on_a_day_off_is_due_on_the_next_working_day_and_nothing_else_moves() -> None:
    wednesday = at(2026, 3, 4, 12)
    days = {counting: HERE.last_day(wednesday, span(3, counting)) for counting in Counting}
    assert days == {FULL: date(2026, 3, 7), BEFORE: date(2026, 3, 7), WITHIN: date(2026, 3, 9)}
    assert HERE.over_at(wednesday, span(3, WITHIN)) == at(2026, 3, 10)


def test_working_days_leave_out_days_off() -> None:
    friday = at(2026, 3, 6, 8)
    days = HERE.period(friday, span(2, FULL, DayUnit.WORKING_DAY))
    assert (days.first_day, days.last_day) == (date(2026, 3, 9), date(2026, 3, 10))


def test_a_year_ends_on_its_own_day_or_the_month_s_last() -> None:
    leap = at(2024, 2, 29, 8)
    assert ALWAYS.last_day(leap, span(1, WITHIN, DayUnit.YEAR)) == date(2025, 2, 28)
    assert ALWAYS.last_day(leap, span(4, WITHIN, DayUnit.YEAR)) == date(2028, 2, 29)


def test_the_clocks_change_and_days_stay_whole() -> None:
    berlin = Place(ZoneInfo("Europe/Berlin"))
    days = berlin.period(datetime(2026, 10, 23, 12, tzinfo=berlin.zone), span(3, FULL))
    assert days.ends_at == datetime(2026, 10, 27, tzinfo=berlin.zone)


@given(MOMENTS, SPANS)
def test_a_span_ends_at_a_midnight_and_holds_at_least_its_length(start: datetime, rule: Span) -> None:
    over = HERE.over_at(start, rule)
    assert (over.hour, over.minute, over.second) == (0, 0, 0)
    assert over - start >= timedelta(days=rule.length - (rule.counting is BEFORE))


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=40)), SPANS, CALENDARS)
def test_what_begins_later_is_never_over_earlier(start: datetime, later: timedelta, rule: Span, works: object) -> None:
    place = Place(ZONE, works)  # type: ignore[arg-type]
    assert place.over_at(start, rule) <= place.over_at(start + later, rule)


@given(MOMENTS, OF_FULL_DAYS)
def test_never_fewer_full_days_than_the_rule_says(posted: datetime, rule: Span) -> None:
    days = HERE.period(posted, rule)
    counted = [days.first_day + timedelta(n) for n in range((days.last_day - days.first_day).days + 1)]
    of_working_days = rule.unit is DayUnit.WORKING_DAY
    assert sum(weekdays(day) or not of_working_days for day in counted) >= rule.length
    assert days.first_day > HERE.day_of(posted)
    assert weekdays(days.first_day) or not of_working_days


@given(MOMENTS, st.integers(1, 60), st.sampled_from([FULL, BEFORE]), CALENDARS)
def test_a_holiday_makes_no_notice_longer_or_shorter(
    start: datetime, length: int, counting: Counting, works: object
) -> None:
    rule = span(length, counting)
    assert Place(ZONE, works).over_at(start, rule) == ALWAYS.over_at(start, rule)  # type: ignore[arg-type]


@given(DATES, st.integers(1, 60), st.sampled_from(DayUnit), CALENDARS)
def test_a_term_that_is_to_be_met_ends_on_the_first_working_day_not_before_its_last(
    day: date, length: int, unit: DayUnit, works: object
) -> None:
    place = Place(ZONE, works)  # type: ignore[arg-type]
    last, full = place.last_day(day, span(length, WITHIN, unit)), place.last_day(day, span(length, FULL, unit))
    assert last >= full and place.is_working_day(last)
    assert not any(place.is_working_day(full + timedelta(n)) for n in range((last - full).days))


@given(DATES, st.integers(1, 60), CALENDARS)
def test_working_days_are_never_fewer_than_days(day: date, length: int, works: object) -> None:
    place = Place(ZONE, works)  # type: ignore[arg-type]
    full = place.last_day(day, span(length, FULL, DayUnit.WORKING_DAY))
    assert full >= ALWAYS.last_day(day, span(length, FULL)) and place.is_working_day(full)


@given(MOMENTS, SPANS)
def test_the_zone_of_the_clock_that_tells_the_time_changes_nothing(start: datetime, rule: Span) -> None:
    told = start.astimezone(ZoneInfo("America/New_York"))
    assert HERE.period(told, rule) == HERE.period(start, rule)
    assert HERE.over_at(told, rule) == HERE.over_at(start, rule)


@given(DATES, st.integers(0, 120))
def test_months_end_on_the_same_day_or_the_month_s_last(day: date, months: int) -> None:
    end = months_after(day, months)
    assert (end.year - day.year) * 12 + end.month - day.month == months
    assert end.day == day.day or (end.day < day.day and (end + DAY).day == 1)


@given(DATES, st.integers(1, 40), st.sampled_from(Counting))
def test_a_year_is_twelve_months(day: date, years: int, counting: Counting) -> None:
    of_years, of_months = span(years, counting, DayUnit.YEAR), span(12 * years, counting, DayUnit.MONTH)
    assert last_day(day, of_years, weekdays) == last_day(day, of_months, weekdays)


@given(st.integers(0, 100), st.sets(st.integers(0, 90)))
def test_of_reminders_that_are_due_the_nearest_is_said(left: int, before: set[int]) -> None:
    said = nearest(left, before)
    assert (said is None) is all(days < left for days in before)
    assert said is None or (said in before and not any(left <= days < said for days in before))
