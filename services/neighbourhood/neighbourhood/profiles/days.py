"""When a span is over, in the place's own zone: the one rule of law for each kind, by which all contexts count.

民法典 200–204. Days, months and years are the calendar's (200). The day on which a span begins is not counted (201).
One of months or years ends on the day of the same number, or on the month's last where there is none (202). A last day
ends at 24:00; where it is a day off (法定休假日), the day after the days off is the last one (203). Another law, or
what was agreed, goes before (204). Then, for each `Counting`:

- `WITHIN` 三日内, something has to be done by then: a filing, a posting, an appeal. Over with the last day's end, and a
  last day off moves to the next working day, because nobody can be asked to act on a day on which nobody works.
- `FULL` 不少于三日, a notice has to hang or something to stay open at the least: each of its days is complete, and
  a day off makes it neither longer nor shorter. Over with the last day's end.
- `BEFORE` 十五日前, a notice comes so many days before: over with the last day's beginning; days off count as others.

203 says 期间, and does not itself set `FULL` and `BEFORE` apart: that it does not move them is a reading, which each
profile lists among its open questions. Who reads it otherwise writes the span in working days, which are never fewer.

Moments go in and come out aware; nothing here asks a clock. What is a working day is the community's calendar's to say.
"""

from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple, TypeAlias

from linli.contracts.neighbourhood.spans import Counting, DayUnit, Span

DAY = timedelta(days=1)
MONTHS_OF_A_YEAR = 12
IsWorkingDay: TypeAlias = Callable[[date], bool]
"""Of a day in the place's own calendar: public holidays, days that make up for them, its own closed days."""


def every_day(_: date) -> bool:
    """The calendar of what runs through: no day is off."""
    return True


def day_of(moment: datetime, zone: tzinfo) -> date:
    """The place's day at a moment of any zone."""
    return moment.astimezone(zone).date()


def months_after(day: date, months: int) -> date:
    """The last day of so many months that begin on `day`. 民法典 202"""
    years, month = divmod(day.month - 1 + months, MONTHS_OF_A_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def last_day(begun: date, span: Span, is_working_day: IsWorkingDay) -> date:
    """The last day of a span that begins on the day `begun`, which is not counted."""
    match span.unit:
        case DayUnit.YEAR:
            last = months_after(begun, span.length * MONTHS_OF_A_YEAR)
        case DayUnit.MONTH:
            last = months_after(begun, span.length)
        case DayUnit.WORKING_DAY:
            last = begun
            for _ in range(span.length):
                last = _next_working_day(last + DAY, is_working_day)
        case DayUnit.DAY:
            last = begun + span.length * DAY
    return _next_working_day(last, is_working_day) if span.counting is Counting.WITHIN else last


def _next_working_day(day: date, is_working_day: IsWorkingDay) -> date:
    while not is_working_day(day):
        day += DAY
    return day


def nearest(left: int, remind_days: Iterable[int]) -> int | None:
    """Of reminders so many days before an end that is `left` days away: the nearest of those that are due."""
    return min((days for days in remind_days if left <= days), default=None)


@dataclass(frozen=True, slots=True)
class CountedDays:
    """The days that count, first and last included."""

    first_day: date
    last_day: date
    ends_at: datetime
    """The midnight after the last day, in the place's zone. What asks for full days waits until then."""

    def over(self, now: datetime) -> bool:
        return now >= self.ends_at


class Place(NamedTuple):
    """Where days are counted."""

    zone: tzinfo
    is_working_day: IsWorkingDay = every_day

    def day_of(self, moment: datetime) -> date:
        return day_of(moment, self.zone)

    def last_day(self, begun: date | datetime, span: Span) -> date:
        """Of a span that begins on a day, or on the day of a moment."""
        day = self.day_of(begun) if isinstance(begun, datetime) else begun
        return last_day(day, span, self.is_working_day)

    def over_at(self, start: datetime, span: Span) -> datetime:
        """From when on a span counts as over: what had to wait may begin then, what had to be done by then is late."""
        last = self.last_day(start, span)
        return self._midnight(last if span.counting is Counting.BEFORE else last + DAY)

    def period(self, start: datetime, span: Span) -> CountedDays:
        """Which days count of what hangs, or is open, since then."""
        first, last = self.day_of(start) + DAY, self.last_day(start, span)
        if span.unit is DayUnit.WORKING_DAY:
            first = _next_working_day(first, self.is_working_day)
        return CountedDays(first, last, self._midnight(last + DAY))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=self.zone)
