"""What people do with a work package."""

from dataclasses import dataclass
from datetime import date

from linli.contracts.neighbourhood.works import Appointed, SitePhoto, SiteRole, Trade
from linli.contracts.neighbourhood.works_checked import RoundKind
from neighbourhood.telling import PlacedCommand


@dataclass(frozen=True, slots=True)
class PackageCommand(PlacedCommand):
    """On a package of works."""


@dataclass(frozen=True, slots=True)
class OpenPackage(PackageCommand):
    id: str
    community: str
    neighbourhood: str
    title: str
    plan_id: str
    plan_hash: str
    items: tuple[str, ...]
    demands: tuple[str, ...]
    appointed: tuple[Appointed, ...]
    trades: tuple[Trade, ...]
    lifts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnnounceProgress(PackageCommand):
    percent: int
    message: str


@dataclass(frozen=True, slots=True)
class CompleteWorks(PackageCommand):
    pass


@dataclass(frozen=True, slots=True)
class RecordSupervision(PackageCommand):
    round_id: str
    kind: RoundKind
    photos: tuple[SitePhoto, ...]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class NotifyHiddenWork(PackageCommand):
    hidden_id: str
    what: str


@dataclass(frozen=True, slots=True)
class PassHiddenWork(PackageCommand):
    hidden_id: str
    photos: tuple[SitePhoto, ...]


@dataclass(frozen=True, slots=True)
class FailHiddenWork(PackageCommand):
    hidden_id: str
    why: str
    photos: tuple[SitePhoto, ...] = ()


@dataclass(frozen=True, slots=True)
class CoverHiddenWork(PackageCommand):
    hidden_id: str


@dataclass(frozen=True, slots=True)
class ReportDefect(PackageCommand):
    """`trade` says under which warranty, of a package that is accepted."""

    defect_id: str
    what: str
    round_id: str | None = None
    trade: Trade | None = None
    photos: tuple[SitePhoto, ...] = ()


@dataclass(frozen=True, slots=True)
class ConfirmDefect(PackageCommand):
    defect_id: str


@dataclass(frozen=True, slots=True)
class DismissDefect(PackageCommand):
    defect_id: str
    why: str


@dataclass(frozen=True, slots=True)
class OrderRectification(PackageCommand):
    defect_id: str
    to: str
    due: date


@dataclass(frozen=True, slots=True)
class SubmitRectification(PackageCommand):
    defect_id: str
    before: tuple[SitePhoto, ...]
    after: tuple[SitePhoto, ...]


@dataclass(frozen=True, slots=True)
class VerifyRectification(PackageCommand):
    defect_id: str


@dataclass(frozen=True, slots=True)
class ReturnRectification(PackageCommand):
    defect_id: str
    why: str
    due: date


@dataclass(frozen=True, slots=True)
class RequestAcceptance(PackageCommand):
    warranty_letter: str


@dataclass(frozen=True, slots=True)
class ConveneAcceptance(PackageCommand):
    on: date


@dataclass(frozen=True, slots=True)
class SignAcceptance(PackageCommand):
    role: SiteRole
    agrees: bool
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class HoldGate(PackageCommand):
    """The residents' representatives say whether they agree."""

    representatives: tuple[str, ...]
    agrees: bool
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class PassAcceptance(PackageCommand):
    pass


@dataclass(frozen=True, slots=True)
class FailAcceptance(PackageCommand):
    why: str


@dataclass(frozen=True, slots=True)
class FileAcceptance(PackageCommand):
    number: str
    on: date


@dataclass(frozen=True, slots=True)
class RevokeAcceptance(PackageCommand):
    why: str


@dataclass(frozen=True, slots=True)
class RegisterLift(PackageCommand):
    lift: str
    certificate: str
    on: date


@dataclass(frozen=True, slots=True)
class HandOver(PackageCommand):
    to: str
    facilities: tuple[str, ...]
