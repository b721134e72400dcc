"""Spans of time and times of day, as a clerk writes them in a file."""

import re
import unicodedata
from datetime import time, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from linli.contracts.base import Record, is_entering

LONGEST = timedelta(days=366)
_UNITS = {
    "seconds": ("s", "sec", "秒", "秒钟"),
    "minutes": ("m", "min", "分", "分钟"),
    "hours": ("h", "时", "小时", "个小时"),
    "days": ("d", "天", "日"),
}
_UNIT = {written: unit for unit, forms in _UNITS.items() for written in forms}
_PART = re.compile(rf"(\d{{1,4}})\s*({'|'.join(sorted(_UNIT, key=len, reverse=True))})\s*")
_ISO = re.compile(r"[-+]?P(?=.)(\d+Y)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")
_HOW = "write a duration such as 30m, 2h or 7d: m 分钟, h 小时, d 天; 2h30m and 2小时30分 will do too"


def _duration(value: Any) -> Any:
    """`30m`, `2h`, `7d`, `2小时30分`; ISO 8601 passes through to pydantic. A number says nothing without its unit."""
    if isinstance(value, (int, float)):
        raise ValueError(f"a number without a unit is no duration; {_HOW}")
    if not isinstance(value, str) or _ISO.fullmatch(value):
        return value
    plain = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", value)).strip().casefold()
    parts = _PART.findall(plain)
    units = [_UNIT[unit] for _, unit in parts]
    if not parts or _PART.sub("", plain) or len({*units}) < len(units):
        raise ValueError(f"is {value[:40]!r}, which is no duration; {_HOW}")
    return timedelta(**{_UNIT[unit]: int(number) for number, unit in parts})


def _bounded(value: timedelta) -> timedelta:
    if not timedelta(0) < value <= LONGEST:
        raise ValueError("a duration is longer than nothing and at most 366 days")
    return value


Duration = Annotated[timedelta, BeforeValidator(_duration), AfterValidator(_bounded)]

MIDNIGHT_AFTER = time.max
"""24:00, the end of a day, which `time` does not know."""
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,6})?)?")
_ZONED = re.compile(r"(?:Z|[+-]\d{2}:?\d{2})$", re.IGNORECASE)


def _time_of_day(value: Any, info: ValidationInfo) -> Any:
    """`8:00`, `08:00`, `24:00`. One with a zone was once taken; it is read as if it had none."""
    if isinstance(value, time):
        return value.replace(tzinfo=None)
    if not isinstance(value, str):
        raise ValueError('write a time of day such as "08:00", in quotes')
    plain = unicodedata.normalize("NFKC", value).strip()
    if _ZONED.search(plain):
        if is_entering(info):
            raise ValueError('hours are in the community\'s own zone; write "08:00" without one')
        plain = _ZONED.sub("", plain)
    found = _TIME.fullmatch(plain)
    if found and (found[1], found[2], found[3] or "00") == ("24", "00", "00"):
        return MIDNIGHT_AFTER
    if not found or int(found[1]) > 23 or int(found[2]) > 59 or int(found[3] or 0) > 59:
        raise ValueError(f'is {value[:40]!r}; write a time of day such as "08:00" or "17:30", up to "24:00"')
    return f"{found[1]:>02}:{found[2]}{plain[found.end(2) :]}"


TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]


class Hours(Record):
    """A time of day in the community's zone, from (included) to (not included); may pass midnight."""

    start: TimeOfDay = Field(alias="from")
    end: TimeOfDay = Field(alias="to")

    @property
    def never(self) -> bool:
        """Whether there is no moment of which it holds."""
        return self.start == self.end

    def contain(self, moment: time) -> bool:
        """Whether a local time of day lies within."""
        if self.start <= self.end:
            return self.start <= moment and (moment < self.end or self.end == MIDNIGHT_AFTER)
        return moment >= self.start or moment < self.end
