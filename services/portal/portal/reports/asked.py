"""What somebody wants to see: whose figures, put together by what, of which days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias, get_args
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from linli.web.localized import Localized
from linli.web.problems import Problem

By: TypeAlias = Literal["party", "level", "category", "neighbourhood", "month", "channel"]
Dated: TypeAlias = Literal["called", "opened"]
GROUPS: tuple[By, ...] = get_args(By)
DAY = timedelta(days=1)
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whole days in the community's zone, the last one included."""

    community: str
    by: By
    first: date
    last: date
    dated: Dated

    @classmethod
    def of(cls, community: str, by: By, first: date | None, last: date | None, dated: Dated, today: date) -> "Asked":
        """This month up to today unless said; by month, the year up to it. The ends may be said in reverse.

        Raises 422 for a day that is not between the years 1900 and 2200: nothing happened there, and calendars end.
        """
        for day in (first, last):
            if day is not None and not EARLIEST <= day <= LATEST:
                english, chinese = "'{said}' is no day of these times.", "“{said}”不在可查询的年份内。"
                raise Problem("invalid", 422, Localized(english, chinese, said=day.isoformat()))
        last = last or today
        month = last.replace(day=1)
        usual = month.replace(year=month.year - 1) + 32 * DAY if by == "month" else month
        first = first or usual.replace(day=1)
        return cls(community, by, min(first, last), max(first, last), dated)

    def bounds(self, zone: ZoneInfo) -> dict[str, str]:
        """From (included) and before, as workflow reads them."""
        first, after = (
            datetime(day.year, day.month, day.day, tzinfo=zone).isoformat() for day in (self.first, self.last + DAY)
        )
        return {f"{self.dated}_from": first, f"{self.dated}_before": after}

    def query(self, **changed: str) -> str:
        """An address's, with some of it changed."""
        said: Mapping[str, str] = {
            "community": self.community,
            "by": self.by,
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "dated": self.dated,
        }
        return urlencode({**said, **changed})
