"""Plans 改造方案: one for each neighbourhood 一小区一方案. Key: plan id.

A version holds all of its text, so whoever has its event can show it, compare it and compute its hash anew.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from linli.contracts.base import Slug
from linli.contracts.neighbourhood.affairs import Affair, Digest, Id, Wording
from linli.contracts.neighbourhood.plan_text import PlanItem, VersionText


class PlanStage(StrEnum):
    """Where a plan stands."""

    DRAFTING = "drafting"  # 编制中
    NOTICED = "noticed"  # 公示中
    FINALISED = "finalised"  # 已定稿
    SUPERSEDED = "superseded"  # 已被替代


class PlanEvent(Affair):
    """What is common to every event of a plan."""

    plan_id: Id

    @property
    def story(self) -> str:
        return self.plan_id


class PlanDrafted(PlanEvent):
    """A plan is being drawn."""

    TYPE: ClassVar[str] = "linli.plan.drafted.v1"

    community: Slug
    neighbourhood: Slug
    title: Wording
    replaces: Id | None = None
    """The plan that it is to supersede."""


class PlanDemandsTaken(PlanEvent):
    """The plan owes an answer to these demands as well."""

    TYPE: ClassVar[str] = "linli.plan.demands_taken.v1"

    demands: Annotated[tuple[Id, ...], Field(min_length=1)]


class PlanItemWritten(PlanEvent):
    """An item is new, or is now as it is here. If the plan was posted, it is so no more."""

    TYPE: ClassVar[str] = "linli.plan.item_written.v1"

    item: PlanItem


class PlanItemRemoved(PlanEvent):
    """An item is not in the plan any more; what it answered is open again."""

    TYPE: ClassVar[str] = "linli.plan.item_removed.v1"

    item: Slug


class DemandDeclined(PlanEvent):
    """The plan will not answer a demand, for this reason."""

    TYPE: ClassVar[str] = "linli.demand.declined.v1"

    demand: Id
    reason: Wording


class DemandReconsidered(PlanEvent):
    """A demand that was declined is open again."""

    TYPE: ClassVar[str] = "linli.demand.reconsidered.v1"

    demand: Id


class PlanVersionFrozen(PlanEvent):
    """The plan reads exactly so."""

    TYPE: ClassVar[str] = "linli.plan.version_frozen.v1"

    text: VersionText
    digest: Digest


class PlanNoticed(PlanEvent):
    """The version is made public 公示: its days are counted by that notice."""

    TYPE: ClassVar[str] = "linli.plan.noticed.v1"

    number: Annotated[int, Field(ge=1)]
    digest: Digest
    publicity: Id


class ObjectionOutcome(StrEnum):
    """What becomes of an objection."""

    UPHELD = "upheld"
    """It is right: the plan has to change before it is finalised."""
    EXPLAINED = "explained"
    """The plan stays as it is, for the reason that is given."""


class PlanObjectionFiled(PlanEvent):
    """Somebody objects. What they wrote is kept beside, where it can be forgotten; here is its hash."""

    TYPE: ClassVar[str] = "linli.plan.objection_filed.v1"

    objection: Id
    household: Id
    number: Annotated[int, Field(ge=1)]
    """The version that it is against."""
    item: Slug | None = None
    text_hash: Digest


class PlanObjectionAnswered(PlanEvent):
    """The objection has its answer."""

    TYPE: ClassVar[str] = "linli.plan.objection_answered.v1"

    objection: Id
    outcome: ObjectionOutcome
    answer: Wording


class PlanObjectionWithdrawn(PlanEvent):
    """Whoever objected takes it back."""

    TYPE: ClassVar[str] = "linli.plan.objection_withdrawn.v1"

    objection: Id


class PlanFinalised(PlanEvent):
    """The plan holds: it has hung for its full days, and every objection has its answer."""

    TYPE: ClassVar[str] = "linli.plan.finalised.v1"

    number: Annotated[int, Field(ge=1)]
    digest: Digest
    publicity: Id
    first_day: date
    """Of the days that it hung, the first that counted."""
    last_day: date


class PlanSuperseded(PlanEvent):
    """Another plan has been finalised in its place."""

    TYPE: ClassVar[str] = "linli.plan.superseded.v1"

    replaced_by: Id
