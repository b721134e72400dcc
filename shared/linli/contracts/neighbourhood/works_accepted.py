"""The acceptance of a package, its filing and its warranties. Key: the package."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from linli.contracts.neighbourhood.affairs import Digest, Id
from linli.contracts.neighbourhood.placed import FilingNumber, Words
from linli.contracts.neighbourhood.works import PackageEvent, SiteRole, Trade, WarrantyGiven


class AcceptanceRequested(PackageEvent):
    """The builder asks for it, with the letter of warranty. 竣工验收申请"""

    TYPE: ClassVar[str] = "linli.acceptance.requested.v1"

    warranty_letter: Digest


class AcceptanceConvened(PackageEvent):
    """The client calls those who must sign together."""

    TYPE: ClassVar[str] = "linli.acceptance.convened.v1"

    on: date


class AcceptanceSigned(PackageEvent):
    """One of those who must sign has. 签署验收意见"""

    TYPE: ClassVar[str] = "linli.acceptance.signed.v1"
    WORDS = frozenset({"remark"})
    STAFF_WORDS = WORDS

    role: SiteRole
    agrees: bool
    remark: Words | None = None


class ResidentsGateHeld(PackageEvent):
    """What the residents' representatives say; it is asked beside the signatures and stands for none. 居民代表验收"""

    TYPE: ClassVar[str] = "linli.acceptance.gate_held.v1"

    representatives: Annotated[tuple[Id, ...], Field(min_length=1)]
    agrees: bool
    remark_sha256: Digest | None = None
    """Of what they said beside; the text itself is kept with the package, and is in no event."""


class GateOpinionGiven(PackageEvent):
    """What one of the residents' representatives says, by their own code. 居民代表意见"""

    TYPE: ClassVar[str] = "linli.acceptance.gate_opinion_given.v1"

    representative: Id
    agrees: bool
    remark_sha256: Digest | None = None
    """Of what they said beside; the text itself is kept with the package, and is in no event."""


class AcceptancePassed(PackageEvent):
    """It is accepted: the demands that it answers are met. 验收合格"""

    TYPE: ClassVar[str] = "linli.acceptance.passed.v1"

    items: tuple[Id, ...]
    demands: tuple[Id, ...]
    accepted_on: date
    """The community's day, from which filing and warranties count."""
    file_by: date
    """The last day on which it may be filed."""
    warranties: tuple[WarrantyGiven, ...] = ()


class AcceptanceFailed(PackageEvent):
    """It is not accepted, and why; the builder goes on. 验收不合格"""

    TYPE: ClassVar[str] = "linli.acceptance.failed.v1"
    WORDS = frozenset({"why"})
    STAFF_WORDS = WORDS

    why: Words


class AcceptanceFiled(PackageEvent):
    """The authority has it. 竣工验收备案"""

    TYPE: ClassVar[str] = "linli.acceptance.filed.v1"

    number: FilingNumber
    on: date
    late_by: Annotated[int, Field(ge=0)]
    """Days after the last day; 0 in time."""


class AcceptanceRevoked(PackageEvent):
    """The authority orders that it be accepted anew; its warranties and what followed from it no longer stand."""

    TYPE: ClassVar[str] = "linli.acceptance.revoked.v1"
    WORDS = frozenset({"why"})
    STAFF_WORDS = WORDS

    why: Words


class WarrantyReminded(PackageEvent):
    """A warranty ends soon: who looks after it may look whether anything is to be put right."""

    TYPE: ClassVar[str] = "linli.warranty.reminded.v1"

    trade: Trade
    until: date
    days_before: Annotated[int, Field(ge=1)]
    """Which of the reminders it is, by the days before the end at which it is owed."""


class WorksDuty(StrEnum):
    """What somebody has to do with an authority by a day, once works are accepted."""

    FILING = "filing"  # 竣工验收备案
    LIFTS = "lifts"  # 电梯使用登记


class WorksDutyReminded(PackageEvent):
    """The last day for a duty comes near. Who has missed it is told once more, on the day after."""

    TYPE: ClassVar[str] = "linli.package.duty_reminded.v1"

    duty: WorksDuty
    until: date
    days_before: int
    """Which of the reminders it is, by the days before the end at which it is owed; -1: the day is past."""
