"""The numbers by which a deliberation is held: data, with where each is written. No law sets them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from zoneinfo import ZoneInfo

from linli.contracts.neighbourhood.rules import Citation
from neighbourhood.profiles.sources import chosen


@dataclass(frozen=True, slots=True)
class DeliberationRules:
    """What holds in a place."""

    scope: str
    zone: tzinfo
    notice_days: int
    """Full days between the day on which it is convened and its first."""
    dissent_days: int
    """Full days for which the text of an outcome lies open before it is concluded."""
    sources: Mapping[str, Citation]
    in_force_from: date | None = None
    in_force_until: date | None = None


_OFFICE = chosen("街道自定：条例讲协调和联席会议，没有查到期限。", "青岛市物业管理条例", "第八十、八十二条")

QINGDAO = DeliberationRules(
    scope="qingdao",
    zone=ZoneInfo("Asia/Shanghai"),
    notice_days=2,
    dissent_days=1,
    sources={"notice_days": _OFFICE, "dissent_days": _OFFICE},
)
