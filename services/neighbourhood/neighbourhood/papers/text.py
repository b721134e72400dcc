"""Text for papers, Chinese with English beside: wordings, days, areas, money, codes."""

import re
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple, TypeAlias

from linli.contracts.neighbourhood.affairs import Wording
from linli.text.visible import seen
from linli.web.localized import Localized

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HALF_EN = ("January", "February", "March", "April", "May", "June")
_MONTHS_EN = (*_HALF_EN, "July", "August", "September", "October", "November", "December")
GROUP = 4
"""Letters of a code that are read and typed at a time."""


class Both(NamedTuple):
    """A text in both languages; the English may be missing."""

    zh: str
    en: str = ""


Says: TypeAlias = str | Both
"""What stands in one place: a number or name as it is, or words in both languages."""


def both(text: Wording | Localized) -> Both:
    """A wording of the office's, or a sentence of ours."""
    return Both(text.zh, text.en) if isinstance(text, Wording) else Both(text.chinese, str(text))


def printable(text: str) -> str:
    """Without what no printer and no XML knows: control characters, what nobody sees."""
    return _CONTROLS.sub("", seen(text))


def day(when: date) -> Both:
    return Both(
        f"{when.year}年{when.month}月{when.day}日（星期{_WEEKDAYS_ZH[when.weekday()]}）",
        f"{_WEEKDAYS_EN[when.weekday()]}, {when.day} {_MONTHS_EN[when.month - 1]} {when.year}",
    )


def moment(at: datetime, zone: tzinfo) -> Both:
    """In the place's own time."""
    there = at.astimezone(zone)
    zh, en = day(there.date())
    return Both(f"{zh}{there:%H:%M}", f"{en}, {there:%H:%M}")


def until(at: datetime, zone: tzinfo) -> Both:
    """When something ends. Midnight is the end of the day before it, as people say it."""
    there = at.astimezone(zone)
    if there.time() != time():
        return moment(at, zone)
    zh, en = day(there.date() - timedelta(days=1))
    return Both(f"{zh}24:00", f"{en}, 24:00")


def square_metres(hundredths: int) -> str:
    """`168000` is `1,680.00`."""
    return f"{hundredths // 100:,}.{hundredths % 100:02}"


def yuan(fen: int) -> str:
    """`1234500` is `12,345.00`."""
    return f"{fen // 100:,}.{fen % 100:02}"


def grouped(code: str) -> str:
    """A code in groups for typing: `K7QMX2P4` is `K7QM-X2P4`; what is in groups already is made so again."""
    plain = re.sub(r"[\s-]+", "", code)
    return "-".join(plain[at : at + GROUP] for at in range(0, len(plain), GROUP))
