"""What households do with an adopted covenant: they sign a text, and say where it is not kept. Key: the covenant."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from linli.contracts.neighbourhood.affairs import Digest, Id
from linli.contracts.neighbourhood.covenants import CovenantEvent, VersionEvent


class SignedOn(StrEnum):
    """On what it was signed."""

    PHONE = "phone"
    PAPER = "paper"


class BreachOutcome(StrEnum):
    """What came of a breach. There is no fine: neighbours cannot set one (行政处罚法)."""

    REMINDED = "reminded"  # 劝导
    MEDIATED = "mediated"  # 调解
    REFERRED = "referred"  # 移交主管部门
    UNFOUNDED = "unfounded"  # 不属实


class CovenantSigned(VersionEvent):
    """A household has signed this text. 签署"""

    TYPE: ClassVar[str] = "linli.covenant.signed.v1"

    household: Id
    on: SignedOn
    scan: Digest | None = None
    """Of the paper."""


class SignatureWithdrawn(VersionEvent):
    """A household takes its signature back."""

    TYPE: ClassVar[str] = "linli.covenant.signature_withdrawn.v1"

    household: Id


class BreachReported(VersionEvent):
    """Somebody says that an article is not kept. Who, and by whom, is in the case alone."""

    TYPE: ClassVar[str] = "linli.covenant.breach_reported.v1"

    breach_id: Id
    article: Annotated[int, Field(ge=1)]
    case_id: Id
    """The report in which it is dealt with."""


class BreachSettled(CovenantEvent):
    """What came of it."""

    TYPE: ClassVar[str] = "linli.covenant.breach_settled.v1"

    breach_id: Id
    outcome: BreachOutcome
