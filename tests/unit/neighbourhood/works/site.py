"""A building site for tests: who is who, and commands with their usual values."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from linli.contracts.base import tolerant
from linli.contracts.neighbourhood.works import Appointed, Facility, PackageEvent, SitePhoto, SiteRole, Trade
from linli.contracts.neighbourhood.works_checked import RoundKind
from neighbourhood.refusal import Refusal
from neighbourhood.works.domain import commands as do
from neighbourhood.works.domain.deciding import AnyCommand, decide, open_package
from neighbourhood.works.domain.evolving import evolve
from neighbourhood.works.domain.package import Package
from neighbourhood.works.domain.rules import WorksRules
from tests.support.qingdao import WORKS

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
TODAY = NOW.date()
Who: TypeAlias = dict[str, Any]
CLIENT: Who = {"by": "p-client", "party": "subdistrict"}
DESIGN: Who = {"by": "p-design", "party": "institute"}
BUILDER: Who = {"by": "p-builder", "party": "builder-co"}
SUPERVISOR: Who = {"by": "p-supervisor", "party": "supervisor-co"}
RESIDENT: Who = {"by": "h-12", "party": None}
BY_ROLE = {
    SiteRole.CLIENT: CLIENT,
    SiteRole.DESIGN: DESIGN,
    SiteRole.BUILDER: BUILDER,
    SiteRole.SUPERVISOR: SUPERVISOR,
}
APPOINTED = tuple(Appointed(role=role, party=who["party"]) for role, who in BY_ROLE.items())


def photo(n: int) -> SitePhoto:
    return SitePhoto(sha256=f"{n:064x}", taken_at=NOW)


SHED = Facility(id="shed-1", name="电动车棚", place="3号楼东侧", trades=(Trade.ELECTRICS,), maintained_by="property-co")
BEFORE, AFTER = (photo(1),), (photo(2),)


def opening(**changed: Any) -> do.OpenPackage:
    usual: dict[str, Any] = {
        "id": "w-1",
        "community": "fushan",
        "neighbourhood": "n-1",
        "title": "电动车棚",
        "plan_id": "plan-1",
        "plan_hash": "a" * 64,
        "items": ("item-1", "item-2"),
        "demands": ("d-1", "d-2", "d-3"),
        "appointed": APPOINTED,
        "trades": (Trade.WATERPROOFING, Trade.HEATING, Trade.ELECTRICS),
    }
    return do.OpenPackage(**CLIENT, **(usual | changed))


def opened(**changed: Any) -> Package:
    event = open_package(opening(**changed), WORKS, NOW)
    assert not isinstance(event, Refusal), event
    return evolve(None, event)


def after(package: Package, *commands: AnyCommand, now: datetime = NOW, rules: WorksRules = WORKS) -> Package:
    """The package after all of them, none of which may be refused."""
    for command in commands:
        event = decide(package, command, rules, now)
        assert not isinstance(event, Refusal), (command, event)
        package = evolve(package, event)
    return package


def refusal(package: Package, command: AnyCommand, now: datetime = NOW, rules: WorksRules = WORKS) -> str:
    """The slug of why it is refused; empty where it is not."""
    outcome = decide(package, command, rules, now)
    return outcome.slug if isinstance(outcome, Refusal) else ""


def replayed(events: Iterable[PackageEvent]) -> Package:
    """What another reader makes of the events as they stand on the wire."""
    package: Package | None = None
    for event in events:
        read = tolerant(type(event), event.model_dump_json(exclude_none=True).encode())
        assert isinstance(read, PackageEvent)
        package = evolve(package, read)
    assert package is not None
    return package


DEFECT_OPEN: tuple[AnyCommand, ...] = (
    do.RecordSupervision(**RESIDENT, round_id="r-1", kind=RoundKind.RESIDENTS, photos=BEFORE),
    do.ReportDefect(**RESIDENT, defect_id="f-1", what="防水层起鼓", round_id="r-1", photos=BEFORE),
    do.ConfirmDefect(**SUPERVISOR, defect_id="f-1"),
)
RECTIFIED: tuple[AnyCommand, ...] = (
    do.OrderRectification(**SUPERVISOR, defect_id="f-1", to="builder-co", due=TODAY + timedelta(days=7)),
    do.SubmitRectification(**BUILDER, defect_id="f-1", before=BEFORE, after=AFTER),
    do.VerifyRectification(**SUPERVISOR, defect_id="f-1"),
)
HIDDEN_PASSED: tuple[AnyCommand, ...] = (
    do.NotifyHiddenWork(**BUILDER, hidden_id="z-1", what="接地线"),
    do.PassHiddenWork(**SUPERVISOR, hidden_id="z-1", photos=BEFORE),
)
GATE = do.HoldGate(**RESIDENT, representatives=("h-1", "h-2", "h-3"), agrees=True)
SIGNATURES: tuple[AnyCommand, ...] = tuple(
    do.SignAcceptance(**who, role=role, agrees=True) for role, who in BY_ROLE.items()
)
CONVENED: tuple[AnyCommand, ...] = (
    do.CompleteWorks(**BUILDER),
    do.RequestAcceptance(**BUILDER, warranty_letter="b" * 64),
    do.ConveneAcceptance(**CLIENT, on=TODAY),
)
PASS = do.PassAcceptance(**CLIENT)
ACCEPTED: tuple[AnyCommand, ...] = (*CONVENED, *SIGNATURES, GATE, PASS)
FILED: tuple[AnyCommand, ...] = (*ACCEPTED, do.FileAcceptance(**CLIENT, number="备字1", on=TODAY))
