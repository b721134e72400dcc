"""Publicity 公示: something that is posted for residents, on boards and pages, with days that count. Key: its id."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field

from linli.contracts.base import Slug
from linli.contracts.neighbourhood.affairs import Affair, Digest, Id
from linli.contracts.neighbourhood.spans import Counting, Span


class Subject(StrEnum):
    """What is made public."""

    ROUND = "round"  # 需求征集
    PLAN = "plan"  # 改造方案
    VOTE = "vote"  # 业主共同决定事项
    RESULT = "result"  # 表决结果
    COVENANT = "covenant"  # 公约
    OTHER = "other"


class DayRule(Span):
    """How long something has to hang, and who says so. It stands in the event, so a later law changes nothing of it."""

    counting: Counting = Counting.FULL
    unbroken: bool = True
    """Where it was found missing, the days count anew from when it hangs again."""


class PublicityEvent(Affair):
    """What is common to every event of a notice that hangs."""

    publicity_id: Id

    @property
    def story(self) -> str:
        return self.publicity_id


class PublicityPrepared(PublicityEvent):
    """It is known what is to hang where, and for how long."""

    TYPE: ClassVar[str] = "linli.publicity.prepared.v1"

    community: Slug
    neighbourhood: Slug
    subject: Subject
    subject_id: Id
    digest: Digest
    """Of exactly what is posted."""
    buildings: Annotated[tuple[Slug, ...], Field(min_length=1)]
    """Where it has to hang; what hangs in some of them only has not begun to count."""
    rule: DayRule


class PublicityPosted(PublicityEvent):
    """It hangs in a building. 张贴"""

    TYPE: ClassVar[str] = "linli.publicity.posted.v1"

    building: Slug
    digest: Digest
    posted_at: AwareDatetime
    photo: Digest | None = None


class PublicityMissed(PublicityEvent):
    """It was found not to hang in a building."""

    TYPE: ClassVar[str] = "linli.publicity.missed.v1"

    building: Slug


class PublicityRestarted(PublicityEvent):
    """What is made public has changed: it has to be posted anew everywhere, and no day before counts."""

    TYPE: ClassVar[str] = "linli.publicity.restarted.v1"

    digest: Digest
    """Of what is posted from now on."""


class PublicityCompleted(PublicityEvent):
    """It has hung everywhere for all of its days."""

    TYPE: ClassVar[str] = "linli.publicity.completed.v1"

    digest: Digest
    first_day: date
    """The first that counted."""
    last_day: date


class PublicityEnded(PublicityEvent):
    """It is taken down for good before its days were over."""

    TYPE: ClassVar[str] = "linli.publicity.ended.v1"
