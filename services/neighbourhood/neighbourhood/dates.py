"""Days and terms, in the community's zone. Pure: the zone and the calendar of working days are arguments.

The day on which a term begins does not count (民法典 201). One of months or years ends on the day of the same number,
or on the month's last where there is none (202). A last day that nobody works on moves to the next one that somebody
does (203).
"""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from typing import TypeAlias

WorkingDay: TypeAlias = Callable[[date], bool]
"""Whether somebody works on that day: the calendar by which cases' deadlines are counted."""
DAY = timedelta(days=1)


def every_day(_: date) -> bool:
    """The calendar of what runs through: no day is off."""
    return True


def day_of(moment: datetime, zone: tzinfo) -> date:
    """The community's day at a moment of any zone."""
    return moment.astimezone(zone).date()


def days_after(day: date, days: int, is_working_day: WorkingDay = every_day) -> date:
    """The last day of a term of so many days that begins on `day`."""
    last = day + days * DAY
    while not is_working_day(last):
        last += DAY
    return last


def months_after(day: date, months: int) -> date:
    """The last day of a term of so many months that begins on `day`."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
