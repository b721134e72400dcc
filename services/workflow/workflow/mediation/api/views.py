"""A mediation as answers have it: without anybody's words, and with those that its reader may read."""

from collections.abc import Sequence
from datetime import date, datetime

from linli.contracts.base import Record
from linli.contracts.workflow.mediation import CourtStep, MediationState, Side, WhyEnded
from workflow.community.domain.directory import Directory
from workflow.mediation.domain.mediation import Mediation
from workflow.mediation.papers import KeptPaper, PaperKind


class MediatorView(Record):
    """Who mediates."""

    participant: str
    party: str | None
    name: str | None = None
    """None where it is not to be read here, or is gone."""


class ConcernedView(Record):
    """Whose dispute it is."""

    participant: str
    side: Side
    party: str | None
    name: str | None = None


class SessionView(Record):
    """When they meet."""

    session: int
    starts_at: datetime
    online: bool
    venue: str | None
    held_at: datetime | None
    cancelled: bool
    where: str | None = None
    came: tuple[str, ...] = ()


class AgreementView(Record):
    """What there is to sign."""

    number: int
    digest: str
    signed: tuple[str, ...]
    drafted_at: datetime
    effective_on: date | None
    confirm_until: date | None
    court: CourtStep | None
    visit_on: date
    visit_due: bool
    kept: bool | None
    text: str | None = None


class MediationView(Record):
    """Where a mediation stands."""

    id: str
    case_id: str
    community: str
    state: MediationState
    version: int
    opened_at: datetime | None
    updated_at: datetime | None
    mediators: tuple[MediatorView, ...]
    concerned: tuple[ConcernedView, ...]
    sessions: tuple[SessionView, ...]
    agreements: tuple[AgreementView, ...]
    statements: int
    ended: WhyEnded | None = None
    """Why people need not talk any more, where it ended before they agreed."""
    note: str | None = None
    """Why there is no agreement."""
    you: str | None = None
    """As whom its reader takes part."""


class Admitted(Record):
    """Somebody takes part now."""

    participant: str
    code: str | None
    """What opens the mediation for them; shown this once."""
    mediation: MediationView


class StatementView(Record):
    """What somebody said."""

    statement: str
    whose: str
    text: str
    at: datetime


class StatementList(Record):
    """In the order they were made."""

    items: list[StatementView]


class StatementTaken(Record):
    """It is kept."""

    statement: str
    case_id: str


def view(
    mediation: Mediation,
    papers: Sequence[tuple[KeptPaper, datetime]] = (),
    directory: Directory | None = None,
    you: str | None = None,
) -> MediationView:
    """`papers` are those that the reader may read."""
    kept = {(paper.kind, paper.name): paper for paper, _ in papers}

    def name(participant: str, party: str | None) -> str | None:
        if (paper := kept.get((PaperKind.PERSON, participant))) is not None:
            return paper.text
        known = directory.party(party) if directory and party else None
        return known.name if known else None

    def session(number: int) -> dict[str, object]:
        called, held = (kept.get((kind, str(number))) for kind in (PaperKind.SESSION, PaperKind.ATTENDANCE))
        return {"where": (called and called.text) or None, "came": held.came if held else ()}

    def text(number: int) -> str | None:
        paper = kept.get((PaperKind.AGREEMENT, str(number)))
        return paper.text if paper else None

    note = kept.get((PaperKind.WHY, "1"))
    return MediationView(
        **{name: getattr(mediation, name) for name in ("id", "case_id", "community", "state", "version", "ended")},
        **{name: getattr(mediation, name) for name in ("opened_at", "updated_at", "statements")},
        mediators=tuple(
            MediatorView(participant=id, party=party, name=name(id, party)) for id, party in mediation.mediators.items()
        ),
        concerned=tuple(
            ConcernedView(participant=id, side=each.side, party=each.party, name=name(id, each.party))
            for id, each in mediation.concerned.items()
        ),
        sessions=tuple(
            SessionView(
                session=number,
                **{name: getattr(each, name) for name in ("starts_at", "online", "venue", "held_at", "cancelled")},
                **session(number),
            )
            for number, each in enumerate(mediation.sessions, 1)
        ),
        agreements=tuple(
            AgreementView(
                number=number,
                signed=tuple(sorted(each.signed)),
                text=text(number),
                **{
                    name: getattr(each, name)
                    for name in ("digest", "drafted_at", "effective_on", "confirm_until", "court")
                },
                **{name: getattr(each, name) for name in ("visit_on", "visit_due", "kept")},
            )
            for number, each in enumerate(mediation.agreements, 1)
        ),
        note=note.text if note else None,
        you=you,
    )


FOR_PARTICIPANTS = (
    *(PaperKind.PERSON, PaperKind.SESSION, PaperKind.ATTENDANCE),
    *(PaperKind.AGREEMENT, PaperKind.WHY),
)
"""What staff who see the case and those who take part may read; statements have a way of their own."""
