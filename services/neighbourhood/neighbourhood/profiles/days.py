"""When a span of a profile is over, in the place's own zone.

The day on which a span begins is not counted (民法典 201); it ends at midnight of its last day (203). A last day that
is a day off moves to the next that is none (203) only where something has to be done by then: a holiday makes no
notice longer or shorter. Moments go in and come out aware; nothing here asks a clock.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from linli.contracts.neighbourhood.profile import Counting, DayUnit, TermRule

DAY = timedelta(days=1)
FEBRUARY_29 = (2, 29)
IsWorkingDay = Callable[[date], bool]
"""Of a day in the place's own calendar: public holidays, days that make up for them, its own closed days."""


class Place(NamedTuple):
    """Where days are counted."""

    zone: ZoneInfo
    is_working_day: IsWorkingDay

    def over_at(self, start: datetime, rule: TermRule) -> datetime:
        return over_at(start, rule, self.zone, self.is_working_day)


def last_day(start: datetime, rule: TermRule, zone: ZoneInfo, is_working_day: IsWorkingDay) -> date:
    """The last day of a span that begins on the day of `start`."""
    first = start.astimezone(zone).date()
    match rule.unit:
        case DayUnit.YEAR:
            there = _years_later(first, rule.length)
        case DayUnit.WORKING_DAY:
            there, left = first, rule.length
            while left:
                there += DAY
                left -= bool(is_working_day(there))
        case DayUnit.DAY:
            there = first + rule.length * DAY
    if rule.counting is Counting.WITHIN:
        while not is_working_day(there):
            there += DAY
    return there


def over_at(start: datetime, rule: TermRule, zone: ZoneInfo, is_working_day: IsWorkingDay) -> datetime:
    """From when on a span counts as over: what had to wait may begin then, what had to be done by then is late.

    `BEFORE`: with the last day's beginning. `FULL` and `WITHIN`: with its end.
    """
    there = last_day(start, rule, zone, is_working_day)
    day = there if rule.counting is Counting.BEFORE else there + DAY
    return datetime.combine(day, time(), tzinfo=zone)


def _years_later(day: date, years: int) -> date:
    """The same day of a later year; 29 February becomes the month's last (民法典 202)."""
    if (day.month, day.day) == FEBRUARY_29:
        return date(day.year + years, 3, 1) - DAY
    return day.replace(year=day.year + years)
