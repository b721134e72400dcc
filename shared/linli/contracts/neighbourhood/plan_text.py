"""What a plan says: its items, who pays for them, and which demands they answer."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Id, Wording

Fen = Annotated[int, Field(ge=0, le=10**13)]
"""Hundredths of a yuan."""


class ItemCategory(StrEnum):
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


class CostShare(Record):
    """Who pays how much of an item."""

    payer: Payer
    party: Slug | None = None
    """Which company, where it is one."""
    fen: Fen


class PlanItem(Record):
    """One thing that is to be done."""

    id: Slug
    category: ItemCategory
    title: Wording
    description: Wording | None = None
    estimate: Fen
    """What it is thought to cost: the shares' sum."""
    shares: Annotated[tuple[CostShare, ...], Field(max_length=20)]
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
