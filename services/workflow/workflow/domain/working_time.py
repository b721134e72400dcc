"""When a span of time is over, in hours on the clock or in working days.

A working day is one by China's calendar, which moves some weekends (chinesecalendar), and none of the community's own
closed days. A span of whole days ends at the same time of day; what it has beyond whole days is on the clock.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar

FIRST_YEAR, LAST_YEAR = 2004, max(day.year for day in chinese_calendar.holidays)
"""What the library knows; the State Council says each autumn what holds in the year that follows."""
DAY = timedelta(days=1)
SATURDAY = 5


class UnknownYear(LookupError):
    """The calendar of a year is not known to the library."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(
            f"The public holidays of {year} are not known: chinesecalendar has {FIRST_YEAR} to {LAST_YEAR}. "
            "A newer version of it may have them."
        )


class WorkingCalendar:
    """A community's working days, in its own zone."""

    def __init__(self, zone: ZoneInfo, closed: frozenset[date] = frozenset()) -> None:
        self._zone, self._closed = zone, closed

    def is_working_day(self, day: date) -> bool:
        """Raises `UnknownYear`."""
        if day in self._closed:
            return False
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise UnknownYear(day.year)
        return bool(chinese_calendar.is_workday(day))

    def end_of(self, start: datetime, span: timedelta, working_days: bool) -> datetime:
        """When the span is over. In a year that is not known, Monday to Friday count."""
        days, rest = divmod(span, DAY)
        if not working_days or not days:
            return start + span
        local = start.astimezone(self._zone)
        day = local.date()
        while days:
            day += DAY
            days -= self._counts(day)
        # The same time of day, also across a change of the clocks; what remains is on the clock.
        end = datetime.combine(day, local.time(), tzinfo=self._zone)
        return end.astimezone(start.tzinfo) + rest

    def _counts(self, day: date) -> bool:
        try:
            return self.is_working_day(day)
        except UnknownYear:
            return day.weekday() < SATURDAY
