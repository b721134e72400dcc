"""The task force 工作专班 of a renewal: its seats and its bulletins. Key: the task force.

Its meetings are in `meetings`, what was promised there in `actions`. Holders of seats are opaque ids.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from linli.contracts.base import Slug
from linli.contracts.neighbourhood.affairs import Id
from linli.contracts.neighbourhood.placed import PlacedAffair, Title, Words
from linli.text.fields import Impersonal, Paragraphs

Count = Annotated[int, Field(ge=1)]
BulletinText = Annotated[str, Paragraphs(20_000, 1), Impersonal]


class SeatRole(StrEnum):
    """For whom somebody sits there."""

    SUBDISTRICT = "subdistrict"  # 街道
    COMMUNITY = "community"  # 社区
    PARTY_MEMBERS = "party_members"  # 党员
    RESIDENTS = "residents"  # 居民代表
    OWNERS_COMMITTEE = "owners_committee"  # 业委会
    PROPERTY = "property"  # 物业
    BUILDER = "builder"  # 施工单位
    SUPERVISOR = "supervisor"  # 监理单位


class TaskForceEvent(PlacedAffair):
    """What is common to every event of a task force."""

    taskforce_id: Id

    @property
    def story(self) -> str:
        return self.taskforce_id


class TaskForceFormed(TaskForceEvent):
    TYPE: ClassVar[str] = "linli.taskforce.formed.v1"
    WORDS = frozenset({"title"})
    STAFF_WORDS = WORDS

    title: Title


class SeatFilled(TaskForceEvent):
    """Somebody holds a seat from that day on; whoever held it without an end does so until the day before."""

    TYPE: ClassVar[str] = "linli.seat.filled.v1"

    seat_id: Id
    role: SeatRole
    holder: Id
    sits_for: Slug | None = None
    """The party whose interests they speak for and which hears of meetings; None of a resident."""
    from_day: date
    until: date | None = None
    """The first day on which they hold it no more; None while nobody has said one."""


class SeatVacated(TaskForceEvent):
    """A holder leaves; who stands in holds the seat from that day until it is filled."""

    TYPE: ClassVar[str] = "linli.seat.vacated.v1"

    seat_id: Id
    on: date
    """The first day on which they hold it no more."""
    stands_in: Id
    sits_for: Slug | None = None
    """The party of who stands in."""


class SeatReminded(TaskForceEvent):
    """A term ends soon, and nobody follows yet. By `linli`."""

    TYPE: ClassVar[str] = "linli.seat.reminded.v1"

    seat_id: Id
    holder: Id
    until: date
    """The first day on which they hold it no more."""


class BulletinIssued(TaskForceEvent):
    """Told to all who subscribed. Nothing of it is changed after that. 简报"""

    TYPE: ClassVar[str] = "linli.bulletin.issued.v1"
    WORDS = frozenset({"title", "text"})
    STAFF_WORDS = WORDS

    number: Count
    title: Title
    text: BulletinText
    meeting_id: Id | None = None


class BulletinCorrected(TaskForceEvent):
    """What a bulletin should have said; it stands as it was, with this beside it. 更正"""

    TYPE: ClassVar[str] = "linli.bulletin.corrected.v1"
    WORDS = frozenset({"instead", "why"})
    STAFF_WORDS = WORDS

    number: Count
    """Of the bulletin."""
    corrigendum: Count
    instead: Words
    why: Words
