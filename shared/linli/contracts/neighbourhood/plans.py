"""Plans 改造方案: one for each neighbourhood 一小区一方案. Key: plan id.

A version holds all of its text, so whoever has its event can show it, compare it and compute its hash anew.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Affair, Digest, Id, Wording

Fen = Annotated[int, Field(ge=0, le=10**13)]
"""Hundredths of a yuan."""


class Category(StrEnum):
    """The three kinds of works of a renewal. 国办发〔2020〕23号 (its full text was not read)"""

    BASIC = "basic"  # 基础类
    IMPROVEMENT = "improvement"  # 完善类
    ENHANCEMENT = "enhancement"  # 提升类


class Payer(StrEnum):
    """Whose money it is."""

    GOVERNMENT = "government"  # 财政资金
    OWNERS = "owners"  # 居民出资
    REPAIR_FUND = "repair_fund"  # 住宅专项维修资金
    UTILITY = "utility"  # 专业经营单位
    INVESTOR = "investor"  # 社会资本
    OTHER = "other"


class Share(Record):
    """Who pays how much of an item."""

    payer: Payer
    party: Slug | None = None
    """Which company, where it is one."""
    fen: Fen


class PlanItem(Record):
    """One thing that is to be done."""

    id: Slug
    category: Category
    title: Wording
    description: Wording | None = None
    estimate: Fen
    """What it is thought to cost: the shares' sum."""
    shares: Annotated[tuple[Share, ...], Field(max_length=20)]
    demands: Annotated[tuple[Id, ...], Field(max_length=2000)] = ()
    """Those that it answers."""


class DeclinedDemand(Record):
    """A demand that the plan does not answer, with the reason that its demander reads."""

    demand: Id
    reason: Wording


class VersionText(Record):
    """All that a version says; its hash is that of this. A change of anything in it is another version."""

    plan_id: Id
    number: Annotated[int, Field(ge=1)]
    """From 1. A version that is frozen again is another one, also where it reads the same."""
    title: Wording
    items: tuple[PlanItem, ...]
    """In the plan's order."""
    declined: tuple[DeclinedDemand, ...]
    """In the order of their demands."""


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


class Outcome(StrEnum):
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
    outcome: Outcome
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
