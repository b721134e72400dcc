"""What people do with a work package. What residents may have written comes in whole; events have its hash."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from linli.contracts.base import Slug
from linli.contracts.neighbourhood.affairs import Digest, Id
from linli.contracts.neighbourhood.placed import Title, Words
from linli.contracts.neighbourhood.works import Appointed, Trade
from linli.contracts.neighbourhood.works_checked import RoundKind
from neighbourhood.works.domain.acceptance_commands import (
    ConveneAcceptance,
    FailAcceptance,
    FileAcceptance,
    HandOver,
    HoldGate,
    PassAcceptance,
    RegisterLift,
    RequestAcceptance,
    RevokeAcceptance,
    SayAtGate,
    SignAcceptance,
)
from neighbourhood.works.domain.command import PackageCommand, Photos, Said

__all__ = [
    "AnnounceProgress",
    "CompleteWorks",
    "ConfirmDefect",
    "ConveneAcceptance",
    "CoverHiddenWork",
    "DismissDefect",
    "FailAcceptance",
    "FailHiddenWork",
    "FileAcceptance",
    "HandOver",
    "HoldGate",
    "NotifyHiddenWork",
    "OpenPackage",
    "OrderRectification",
    "PackageCommand",
    "PassAcceptance",
    "PassHiddenWork",
    "RecordSupervision",
    "RegisterLift",
    "ReportDefect",
    "RequestAcceptance",
    "ReturnRectification",
    "RevokeAcceptance",
    "SayAtGate",
    "SignAcceptance",
    "SubmitRectification",
    "VerifyRectification",
]
ITEMS_AT_MOST, DEMANDS_AT_MOST, LIFTS_AT_MOST = 200, 2_000, 100


@dataclass(frozen=True, slots=True)
class OpenPackage(PackageCommand):
    """Items of a finalised plan become works."""

    id: Id
    community: Slug
    neighbourhood: Slug
    title: Title
    plan_id: Id
    plan_hash: Digest
    items: Annotated[tuple[Id, ...], Field(min_length=1, max_length=ITEMS_AT_MOST)]
    demands: Annotated[tuple[Id, ...], Field(max_length=DEMANDS_AT_MOST)]
    appointed: Annotated[tuple[Appointed, ...], Field(max_length=10)]
    trades: Annotated[tuple[Trade, ...], Field(max_length=10)]
    lifts: Annotated[tuple[Id, ...], Field(max_length=LIFTS_AT_MOST)] = ()
    plan_checked: bool = False


@dataclass(frozen=True, slots=True)
class AnnounceProgress(PackageCommand):
    """Tell all how far it has come."""

    percent: Annotated[int, Field(ge=0, le=100)]
    message: Words


@dataclass(frozen=True, slots=True)
class CompleteWorks(PackageCommand):
    """The builder reports that all of it is built."""


@dataclass(frozen=True, slots=True)
class RecordSupervision(PackageCommand):
    """Somebody has walked the site: residents, or the supervisor."""

    round_id: Id
    kind: RoundKind
    photos: Photos
    note: Said | None = None


@dataclass(frozen=True, slots=True)
class NotifyHiddenWork(PackageCommand):
    """The builder says that work is ready to be looked at, before it is covered."""

    hidden_id: Id
    what: Title


@dataclass(frozen=True, slots=True)
class PassHiddenWork(PackageCommand):
    """The supervisor or the client has looked: it may be covered."""

    hidden_id: Id
    photos: Photos


@dataclass(frozen=True, slots=True)
class FailHiddenWork(PackageCommand):
    """The supervisor or the client has looked: it is to be put right and notified again."""

    hidden_id: Id
    why: Words
    photos: Photos = ()


@dataclass(frozen=True, slots=True)
class CoverHiddenWork(PackageCommand):
    """The builder has covered it."""

    hidden_id: Id


@dataclass(frozen=True, slots=True)
class ReportDefect(PackageCommand):
    """Something is not as it should be. `trade` says under which warranty, of a package that is accepted."""

    defect_id: Id
    what: Said
    round_id: Id | None = None
    trade: Trade | None = None
    photos: Photos = ()


@dataclass(frozen=True, slots=True)
class ConfirmDefect(PackageCommand):
    """It is one."""

    defect_id: Id


@dataclass(frozen=True, slots=True)
class DismissDefect(PackageCommand):
    """It is none, and why."""

    defect_id: Id
    why: Words


@dataclass(frozen=True, slots=True)
class OrderRectification(PackageCommand):
    """Who is to put it right, until when."""

    defect_id: Id
    to: Slug
    due: date


@dataclass(frozen=True, slots=True)
class SubmitRectification(PackageCommand):
    """It is put right, with photos of before and after."""

    defect_id: Id
    before: Photos
    after: Photos


@dataclass(frozen=True, slots=True)
class VerifyRectification(PackageCommand):
    """Somebody else has looked: the defect is closed."""

    defect_id: Id


@dataclass(frozen=True, slots=True)
class ReturnRectification(PackageCommand):
    """Somebody else has looked: it is not put right."""

    defect_id: Id
    why: Words
    due: date
