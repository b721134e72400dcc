"""A work package: what it is of, how far it has come, and what of it is open."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from linli.contracts.neighbourhood.works import Appointed, SiteRole, Trade, WarrantyGiven
from linli.contracts.neighbourhood.works_accepted import WorksDuty


class PackageState(StrEnum):
    """Where a package stands."""

    BUILDING = "building"  # 施工中
    COMPLETED = "completed"  # 已完工
    REQUESTED = "requested"  # 已申请验收
    CONVENED = "convened"  # 验收中
    ACCEPTED = "accepted"  # 验收合格
    FILED = "filed"  # 已备案
    HANDED_OVER = "handed_over"  # 已移交


class HiddenState(StrEnum):
    NOTIFIED = "notified"
    FAILED = "failed"
    PASSED = "passed"
    COVERED = "covered"


class DefectState(StrEnum):
    REPORTED = "reported"
    CONFIRMED = "confirmed"
    ORDERED = "ordered"
    SUBMITTED = "submitted"
    VERIFIED = "verified"
    DISMISSED = "dismissed"

    @property
    def open(self) -> bool:
        return self not in {DefectState.VERIFIED, DefectState.DISMISSED}


S = PackageState
ACCEPTED = frozenset({S.ACCEPTED, S.FILED, S.HANDED_OVER})
BEFORE_ACCEPTANCE = frozenset({S.BUILDING, S.COMPLETED, S.REQUESTED, S.CONVENED})


@dataclass(frozen=True, slots=True)
class Defect:
    """`rectifier` and `rectifier_party` put it right last; somebody else verifies that. `reporter` is a party, or who
    has none."""

    state: DefectState
    to: str | None = None
    due: date | None = None
    rectifier: str | None = None
    rectifier_party: str | None = None
    reporter: str | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """What one of those who must sign says."""

    agrees: bool
    by: str


@dataclass(frozen=True, slots=True)
class Gate:
    """What the residents' representatives say, and how many were asked."""

    agrees: bool
    representatives: int


@dataclass(frozen=True, slots=True)
class Package:
    """Works from items of a plan. `version` is the number of events in its history."""

    id: str
    community: str
    neighbourhood: str
    items: tuple[str, ...]
    demands: tuple[str, ...]
    appointed: tuple[Appointed, ...]
    trades: tuple[Trade, ...]
    lifts: tuple[str, ...] = ()
    title: str = ""
    plan_id: str = ""
    plan_hash: str = ""
    plan_checked: bool = False
    registered: dict[str, str] = field(default_factory=dict)
    """Those of its lifts that an authority has registered, with their certificates."""
    state: PackageState = PackageState.BUILDING
    percent: int = 0
    rounds: frozenset[str] = frozenset()
    hidden: dict[str, HiddenState] = field(default_factory=dict)
    defects: dict[str, Defect] = field(default_factory=dict)
    signed: dict[SiteRole, Signed] = field(default_factory=dict)
    opinions: dict[str, bool] = field(default_factory=dict)
    """What representatives have said by their own codes, since the acceptance was convened."""
    gate: Gate | None = None
    accepted_on: date | None = None
    file_by: date | None = None
    warranty_letter: str | None = None
    filed: str | None = None
    """What the authority calls the acceptance."""
    kept_by: str | None = None
    """Whom it was handed over to."""
    register_by: date | None = None
    """The last day for lifts that were not registered at the handover."""
    warranties: tuple[WarrantyGiven, ...] = ()
    reminded: frozenset[tuple[Trade, int]] = frozenset()
    """Of which warranty, so many days before its end."""
    duties_reminded: frozenset[tuple[WorksDuty, int]] = frozenset()
    """Of which duty, in the same way."""
    version: int = 0

    def party_of(self, role: SiteRole) -> str | None:
        return next((each.party for each in self.appointed if each.role is role), None)

    def has(self, role: SiteRole, party: str | None) -> bool:
        """Whether a party has that role on the site."""
        return party is not None and self.party_of(role) == party

    @property
    def parties(self) -> frozenset[str]:
        """Those that build, look after it, put something right or keep it: they read what is said on the site."""
        put_right = {each.to for each in self.defects.values()} | {self.kept_by}
        return frozenset({each.party for each in self.appointed} | {each for each in put_right if each})

    @property
    def open_defects(self) -> tuple[str, ...]:
        return tuple(sorted(id for id, each in self.defects.items() if each.state.open))

    @property
    def unpassed(self) -> tuple[str, ...]:
        """Hidden work that nobody has passed."""
        return tuple(
            sorted(id for id, state in self.hidden.items() if state in {HiddenState.NOTIFIED, HiddenState.FAILED})
        )

    @property
    def unregistered(self) -> tuple[str, ...]:
        return tuple(each for each in self.lifts if each not in self.registered)

    def warranty(self, trade: Trade) -> WarrantyGiven | None:
        return next((each for each in self.warranties if each.trade is trade), None)
