"""Times as somebody types them, and as somebody reads them."""

import re
from datetime import datetime, timedelta, tzinfo

from linli_cli.terminal.errors import UsageFault
from linli_cli.terminal.language import say

UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def parse_time(text: str, now: datetime, zone: tzinfo | None = None) -> datetime:
    """A time in ISO 8601, or an age such as 90m, 2h, 3d. Raises UsageFault for what is neither.

    A time that names no zone is in `zone`, this machine's unless given.
    """
    if age := re.fullmatch(r"(\d{1,6})([mhd])", text):
        return now - timedelta(**{UNITS[age[2]]: int(age[1])})
    try:
        read = datetime.fromisoformat(text)
        if read.tzinfo is None and zone is not None:
            read = read.replace(tzinfo=zone)
        return read.astimezone()
    except (ValueError, OverflowError) as error:
        raise UsageFault(
            say("'{said}' is no time.", said=text), say("Write 2026-11-24T06:00, 2026-11-24T06:00+08:00, or 2h.")
        ) from error


def local(text: str) -> datetime:
    """A time as a service writes it, in this machine's zone."""
    return datetime.fromisoformat(text).astimezone()


def day(text: str) -> str:
    """Its day there."""
    return local(text).strftime("%Y-%m-%d")


def zone_of(at: datetime) -> str:
    """`UTC+8`, `UTC-3:30`: names such as CST are those of several zones."""
    minutes = int((at.utcoffset() or timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    offset = f"{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
    return f"UTC{offset}" if minutes else "UTC"


def second(at: datetime) -> str:
    """A time to the second, with its zone."""
    return f"{at:%Y-%m-%d %H:%M:%S} {zone_of(at)}"
