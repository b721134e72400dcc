"""Which days of a notice count. Pure: the zone and the calendar of working days are arguments.

The day on which it is posted does not count, and the last day ends at 24:00 (民法典 201, 203, as read). A last day that
is no working day moves to the next one: Article 203 says so of statutory holidays (法定休假日), and of weekends by the
usual reading; the later end is never the wrong one for who waits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import TypeAlias

from linli.contracts.neighbourhood.publicity import DayRule

WorkingDay: TypeAlias = Callable[[date], bool]
"""Whether somebody works on that day: the calendar by which cases' deadlines are counted."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CountedDays:
    """The days that count, first and last included."""

    first_day: date
    last_day: date
    ends_at: datetime
    """The midnight after the last day, in the community's zone. What asks for full days waits until then."""

    def over(self, now: datetime) -> bool:
        return now >= self.ends_at


def period(posted_at: datetime, rule: DayRule, zone: tzinfo, is_working_day: WorkingDay) -> CountedDays:
    """The days of what hangs since then. `posted_at` is of any zone; the days are the community's."""
    day = posted_at.astimezone(zone).date() + DAY
    while rule.working_days and not is_working_day(day):
        day += DAY
    first = day
    left = rule.days - 1
    while left:
        day += DAY
        left -= not rule.working_days or is_working_day(day)
    while rule.ends_on_working_day and not is_working_day(day):
        day += DAY
    return CountedDays(first, day, datetime.combine(day + DAY, time.min, tzinfo=zone))


def latest_posting(ends_by: datetime, rule: DayRule, zone: tzinfo, is_working_day: WorkingDay) -> date:
    """The last day on which it can be posted so that its days are over by then."""
    day = ends_by.astimezone(zone).date()
    while period(datetime.combine(day, time.min, tzinfo=zone), rule, zone, is_working_day).ends_at > ends_by:
        day -= DAY
    return day
