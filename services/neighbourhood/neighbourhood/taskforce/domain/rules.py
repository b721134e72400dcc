"""The numbers by which a task force works: data, with where each is written. No law sets most of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from linli.contracts.neighbourhood.rules import Citation, Read
from linli.contracts.neighbourhood.spans import Counting, Span
from linli.contracts.neighbourhood.taskforce import SeatRole
from neighbourhood.profiles.days import Place
from neighbourhood.sources import Source, unconfirmed


@dataclass(frozen=True, slots=True)
class TaskForceRules:
    """What holds in a place."""

    scope: str
    place: Place
    notice: Span
    """Full days between the day on which a meeting is called and that on which it is held."""
    quorum: tuple[int, int]
    """More than so many of so many of the seats that are filled on the day."""
    confirmed_by: frozenset[SeatRole]
    """Whose seats confirm minutes."""
    remind_days: tuple[int, ...]
    """Before an action's last day."""
    seat_remind_days: int
    """Before a term ends that nobody follows."""
    sources: Mapping[str, Source]
    in_force_from: date | None = None
    in_force_until: date | None = None


_OFFICE = unconfirmed("街道自定", "青岛市物业管理条例 82 只规定联席会议，没有人数和期限")

QINGDAO = TaskForceRules(
    scope="qingdao",
    place=Place(ZoneInfo("Asia/Shanghai")),
    notice=Span(length=2, counting=Counting.FULL, citation=Citation(law="", read=Read.CHOICE)),
    quorum=(1, 2),
    confirmed_by=frozenset({SeatRole.SUBDISTRICT, SeatRole.COMMUNITY}),
    remind_days=(7, 1),
    seat_remind_days=30,
    sources={
        "notice": _OFFICE,
        "quorum": _OFFICE,
        "confirmed_by": _OFFICE,
        "remind_days": _OFFICE,
        "seat_remind_days": _OFFICE,
    },
)
