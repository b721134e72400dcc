"""Days that count: full ones, in the community's zone, anew after every change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.contracts.neighbourhood.publicity import DayRule, Standing, Subject
from neighbourhood.publicity.domain.days import latest_posting, period
from neighbourhood.publicity.domain.profile import QINGDAO, DaysInForce, rule_for

QINGDAO_TIME = ZoneInfo("Asia/Shanghai")
FIRST = datetime(2020, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 10 * 366 * 24 * 3600).map(lambda seconds: FIRST + timedelta(seconds=seconds))


def rule(days: int = 3, **said: bool) -> DayRule:
    return DayRule(days=days, citation="青岛市物业管理条例 92", standing=Standing.READ, **said)


def weekdays(day: date) -> bool:
    return day.weekday() < 5


def always(day: date) -> bool:
    return True


RULES = st.builds(
    rule, st.integers(1, 20), working_days=st.booleans(), ends_on_working_day=st.booleans(), unbroken=st.booleans()
)


def here(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=QINGDAO_TIME)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("posted", "first", "last"),
    [
        pytest.param(here(2026, 11, 2, 9), (2026, 11, 3), (2026, 11, 5), id="the day of posting does not count"),
        pytest.param(here(2026, 11, 2, 0), (2026, 11, 3), (2026, 11, 5), id="nor when it is posted at midnight"),
        pytest.param(here(2026, 11, 2, 23, 59), (2026, 11, 3), (2026, 11, 5), id="nor when a minute is left of it"),
        pytest.param(here(2026, 11, 5, 9), (2026, 11, 6), (2026, 11, 9), id="it does not end on a Sunday"),
        pytest.param(datetime(2026, 11, 1, 17, tzinfo=UTC), (2026, 11, 3), (2026, 11, 5), id="the zone is the place's"),
    ],
)
def test_full_days(posted: datetime, first: tuple[int, ...], last: tuple[int, ...]) -> None:
    days = period(posted, rule(), QINGDAO_TIME, weekdays)
    assert (days.first_day, days.last_day) == (date(*first), date(*last))
    assert days.ends_at == here(*last) + timedelta(days=1)


def test_a_period_is_over_at_midnight_and_not_a_second_before() -> None:
    days = period(here(2026, 11, 2, 9), rule(), QINGDAO_TIME, weekdays)
    assert days.over(here(2026, 11, 6))
    assert not days.over(here(2026, 11, 5, 23, 59, 59))


@given(MOMENTS, RULES)
def test_never_fewer_full_days_than_the_rule_says(posted: datetime, wanted: DayRule) -> None:
    days = period(posted, wanted, QINGDAO_TIME, weekdays)
    counted = [days.first_day + timedelta(n) for n in range((days.last_day - days.first_day).days + 1)]
    assert sum(weekdays(day) or not wanted.working_days for day in counted) >= wanted.days
    assert days.first_day > posted.astimezone(QINGDAO_TIME).date()
    assert days.ends_at - posted >= timedelta(days=wanted.days)
    assert weekdays(days.last_day) or not (wanted.ends_on_working_day or wanted.working_days)


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=40)), RULES)
def test_what_hangs_later_is_never_over_earlier(posted: datetime, later: timedelta, wanted: DayRule) -> None:
    one, other = (period(at, wanted, QINGDAO_TIME, weekdays) for at in (posted, posted + later))
    assert one.ends_at <= other.ends_at


@given(MOMENTS, RULES)
def test_the_zone_of_the_clock_that_tells_the_time_changes_nothing(posted: datetime, wanted: DayRule) -> None:
    told = posted.astimezone(ZoneInfo("America/New_York"))
    assert period(told, wanted, QINGDAO_TIME, always) == period(posted, wanted, QINGDAO_TIME, always)


@given(MOMENTS, RULES)
def test_it_can_be_said_by_when_it_has_to_hang(ends_by: datetime, wanted: DayRule) -> None:
    day = latest_posting(ends_by, wanted, QINGDAO_TIME, weekdays)
    evening = datetime.combine(day, datetime.max.time(), tzinfo=QINGDAO_TIME)
    assert period(evening, wanted, QINGDAO_TIME, weekdays).ends_at <= ends_by
    assert period(evening + timedelta(days=1), wanted, QINGDAO_TIME, weekdays).ends_at > ends_by


def test_the_clocks_change_and_days_stay_whole() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    days = period(datetime(2026, 10, 23, 12, tzinfo=berlin), rule(), berlin, always)
    assert days.ends_at == datetime(2026, 10, 27, tzinfo=berlin)


def test_a_rule_holds_from_and_until_its_days() -> None:
    before = DaysInForce("qingdao", {Subject.PLAN: rule(5)}, until=date(2025, 12, 31))
    since = DaysInForce("qingdao", {Subject.PLAN: rule(9)}, since=date(2026, 1, 1))
    found = [rule_for((before, since), Subject.PLAN, date(*day)) for day in ((2025, 12, 31), (2026, 1, 1))]
    assert [each and each.days for each in found] == [5, 9]
    assert rule_for((before,), Subject.PLAN, date(2026, 1, 1)) is None


def test_every_rule_says_where_it_is_written_and_what_nobody_has_confirmed_says_so() -> None:
    assert all(each.citation for each in QINGDAO.rules.values())
    assert QINGDAO.rules[Subject.PLAN].standing is Standing.UNCONFIRMED
    assert QINGDAO.rules[Subject.ROUND].standing is Standing.READ
