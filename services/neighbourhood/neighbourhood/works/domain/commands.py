"""What people do with a work package. What residents may have written comes in whole; events have its hash."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from linli.contracts.base import Slug
from linli.contracts.neighbourhood.affairs import Digest, Id
from linli.contracts.neighbourhood.placed import FilingNumber, Title, Words
from linli.contracts.neighbourhood.works import Appointed, Facility, Paper, SitePhoto, SiteRole, Trade
from linli.contracts.neighbourhood.works_checked import RoundKind
from linli.text.fields import Paragraphs
from neighbourhood.telling import PlacedCommand

ITEMS_AT_MOST, DEMANDS_AT_MOST, LIFTS_AT_MOST = 200, 2_000, 100
PHOTOS_AT_MOST = 20
Said = Annotated[str, Paragraphs(4_000, 1)]
"""What somebody wrote; it may be a resident."""
Photos = Annotated[tuple[SitePhoto, ...], Field(max_length=PHOTOS_AT_MOST)]


@dataclass(frozen=True, slots=True)
class PackageCommand(PlacedCommand):
    """On a package of works."""


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


@dataclass(frozen=True, slots=True)
class RequestAcceptance(PackageCommand):
    """The builder asks for it, with the letter of warranty."""

    warranty_letter: Digest


@dataclass(frozen=True, slots=True)
class ConveneAcceptance(PackageCommand):
    """The client calls those who must sign together."""

    on: date


@dataclass(frozen=True, slots=True)
class SignAcceptance(PackageCommand):
    """One of those who must sign says whether it agrees."""

    role: SiteRole
    agrees: bool
    remark: Words | None = None


@dataclass(frozen=True, slots=True)
class HoldGate(PackageCommand):
    """The residents' representatives say whether they agree."""

    representatives: Annotated[tuple[Id, ...], Field(max_length=50)]
    agrees: bool
    remark: Said | None = None


@dataclass(frozen=True, slots=True)
class PassAcceptance(PackageCommand):
    """It is accepted: refused while a signature or the residents' yes is missing, or something is open."""


@dataclass(frozen=True, slots=True)
class FailAcceptance(PackageCommand):
    """It is not accepted, and why."""

    why: Words


@dataclass(frozen=True, slots=True)
class FileAcceptance(PackageCommand):
    """The authority has it."""

    number: FilingNumber
    on: date


@dataclass(frozen=True, slots=True)
class RevokeAcceptance(PackageCommand):
    """The authority orders that it be accepted anew."""

    why: Words


@dataclass(frozen=True, slots=True)
class RegisterLift(PackageCommand):
    """An authority has a lift among those that may run."""

    lift: Id
    certificate: FilingNumber
    on: date


@dataclass(frozen=True, slots=True)
class HandOver(PackageCommand):
    """Somebody looks after it from now on, and its facilities begin."""

    to: Slug
    facilities: Annotated[tuple[Facility, ...], Field(max_length=200)]
    papers: Annotated[tuple[Paper, ...], Field(max_length=100)] = ()
