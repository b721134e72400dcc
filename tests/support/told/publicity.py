"""A plan's days on the boards."""

from collections.abc import Sequence
from typing import Any

from linli.contracts.neighbourhood import publicity
from linli.contracts.neighbourhood.affairs import Affair
from tests.support.told.place import AT, DAY, HERE, NOON, TODAY, digest

NOTICE = "notice-7"
_NOTICE: dict[str, Any] = AT | {"publicity_id": NOTICE}
_SEVEN_DAYS: dict[str, Any] = {"length": 7, "citation": {"law": "青岛市物业管理条例", "read": "memory"}}
_POSTED: dict[str, Any] = {"building": "3", "digest": digest("version 2"), "posted_at": NOON}

TOLD: Sequence[Affair] = (
    publicity.PublicityPrepared(
        **_NOTICE,
        **HERE,
        subject="plan",
        subject_id="plan-1",
        digest=digest("version 1"),
        buildings=["1", "2", "3"],
        rule=_SEVEN_DAYS,
    ),
    publicity.PublicityRestarted(**_NOTICE, digest=digest("version 2")),
    publicity.PublicityPosted(**_NOTICE, **_POSTED, photo=digest("a board")),
    publicity.PublicityMissed(**_NOTICE, building="3"),
    publicity.PublicityCompleted(
        **_NOTICE, digest=digest("version 2"), first_day=TODAY + DAY, last_day=TODAY + 7 * DAY
    ),
    publicity.PublicityEnded(**_NOTICE),
)
