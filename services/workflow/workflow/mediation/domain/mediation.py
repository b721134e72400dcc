"""A mediation as it stands: who takes part, when they met, what there is to sign. Nobody's words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from linli.contracts.workflow.mediation import CourtStep, MediationState, Side, WhyEnded

REPORTER = "reporter"
"""The participant who is the case's reporter."""
S = MediationState
RUNNING = frozenset({S.OPEN, S.DRAFTED, S.BROKEN})
"""People still talk; after a breach they may agree anew."""
AGREED_ONCE = frozenset({S.IN_EFFECT, S.KEPT, S.BROKEN})
_OVER = frozenset({S.KEPT, S.ESCALATED})


def mediation_id(case_id: str) -> str:
    """A case has one mediation, so a repeated request cannot begin a second."""
    return f"{case_id}.mediation"


@dataclass(frozen=True, slots=True)
class Concerned:
    """One whose dispute it is. `party` is set for an organisation of the community's."""

    side: Side
    party: str | None = None


@dataclass(frozen=True, slots=True)
class Sitting:
    """A session, called or held."""

    starts_at: datetime
    online: bool
    venue: str | None
    held_at: datetime | None = None
    cancelled: bool = False

    @property
    def to_come(self) -> bool:
        return self.held_at is None and not self.cancelled


@dataclass(frozen=True, slots=True)
class Agreement:
    """A text, by its hash, and who has signed it."""

    digest: str
    visit_on: date
    drafted_at: datetime
    signed: frozenset[str] = frozenset()
    effective_on: date | None = None
    confirm_until: date | None = None
    court: CourtStep | None = None
    visit_due: bool = False
    kept: bool | None = None


@dataclass(frozen=True, slots=True)
class Mediation:
    """`version` is the number of events in its history, agreements and sessions are numbered from 1."""

    id: str
    case_id: str
    community: str
    category: str | None = None
    neighbourhood: str | None = None
    state: MediationState = S.OPEN
    concerned: Mapping[str, Concerned] = field(default_factory=dict)
    mediators: Mapping[str, str | None] = field(default_factory=dict)
    """Those who mediate now, each with its party."""
    gone: frozenset[str] = frozenset()
    """Who has left as a mediator, and does not come back."""
    sessions: tuple[Sitting, ...] = ()
    statements: int = 0
    said: Mapping[str, int] = field(default_factory=dict)
    """How many of them are whose, by participant."""
    agreements: tuple[Agreement, ...] = ()
    opened_at: datetime | None = None
    updated_at: datetime | None = None
    version: int = 0
    ended: WhyEnded | None = None
    """Why people need not talk any more; None for what ends by its state."""

    @property
    def over(self) -> bool:
        """Whether nothing is to come."""
        return self.ended is not None or self.state in _OVER

    @property
    def newest(self) -> Agreement | None:
        return self.agreements[-1] if self.agreements else None

    @property
    def two_sides(self) -> bool:
        """Whether there is somebody to agree with."""
        sides = {each.side for each in self.concerned.values()}
        return {Side.APPLICANT, Side.RESPONDENT} <= sides

    @property
    def participants(self) -> frozenset[str]:
        return frozenset(self.concerned) | frozenset(self.mediators)

    @property
    def visits_on(self) -> date | None:
        """The day of a return visit that nobody has been told of yet."""
        newest = self.newest
        waits = newest and self.state is S.IN_EFFECT and not newest.visit_due
        return newest.visit_on if newest and waits else None
