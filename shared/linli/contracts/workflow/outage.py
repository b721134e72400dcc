"""Outages: a utility's declared interruptions. Topic `linli.outages`, compacted, key: outage, in order of `sequence`.

Every event has the outage as it stands after it, so the newest one is all that a reader needs. No personal data.
"""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field

from linli.contracts.base import Event, Record, Slug
from linli.contracts.topics import Topic
from linli.contracts.workflow.outage_area import Area
from linli.contracts.workflow.partner import UpdateId

OUTAGES = Topic(name="outages", key="community/party/outage id", newest_only=True)
"""Each outage as it stands: where, why, until when."""

OutageId = UpdateId
"""The partner's own name for an outage."""


class Utility(StrEnum):
    """What is off."""

    WATER = "water"
    POWER = "power"
    GAS = "gas"
    HEATING = "heating"
    TELECOM = "telecom"


class Cause(StrEnum):
    """Why it is off."""

    WORKS = "works"  # 施工、检修
    FAULT = "fault"  # 故障
    DAMAGE = "damage"  # 外力破坏
    WEATHER = "weather"
    SUPPLY = "supply"  # 上游来源中断
    OTHER = "other"


class Confidence(StrEnum):
    """How sure the company is of its estimate."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class OutageState(StrEnum):
    """Where an outage stands."""

    DECLARED = "declared"
    PARTIALLY_RESTORED = "partially_restored"
    RESTORED = "restored"
    CANCELLED = "cancelled"

    @property
    def running(self) -> bool:
        """Whether it is, or is still to come."""
        return self in {OutageState.DECLARED, OutageState.PARTIALLY_RESTORED}


class OutageFacts(Record):
    """What an outage is, as its company has said last."""

    planned: bool = False
    utility: Utility
    category: Slug | None = None
    """The community's category of reports about it; those without one are known by their words."""
    cause: Cause | None = None
    starts_at: AwareDatetime
    until: AwareDatetime | None = None
    """When it is expected to be over; None while nobody can say."""
    confidence: Confidence | None = None
    area: Area
    """What is out; after a partial restoration, what still is."""
    touches: tuple[Slug, ...] = ()
    """The neighbourhoods that the area reaches into, those of the polygon's outline included."""
    customers_affected: Annotated[int, Field(ge=0)] | None = None


class OutageEvent(OutageFacts, Event):
    """What is common to every event of an outage: all of it."""

    SOURCE = "linli/workflow"
    TOPIC = OUTAGES

    outage_id: OutageId
    community: Slug
    party: Slug
    """The company that says so."""
    state: OutageState
    occurred_at: AwareDatetime
    """When it happened, by the company's clock."""

    @property
    def story(self) -> str:
        return f"{self.community}/{self.party}/{self.outage_id}"


class OutageDeclared(OutageEvent):
    """Something is off, or will be. 停水停电通知"""

    TYPE: ClassVar[str] = "linli.outage.declared.v1"


class OutageExtended(OutageEvent):
    """It is expected to be over at another time. 延期"""

    TYPE: ClassVar[str] = "linli.outage.extended.v1"


class OutageAreaChanged(OutageEvent):
    """It is somewhere else than was said."""

    TYPE: ClassVar[str] = "linli.outage.area_changed.v1"


class OutagePartiallyRestored(OutageEvent):
    """It is over, but for the area that is left. 部分恢复"""

    TYPE: ClassVar[str] = "linli.outage.partially_restored.v1"


class OutageRestored(OutageEvent):
    """It is over. 已恢复"""

    TYPE: ClassVar[str] = "linli.outage.restored.v1"


class OutageCancelled(OutageEvent):
    """It does not take place, or was declared by mistake. 取消"""

    TYPE: ClassVar[str] = "linli.outage.cancelled.v1"
