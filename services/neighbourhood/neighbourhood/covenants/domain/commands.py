"""What people do with a covenant, and what it hears of votes."""

from dataclasses import dataclass
from datetime import date

from linli.contracts.neighbourhood.covenants import Adopter, Track
from linli.contracts.neighbourhood.covenants_kept import BreachOutcome, SignedOn
from neighbourhood.telling import PlacedCommand


@dataclass(frozen=True, slots=True)
class CovenantCommand(PlacedCommand):
    """On a covenant; a household has no party."""


@dataclass(frozen=True, slots=True)
class DraftCovenant(CovenantCommand):
    """A new version, or a new text of the one that is being worked on. `title` and `text` as they are to be read."""

    title: str
    text: str
    template: str | None = None


@dataclass(frozen=True, slots=True)
class StartCovenant(CovenantCommand):
    """The first draft of a new covenant."""

    id: str
    community: str
    neighbourhood: str
    track: Track
    draft: DraftCovenant


@dataclass(frozen=True, slots=True)
class OpenComments(CovenantCommand):
    until: date | None = None
    """The last day; None: as early as the rules allow."""


@dataclass(frozen=True, slots=True)
class Comment(CovenantCommand):
    comment_id: str
    household: str
    digest: str
    """Of the text that the household read."""
    words_digest: str
    """The digest of what it wrote."""


@dataclass(frozen=True, slots=True)
class AnswerComment(CovenantCommand):
    comment_id: str
    taken: bool
    answer: str


@dataclass(frozen=True, slots=True)
class ReviewCovenant(CovenantCommand):
    """`no_fines` says why a word that sounds like a fine is none."""

    text: str
    no_fines: str | None = None


@dataclass(frozen=True, slots=True)
class ReturnCovenant(CovenantCommand):
    digest: str
    why: str


@dataclass(frozen=True, slots=True)
class HearResult(CovenantCommand):
    """What a vote has come to. Only that adopts a covenant: no outcome of talks, and no number of signatures."""

    vote_id: str
    matter_id: str
    electorate: Adopter
    legal_class: str
    digest: str
    """Of the text that was voted on."""
    passed: bool
    binding: bool
    """It is a decision, and no consultation."""
    declared_on: date


@dataclass(frozen=True, slots=True)
class HearVoteVoided(CovenantCommand):
    vote_id: str


@dataclass(frozen=True, slots=True)
class FileCovenant(CovenantCommand):
    filing: str
    on: date


@dataclass(frozen=True, slots=True)
class PutInForce(CovenantCommand):
    from_day: date


@dataclass(frozen=True, slots=True)
class SignCovenant(CovenantCommand):
    household: str
    digest: str
    on: SignedOn
    scan: str | None = None


@dataclass(frozen=True, slots=True)
class WithdrawSignature(CovenantCommand):
    household: str
    digest: str


@dataclass(frozen=True, slots=True)
class ReportBreach(CovenantCommand):
    breach_id: str
    article: int
    case_id: str


@dataclass(frozen=True, slots=True)
class SettleBreach(CovenantCommand):
    breach_id: str
    outcome: BreachOutcome
