"""Dates and times as offices, hotlines and spreadsheets write them; what is ambiguous is not guessed."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

from linli_cli.terminal.language import say, sentence

LIKE = "2019-04-25 09:32:09"


class Order(StrEnum):
    """In which order day, month and year stand where only numbers do."""

    YMD = "ymd"
    MDY = "mdy"
    DMY = "dmy"


class InvalidTime(ValueError):
    """The text says no point in time, or may say two; the message says what to do."""


@dataclass(frozen=True)
class Reading:
    """How the dates of a file are read."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    """Of times that name none."""
    order: Order = Order.YMD
    from_1904: bool = False
    """A sheet's days are counted from 1904, not from 1900."""

    def summary(self) -> str:
        """In words."""
        like = {
            "ymd": sentence("year-month-day"),
            "mdy": sentence("month/day/year"),
            "dmy": sentence("day/month/year"),
        }[self.order]
        return say("{order}, {zone} where no zone is named", order=say(like), zone=self.zone.key)


_USUAL = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T]([01]?\d|2[0-3]):(\d{2})(?::(\d{2}))?)?", re.ASCII)
"""Nearly all dates are written so; it only saves time."""
_NUMERALS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_TENS = re.compile(r"([一二三四五六七八九]?)十([一二三四五六七八九]?)")
_MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)  # noqa: SIM905
}
_WEEKDAY = r"(?:[\s,(]*(?:(?:星期|周|礼拜)[一二三四五六日天1-7]|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?)\)?)?"
_HALF = "上午|早上|早晨|清晨|凌晨|中午|下午|傍晚|晚上|夜里|夜间|晚|am|a\\.m\\.|pm|p\\.m\\."
_CLOCK = (
    rf"(?:[\s,T]*(?P<before>{_HALF})?\s*(?P<hour>\d{{1,2}})(?!\d)"
    r"(?:\s*[:时点](?:(?P<half>半)|(?P<quarter>[一1三3])刻|整)?\s*(?:(?P<minute>\d{1,2})"
    r"(?:\s*[:分]\s*(?:(?P<second>\d{1,2})(?:[.,]\d+)?\s*秒?)?)?)?)?"
    rf"\s*(?P<after>{_HALF})?"
    r"\s*(?P<zone>z|(?:utc|gmt)?\s*[-+]\d{1,2}(?::?\d{2})?|utc|gmt|cst|北京时间)?)?"
)
_ISO = r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})(?!\d)\s*[日号]?"
_NAMED = (
    r"(?:(?P<d1>\d{1,2})(?:st|nd|rd|th)?[\s.-]+(?P<n1>[a-z]{3,9})\.?[\s,-]+(?P<y1>\d{4})"
    r"|(?P<n2>[a-z]{3,9})\.?\s+(?P<d2>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y2>\d{4}))"
)
_WRITTEN = re.compile(rf"{_WEEKDAY}\s*(?:{_ISO}|{_NAMED}){_WEEKDAY}{_CLOCK}{_WEEKDAY}")
_NUMBERS = re.compile(rf"(?P<a>\d{{1,2}})[-/.](?P<b>\d{{1,2}})[-/.](?P<y>\d{{4}})(?!\d){_WEEKDAY}{_CLOCK}")
_SHORT_YEAR = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d).*")
_COMPACT = re.compile(r"(20\d\d)(\d\d)(\d\d)(?:[\sT_-]?(\d\d):?(\d\d)(?::?(\d\d))?)?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_UNIX_MILLISECONDS = re.compile(r"1\d{12}")
_TIME_ALONE = re.compile(rf"(?:{_HALF})?\s*\d{{1,2}}\s*[:时点].*|\d{{1,2}}\s*(?:am|pm)")
FIRST_SERIAL, LAST_SERIAL = 25_569, 73_051
"""1970 and 2100, in days since 1900: numbers beyond are no dates of messages."""
DAYS_TO_1904 = 1_462


def parse_time(text: str, reading: Reading) -> str:
    """RFC 3339 in UTC. Raises `InvalidTime`."""
    try:
        if usual := _USUAL.fullmatch(text):
            at = datetime(*(int(part or 0) for part in usual.groups()), tzinfo=reading.zone)  # type: ignore[misc,arg-type]
        else:
            at = _parsed(_plain(text), text, reading)
        return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
    except InvalidTime:
        raise
    except (ValueError, OverflowError) as error:
        raise _none(text) from error


def time_alone(text: str) -> bool:
    """Whether it is a time of day without a date: the date stands in another column then."""
    return _TIME_ALONE.fullmatch(_plain(text)) is not None


def date_alone(text: str) -> str:
    """The day of a cell that a sheet gives as a moment at midnight."""
    return re.sub(r"[T ]00:00(?::00)?$", "", text)


def _plain(text: str) -> str:
    """Half-width, lower case, Chinese numerals as digits."""
    text = unicodedata.normalize("NFKC", text).strip().casefold()
    if re.search(r"[年月日时点分]", text):
        text = re.sub(r"\(?(?:星期|周|礼拜)[一二三四五六日天]\)?", " ", text)
        text = _TENS.sub(lambda found: f"{found[1] or 1}{found[2] or 0}", text).translate(_NUMERALS).strip()
    return text


def _parsed(text: str, written: str, reading: Reading) -> datetime:
    if found := _WRITTEN.fullmatch(text):
        return _with_clock(_day(found.groupdict()), found.groupdict(), written, reading)
    if found := _NUMBERS.fullmatch(text):
        return _with_clock(_ordered(found.groupdict(), written, reading), found.groupdict(), written, reading)
    if found := _COMPACT.fullmatch(text):
        parts = [int(part or 0) for part in found.groups()]
        return datetime(*parts, tzinfo=reading.zone)  # type: ignore[misc,arg-type]
    if _SERIAL.fullmatch(text):
        return _serial(float(text), written, reading)
    if _UNIX_MILLISECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    if _SHORT_YEAR.fullmatch(text):
        raise InvalidTime(
            say("the year of '{written}' has two digits; write it like {like}", written=written[:40], like=LIKE)
        )
    at = datetime.fromisoformat(written.strip())
    return at if at.tzinfo else at.replace(tzinfo=reading.zone)


def _day(found: Mapping[str, str | None]) -> date:
    if found["y"]:
        return date(int(found["y"]), int(found["m"] or 0), int(found["d"] or 0))
    name = (found["n1"] or found["n2"] or "")[:3]
    return date(int(found["y1"] or found["y2"] or 0), _MONTHS.get(name, 0), int(found["d1"] or found["d2"] or 0))


def _ordered(found: Mapping[str, str | None], written: str, reading: Reading) -> date:
    first, second, year = int(found["a"] or 0), int(found["b"] or 0), int(found["y"] or 0)
    match reading.order:
        case Order.MDY:
            return date(year, first, second)
        case Order.DMY:
            return date(year, second, first)
    raise InvalidTime(
        say(
            "'{written}' is no time with one meaning: is the month first, or the day? Say --dates mdy or --dates dmy",
            written=written[:40],
        )
    )


def _with_clock(day: date, found: Mapping[str, str | None], written: str, reading: Reading) -> datetime:
    midnight = datetime(day.year, day.month, day.day, tzinfo=_zone(found["zone"], reading))
    if found["hour"] is None:
        return midnight
    quarters = {"一": 15, "1": 15, "三": 45, "3": 45}
    minute = 30 if found["half"] else quarters.get(found["quarter"] or "", int(found["minute"] or 0))
    hour, second = int(found["hour"]), int(found["second"] or 0)
    hour = _of_24(hour, found["before"] or found["after"] or "", written)
    if hour > 24 or minute > 59 or second > 59 or (hour == 24 and (minute or second)):
        raise _none(written)
    return midnight + timedelta(hours=hour, minutes=minute, seconds=second)


def _of_24(hour: int, half: str, written: str) -> int:
    """The hour of the day: 下午3 is 15, 上午12 is 0 as in a clock of twelve hours, 晚上12 ends the day."""
    half = half.replace(".", "")
    if not half or hour > 12:
        return hour
    if half in {"上午", "am", "凌晨", "早上", "早晨", "清晨"}:
        return hour % 12
    if half in {"下午", "pm", "傍晚"}:
        return hour % 12 + 12
    if half == "中午":
        return hour if hour > 9 else hour + 12
    if hour == 12:
        return 24
    if hour < 5:
        raise InvalidTime(
            say(
                "is '{written}' after midnight, of that day or the next? Write it like {like}",
                written=written[:40],
                like=LIKE,
            )
        )
    return hour + 12


def _zone(text: str | None, reading: Reading) -> tzinfo:
    if not text:
        return reading.zone
    if text == "北京时间":
        return ZoneInfo("Asia/Shanghai")
    if text == "cst":
        raise InvalidTime(say("the zone CST is China's and Chicago's; write +08:00"))
    found = re.search(r"([-+])(\d{1,2}):?(\d{2})?$", text)
    if not found:
        return UTC
    ahead = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return timezone(ahead if found[1] == "+" else -ahead)


def _serial(days: float, written: str, reading: Reading) -> datetime:
    """A spreadsheet's days since the end of 1899, or since 1904; to the second."""
    days += DAYS_TO_1904 if reading.from_1904 else 0
    if not FIRST_SERIAL <= days <= LAST_SERIAL:
        raise _none(written)
    seconds = round(days * 86_400)
    return datetime(1899, 12, 30, tzinfo=reading.zone) + timedelta(seconds=seconds)


def _none(text: str) -> InvalidTime:
    return InvalidTime(say("'{text}' is no time; write it like {like}", text=text[:40], like=LIKE))
