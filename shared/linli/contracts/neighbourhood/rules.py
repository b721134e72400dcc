"""What a decision of the owners needs, as data: shares, bases and who decides, with the law each comes from.

A vote keeps the rules it is held by, so a law that changes later changes no old count. Integers only: a share is two
whole numbers, compared by cross-multiplication.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from linli.contracts.base import Record


class Read(StrEnum):
    """How a source is known."""

    TEXT = "text"  # the law's own text was read
    PRESS = "press"  # reported by the press, or a draft
    MEMORY = "memory"  # nobody has looked it up
    CHOICE = "choice"  # no article says so; the careful reading was chosen


class Citation(Record):
    """Where a rule comes from. `note` says what an office has still to ask a lawyer."""

    law: str
    article: str = ""
    read: Read
    note: str = ""

    @property
    def confirmed(self) -> bool:
        return self.read is Read.TEXT


class Share(Record):
    """So many of so many. 以上 includes equality, 过半数 does not (民法典 1259)."""

    numerator: Annotated[int, Field(ge=0)]
    denominator: Annotated[int, Field(gt=0)]
    or_equal: bool = True

    def met(self, part: int, whole: int) -> bool:
        """Whether `part` of `whole` is enough, both in the same unit. Of nothing, nothing is enough."""
        if whole <= 0:
            return False
        left, right = part * self.denominator, whole * self.numerator
        return left >= right if self.or_equal else left > right

    @property
    def written(self) -> str:
        return f"{'≥' if self.or_equal else '>'} {self.numerator}/{self.denominator}"


class Base(StrEnum):
    """Of what a share of consent is taken."""

    PARTICIPATING = "participating"  # 参与表决
    ALL = "all"  # 全体


class Electorate(StrEnum):
    """Who decides."""

    OWNERS = "owners"  # 全体业主
    STAIRWELL = "stairwell"  # 本单元业主
    INTERESTED = "interested"  # 有利害关系的业主
    RESIDENTS = "residents"  # 居民会议: no register of owners can stand for it


class LegalClass(StrEnum):
    """What a matter is in law; an officer records it. The first nine are the items of 民法典 278."""

    ASSEMBLY_RULES = "assembly_rules"  # (一) 业主大会议事规则
    COVENANT = "covenant"  # (二) 管理规约
    COMMITTEE = "committee"  # (三) 选举或更换业主委员会
    MANAGER = "manager"  # (四) 选聘、解聘物业
    FUND_USE = "fund_use"  # (五) 使用维修资金
    FUND_RAISING = "fund_raising"  # (六) 筹集维修资金
    REBUILDING = "rebuilding"  # (七) 改建、重建
    COMMON_PARTS = "common_parts"  # (八) 改变共有部分用途或者利用其经营
    OTHER = "other"  # (九) 其他重大事项
    HOME_TO_BUSINESS = "home_to_business"  # 民法典 279
    LIFT = "lift"  # 加装电梯
    RESIDENTS_COVENANT = "residents_covenant"  # 居民公约: 居民委员会组织法


class MatterRule(Record):
    """What one legal class needs: who decides, how many take part, how many consent; by area and by heads, both."""

    legal_class: LegalClass
    electorate: Electorate = Electorate.OWNERS
    quorum: Share | None
    """Of the whole electorate's area, and of its heads; None: consent is of all, and a quorum follows from it."""
    approval: Share
    base: Base
    written_consent: bool = False
    """Ballots count only where a signed paper is kept."""
    citation: Citation
