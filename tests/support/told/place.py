"""Where the renewal is, who does something in it, and what its papers' hashes are."""

from datetime import date, timedelta
from hashlib import sha256
from typing import Any, Final

from tests.support.builders import NOON

TODAY: Final[date] = NOON.date()
DAY: Final = timedelta(days=1)
CLERK, TELLER, BUILDER, HOUSEHOLD = "p-3f9a", "p-b02c", "p-77d1", "h-5c41"
AT: Final[dict[str, Any]] = {"at": NOON, "by": CLERK}
"""What all affairs have in common."""
HERE: Final[dict[str, Any]] = {"community": "fushan-road", "neighbourhood": "huaiyin-li"}
PLACED: Final[dict[str, Any]] = AT | HERE | {"party": "huaiyin-grid"}
"""What works, covenants, deliberations and the task force have in common."""


def digest(of: str) -> str:
    return sha256(of.encode()).hexdigest()


def photo(name: str) -> dict[str, Any]:
    return {"sha256": digest(name), "taken_at": NOON, "location": {"lon": 120.404, "lat": 36.1325}}
