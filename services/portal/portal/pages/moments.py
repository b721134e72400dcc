"""Moments as people write them into a form."""

from datetime import datetime
from zoneinfo import ZoneInfo

from linli.web.localized import Localized
from linli.web.problems import Problem
from linli.web.rfc3339 import EARLIEST, LATEST


def moment(said: str, zone: ZoneInfo) -> datetime | None:
    """None where nothing is said; without a zone it is in the office's. Raises 422."""
    if not said.strip():
        return None
    try:
        found = datetime.fromisoformat(said.strip())
    except ValueError:
        found = None
    # By the year: at the ends of the calendar nothing can be reckoned, not even whether it is later.
    if found is None or not EARLIEST.year <= found.year < LATEST.year:
        english, chinese = "'{said}' is no time such as 2026-11-30T08:00.", "“{said}”不是时间，例如 2026-11-30T08:00。"
        raise Problem("invalid", 422, Localized(english, chinese, said=said))
    return found if found.tzinfo else found.replace(tzinfo=zone)


def rfc3339(said: str, zone: ZoneInfo) -> str | None:
    """The same as the services read it."""
    found = moment(said, zone)
    return found.isoformat() if found else None
