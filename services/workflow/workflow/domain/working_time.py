"""When a span of time is over, in hours on the clock or in working days.

A working day is one by China's calendar, which moves some weekends (chinesecalendar), and none of the community's own
closed days. A span of whole days ends at the same time of day; what it has beyond whole days is on the clock.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar

from linli.contracts.community import Community

FIRST_YEAR: int = 2004
LAST_YEAR: int = max(day.year for day in chinese_calendar.holidays)
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

    @classmethod
    def of(cls, community: Community) -> "WorkingCalendar":
        return cls(ZoneInfo(community.timezone), frozenset(community.closed_days))

    def is_working_day(self, day: date) -> bool:
        """Raises `UnknownYear`."""
        if day in self._closed:
            return False
        if not _known(day.year):
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

    def unknown_years(self, start: datetime, end: datetime) -> list[int]:
        """The years from one moment to another of which the holidays are not known."""
        first, last = (moment.astimezone(self._zone).year for moment in (start, end))
        return [year for year in range(first, last + 1) if not _known(year)]

    def _counts(self, day: date) -> bool:
        try:
            return self.is_working_day(day)
        except UnknownYear:
            return day.weekday() < SATURDAY


def working_spans(community: Community) -> dict[str, timedelta]:
    """The longest span of each rule and each policy that counts in working days: `rule <id>`, `policy <id>`."""
    spans = {f"rule {rule.id}": rule.resolve_within for rule in community.rules if rule.working_days}
    for policy in community.escalation:
        if policy.working_days and policy.within:
            spans[f"policy {policy.id}"] = max(policy.within.values())
    return {name: span for name, span in spans.items() if span >= DAY}


def _known(year: int) -> bool:
    return FIRST_YEAR <= year <= LAST_YEAR
