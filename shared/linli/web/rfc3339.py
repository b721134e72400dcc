"""Times that come from outside."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator, Field

from linli.web.localized import Localized


def _require_rfc3339(value: Any) -> Any:
    """Pydantic would also take a number, or text that is one, for seconds since 1970."""
    if isinstance(value, datetime) or (isinstance(value, str) and value[4:5] == value[7:8] == "-"):
        return value
    english = "a time is written like 2026-03-01T08:30:00+08:00"
    raise ValueError(Localized(english, "时间要写成 2026-03-01T08:30:00+08:00 这样"))


RFC3339 = BeforeValidator(_require_rfc3339)
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
Moment = Annotated[AwareDatetime, RFC3339, Field(ge=EARLIEST, le=LATEST)]
"""A time with its zone, within what anything here can have."""
