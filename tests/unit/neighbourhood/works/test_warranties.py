"""How long a builder answers for what is built, and who is reminded when."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.contracts.neighbourhood.works import Facility, Trade
from linli.contracts.neighbourhood.works_accepted import WarrantyReminded, WorksDuty, WorksDutyReminded
from neighbourhood.works.domain import commands as do
from neighbourhood.works.domain.deciding import tick
from neighbourhood.works.domain.evolving import evolve
from neighbourhood.works.domain.package import Package
from neighbourhood.works.domain.warranties import next_reminder, season_end
from tests.support.qingdao import WORKS
from tests.unit.neighbourhood.works.site import (
    ACCEPTED,
    CLIENT,
    CONVENED,
    FILED,
    GATE,
    SIGNATURES,
    TODAY,
    after,
    opened,
)

DAYS = st.dates(date(2020, 1, 1), date(2060, 1, 1))
WINTER = WORKS.season


def at(day: date) -> datetime:
    return datetime.combine(day, time(4), UTC)


def reminded_on(package: Package, day: date) -> tuple[Package, list[tuple[Trade, int]]]:
    said = list(tick(package, WORKS, at(day)))
    for event in said:
        package = evolve(package, event)
    of_warranties = [event for event in said if isinstance(event, WarrantyReminded)]
    return package, [(event.trade, event.days_before) for event in of_warranties]


def test_each_trade_has_its_own_term_from_the_day_of_acceptance() -> None:
    package = after(opened(), *ACCEPTED)  # on 2 March 2026, in the middle of a winter
    assert {each.trade: each.until for each in package.warranties} == {
        Trade.WATERPROOFING: date(2031, 3, 2),
        Trade.ELECTRICS: date(2028, 3, 2),
        Trade.HEATING: date(2028, 4, 5),
    }


@pytest.mark.parametrize(
    ("accepted", "ends"),
    [
        (date(2026, 11, 16), date(2028, 4, 5)),  # on the first day of a season: it is whole
        (date(2026, 11, 17), date(2029, 4, 5)),
        (date(2026, 1, 10), date(2028, 4, 5)),
        (date(2026, 7, 1), date(2028, 4, 5)),
    ],
)
def test_two_heating_seasons_are_two_whole_ones(accepted: date, ends: date) -> None:
    assert season_end(accepted, 2, WINTER) == ends


@given(DAYS, st.integers(1, 5))
def test_a_season_more_is_a_year_more_and_none_ends_before_it_could_have_begun(day: date, seasons: int) -> None:
    summer = WINTER.model_copy(update={"first": (6, 1), "last": (9, 30)})
    for season in (WINTER, summer):
        end = season_end(day, seasons, season)
        assert end > day and season_end(day, seasons + 1, season).year == end.year + 1
        assert (end.month, end.day) == season.last


def test_each_reminder_comes_once_and_the_nearest_when_somebody_looks_late() -> None:
    package = after(opened(trades=(Trade.WATERPROOFING,)), *FILED)
    until = package.warranties[0].until
    assert reminded_on(package, until - timedelta(days=91))[1] == []
    package, said = reminded_on(package, until - timedelta(days=90))
    assert said == [(Trade.WATERPROOFING, 90)]
    assert reminded_on(package, until - timedelta(days=60))[1] == []
    package, said = reminded_on(package, until - timedelta(days=5))  # the one of 30 days was slept through
    assert said == [(Trade.WATERPROOFING, 7)]
    assert reminded_on(package, until)[1] == []
    assert reminded_on(package, until + timedelta(days=1))[1] == []


@given(st.lists(st.integers(0, 1900), max_size=40))
def test_however_often_the_clock_looks_nothing_is_said_twice_nor_after_the_end(looks: list[int]) -> None:
    package = after(opened(), *ACCEPTED)
    start = package.accepted_on
    assert start
    said: list[tuple[Trade, int]] = []
    for look in sorted(looks):
        package, more = reminded_on(package, start + timedelta(days=look))
        for trade, days in more:
            warranty = package.warranty(trade)
            assert warranty and timedelta() <= warranty.until - (start + timedelta(days=look)) <= timedelta(days=days)
        said += more
    assert len({*said}) == len(said)


def test_a_timer_that_goes_by_what_it_is_told_says_all_of_them() -> None:
    package = after(opened(), *ACCEPTED)
    day, said = package.accepted_on, 0
    assert day
    while (due := next_reminder(package, WORKS, day)) is not None:
        day = due
        package, more = reminded_on(package, day)
        said += len(more)
    assert said == len(package.warranties) * len(WORKS.remind_days)


def test_what_is_not_accepted_has_no_warranty() -> None:
    package = after(opened(), *CONVENED, *SIGNATURES, GATE)
    assert next_reminder(package, WORKS, date(2026, 3, 2)) is None and not list(
        tick(package, WORKS, at(date(2030, 1, 1)))
    )


def duties_on(package: Package, day: date) -> tuple[Package, list[tuple[WorksDuty, int]]]:
    said = list(tick(package, WORKS, at(day)))
    for event in said:
        package = evolve(package, event)
    return package, [(each.duty, each.days_before) for each in said if isinstance(each, WorksDutyReminded)]


def test_who_has_to_file_is_reminded_before_the_last_day_and_once_when_it_is_past() -> None:
    package = after(opened(), *ACCEPTED)
    day, said = package.accepted_on, []
    assert day
    while (due := next_reminder(package, WORKS, day)) is not None and len(said) < 4:
        day = due
        package, more = duties_on(package, day)
        said += more
    assert said == [(WorksDuty.FILING, days) for days in (7, 3, 1, -1)]
    assert duties_on(package, day + timedelta(days=9))[1] == []
    filed = after(opened(), *FILED)
    assert filed.file_by and duties_on(filed, filed.file_by)[1] == []


def test_a_lift_that_nobody_has_registered_is_reminded_of_after_the_handover() -> None:
    lift = Facility(id="f-1", name="电梯", place="1单元", lift="lift-1")
    hand_over = do.HandOver(**CLIENT, to="property-co", facilities=(lift,))
    package = after(opened(lifts=("lift-1",)), *FILED, hand_over)
    assert package.register_by
    assert duties_on(package, package.register_by - timedelta(days=3))[1] == [(WorksDuty.LIFTS, 3)]
    registered = after(package, do.RegisterLift(**CLIENT, lift="lift-1", certificate="梯11鲁B00001", on=TODAY))
    assert duties_on(registered, package.register_by)[1] == []
