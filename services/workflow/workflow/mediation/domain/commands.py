"""What people do in a mediation. `by` is who, as events say it; texts and names stay outside."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from linli.contracts.workflow.mediation import CourtStep, NoAgreement, Side, SigningWay, WhyEnded, WhyLeft


@dataclass(frozen=True, slots=True)
class Appoint:
    """`party` is whose the mediator is; None for a volunteer who belongs to none."""

    by: str
    mediator: str
    party: str | None = None


@dataclass(frozen=True, slots=True)
class LetGo:
    by: str
    mediator: str
    why: WhyLeft


@dataclass(frozen=True, slots=True)
class NameConcerned:
    by: str
    concerned: str
    side: Side
    party: str | None = None


@dataclass(frozen=True, slots=True)
class CallSession:
    by: str
    starts_at: datetime
    online: bool
    venue: str | None = None


@dataclass(frozen=True, slots=True)
class CancelSession:
    by: str
    session: int


@dataclass(frozen=True, slots=True)
class WriteDownSession:
    """`session` None: they met without having been called, on the doorstep."""

    by: str
    session: int | None
    held_at: datetime
    came: frozenset[str]
    """Who was there, mediators among them."""


@dataclass(frozen=True, slots=True)
class KeepStatement:
    by: str
    statement: str
    whose: str


@dataclass(frozen=True, slots=True)
class DraftAgreement:
    by: str
    digest: str
    visit_on: date | None = None
    """None: as the rules have it."""


@dataclass(frozen=True, slots=True)
class SignAgreement:
    by: str
    signer: str
    digest: str
    """Of the text that was read."""
    way: SigningWay
    scan: str | None = None
    sealed: bool = False
    """Of a mediator: with the mediation committee's seal."""


@dataclass(frozen=True, slots=True)
class NoteCourtStep:
    by: str
    step: CourtStep
    on: date
    asked: frozenset[str] = frozenset()
    """Who has asked the court, of an application."""


@dataclass(frozen=True, slots=True)
class TellVisitDue:
    by: str = "linli"


@dataclass(frozen=True, slots=True)
class RecordVisit:
    by: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Escalate:
    by: str
    why: NoAgreement


@dataclass(frozen=True, slots=True)
class End:
    """There is nothing to mediate any more."""

    why: WhyEnded
    by: str = "linli"


OfPeople: TypeAlias = Appoint | LetGo | NameConcerned
OfSessions: TypeAlias = CallSession | CancelSession | WriteDownSession | KeepStatement
OfAgreement: TypeAlias = DraftAgreement | SignAgreement | NoteCourtStep
OfTheEnd: TypeAlias = TellVisitDue | RecordVisit | Escalate | End
MediationCommand: TypeAlias = OfPeople | OfSessions | OfAgreement | OfTheEnd
