"""When a span of time ends, in clock hours or in working days.

A working day is one by China's calendar, which moves some weekends (chinesecalendar), and none of the community's own
closed days. A span of whole days ends at the same time of day; what it has beyond whole days is on the clock, or, where
opening hours are named, goes on only while the office is open.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar

from linli.contracts.workflow import working_hours
from linli.contracts.workflow.community import Community
from linli.contracts.workflow.working_hours import Stretch, stretches

FIRST_YEAR: int = 2004
LAST_YEAR: int = max(day.year for day in chinese_calendar.holidays)
"""What the library knows; the State Council says each autumn what holds in the year that follows."""
DAY = timedelta(days=1)
SATURDAY = 5
ALL_DAY: tuple[Stretch, ...] = ((0, working_hours.DAY),)


class UnknownYear(LookupError):
    """The calendar of a year is not known to the library."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(
            f"The public holidays of {year} are not known: chinesecalendar has {FIRST_YEAR} to {LAST_YEAR}. "
            "A newer version of it may have them."
        )


class WorkingCalendar:
    """Working days in a community's own zone, and the hours of them in which somebody works."""

    def __init__(self, zone: ZoneInfo, closed: frozenset[date] = frozenset(), hours: str | None = None) -> None:
        self._zone, self._closed = zone, closed
        self._hours = stretches(hours) if hours else ALL_DAY
        self.open_all_day = self._hours == ALL_DAY

    @classmethod
    def of(cls, community: Community, hours: str | None = None) -> "WorkingCalendar":
        """Whose working hours are `hours`; the community's own where nothing is said."""
        closed = frozenset(community.closed_days)
        return cls(ZoneInfo(community.timezone), closed, hours or community.working_hours)

    def is_working_day(self, day: date) -> bool:
        """Raises `UnknownYear`."""
        if day in self._closed:
            return False
        if not _known(day.year):
            raise UnknownYear(day.year)
        return bool(chinese_calendar.is_workday(day))

    def counts(self, day: date) -> bool:
        """Whether terms count the day as a working day: in a year that is not known, Monday to Friday do."""
        try:
            return self.is_working_day(day)
        except UnknownYear:
            return day.weekday() < SATURDAY

    def end_of(self, start: datetime, span: timedelta, working_days: bool) -> datetime:
        """When the span is over. In a year that is not known, Monday to Friday count."""
        if not working_days:
            return start + span
        days, rest = divmod(span, DAY)
        if self.open_all_day:
            return self._days_later(start, days) + rest
        return self.later(self._days_later(self.opening(start), days), rest)

    def opening(self, moment: datetime) -> datetime:
        """The first moment of working time that is not before this one."""
        return self.later(moment, timedelta(0))

    def later(self, start: datetime, worked: timedelta) -> datetime:
        """When so much working time has gone by."""
        for opens, closes in self._open_from(start):
            if worked <= closes - opens:
                return (opens + worked).astimezone(start.tzinfo)
            worked -= closes - opens
        raise AssertionError("there is always another day")

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between two moments."""
        total = timedelta(0)
        for opens, closes in self._open_from(start):
            if opens >= end:
                break
            total += min(closes, end.astimezone(UTC)) - opens
        return total

    def unknown_years(self, start: datetime, end: datetime) -> list[int]:
        """The years from one moment to another of which the holidays are not known."""
        first, last = (moment.astimezone(self._zone).year for moment in (start, end))
        return [year for year in range(first, last + 1) if not _known(year)]

    def _days_later(self, start: datetime, days: int) -> datetime:
        """The same time of day so many working days later, also across a change of the clocks."""
        local = start.astimezone(self._zone)
        day = local.date()
        while days:
            day += DAY
            days -= self.counts(day)
        if day == local.date():
            return start
        return datetime.combine(day, local.time(), tzinfo=self._zone).astimezone(start.tzinfo)

    def _open_from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Each stretch of working time after a moment, in UTC; the first is cut to begin there."""
        day = start.astimezone(self._zone).date()
        while True:
            for first, last in self._hours if self.counts(day) else ():
                opens, closes = self._moment(day, first), self._moment(day, last)
                if closes > start:
                    yield max(opens, start.astimezone(UTC)), closes
            day += DAY

    def _moment(self, day: date, minutes: int) -> datetime:
        days, minutes = divmod(minutes, working_hours.DAY)
        wall = time(*divmod(minutes, 60))
        return datetime.combine(day + days * DAY, wall, tzinfo=self._zone).astimezone(UTC)


def working_spans(community: Community) -> dict[str, timedelta]:
    """The longest span of each rule and each policy that counts in working days: `rule <id>`, `policy <id>`."""
    spans = {f"rule {rule.id}": rule.resolve_within for rule in community.rules if rule.working_days}
    for policy in community.escalation:
        if policy.working_days and policy.within:
            spans[f"policy {policy.id}"] = max(policy.within.values())
    return {name: span for name, span in spans.items() if span >= DAY or community.working_hours}


def _known(year: int) -> bool:
    return FIRST_YEAR <= year <= LAST_YEAR
