"""Moments as people write them into a form."""

from datetime import datetime
from zoneinfo import ZoneInfo

from linli.web.localized import Localized
from linli.web.problems import Problem


def moment(said: str, zone: ZoneInfo) -> str | None:
    """As the services read it; one without a zone is in the office's. Raises 422."""
    if not said.strip():
        return None
    try:
        found = datetime.fromisoformat(said.strip())
    except ValueError:
        english, chinese = "'{said}' is no time such as 2026-11-30T08:00.", "“{said}”不是时间，例如 2026-11-30T08:00。"
        raise Problem("invalid", 422, Localized(english, chinese, said=said)) from None
    return (found if found.tzinfo else found.replace(tzinfo=zone)).isoformat()
