"""The register of owners: who has a vote, and how much it weighs. Key: the register's id.

Units and owners are opaque ids; doors and names are kept beside, where an erasure and the audit reach them. An area is
a whole number of hundredths of a square metre: 60 ㎡ is 6000.
"""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Affair, Digest, Id

Area = Annotated[int, Field(ge=0)]
"""Hundredths of a square metre."""
PART_AT_MOST = 2_000
"""So many units are in one event, which stays below what a record may hold."""


class AreaFrom(StrEnum):
    """What a unit's area is taken from, in the order that the law has them (区分所有权解释 8)."""

    REGISTRY = "registry"  # 不动产登记簿
    SURVEY = "survey"  # 测绘机构实测
    CONTRACT = "contract"  # 买卖合同


class Entry(Record):
    """One unit 专有部分. Who owns it in common is one owner here, and one head (区分所有权解释 9)."""

    unit: Id
    stairwell: Id
    """The building and its stairwell 单元, such as `3-1`."""
    area: Annotated[int, Field(gt=0, lt=10**11)]
    area_from: AreaFrom
    owner: Id


class RegisterEvent(Affair):
    """What is common to every event of a register."""

    register_id: Id
    community: Slug
    neighbourhood: Slug

    @property
    def story(self) -> str:
        return self.register_id


class RegisterCompiled(RegisterEvent):
    """Units were taken from a checked list: the first part begins the register, further ones go on with it."""

    TYPE: ClassVar[str] = "linli.register.compiled.v1"

    source: Digest
    """Of the file that was read."""
    part: Annotated[int, Field(ge=1)]
    parts: Annotated[int, Field(ge=1)]
    entries: Annotated[tuple[Entry, ...], Field(max_length=PART_AT_MOST)]


class CorrectedBecause(StrEnum):
    """Why an entry was put right."""

    SOLD = "sold"  # 转让
    MEASURED = "measured"  # 重新测绘
    MISTAKEN = "mistaken"  # 录入错误
    SAME_OWNER = "same_owner"  # 同一业主


class RegisterEntryCorrected(RegisterEvent):
    """One unit has another owner or area than was written. A list that is frozen keeps what it had."""

    TYPE: ClassVar[str] = "linli.register.entry_corrected.v1"

    entry: Entry
    because: CorrectedBecause
    evidence: Digest
    """Of the deed or survey that shows it."""


class RegisterFrozen(RegisterEvent):
    """The list as it stands now is the one that a vote counts by, for good."""

    TYPE: ClassVar[str] = "linli.register.frozen.v1"

    snapshot_id: Id
    sha256: Digest
    units: int
    heads: int
    area: Area
