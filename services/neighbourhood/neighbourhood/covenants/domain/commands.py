"""What people do with a covenant, and what it hears of votes."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from linli.contracts.base import Slug
from linli.contracts.neighbourhood.affairs import Digest, Id
from linli.contracts.neighbourhood.covenants import Adopter, CovenantText, Track
from linli.contracts.neighbourhood.covenants_kept import BreachOutcome, SignedOn
from linli.contracts.neighbourhood.placed import FilingNumber, Title, Words
from neighbourhood.telling import PlacedCommand

MOST_HOUSEHOLDS = 5_000
"""On the list of one assembly."""


@dataclass(frozen=True, slots=True)
class CovenantCommand(PlacedCommand):
    """On a covenant; a household has no party."""


@dataclass(frozen=True, slots=True)
class DraftCovenant(CovenantCommand):
    """A new version, or a new text of the one that is being worked on. `title` and `text` as they are to be read."""

    title: Title
    text: CovenantText
    template: Slug | None = None


@dataclass(frozen=True, slots=True)
class StartCovenant(CovenantCommand):
    """The first draft of a new covenant."""

    id: Id
    community: Slug
    neighbourhood: Slug
    track: Track
    draft: DraftCovenant


@dataclass(frozen=True, slots=True)
class OpenComments(CovenantCommand):
    """Let households say something, up to and with that day."""

    until: date | None = None
    """The last day; None: as early as the rules allow."""


@dataclass(frozen=True, slots=True)
class Comment(CovenantCommand):
    """A household has said something of the text."""

    comment_id: Id
    household: Id
    digest: Digest
    """Of the text that the household read."""
    words_digest: Digest
    """The digest of what it wrote."""


@dataclass(frozen=True, slots=True)
class AnswerComment(CovenantCommand):
    """Answer a comment: whether it was taken up, and why."""

    comment_id: Id
    taken: bool
    answer: Words


@dataclass(frozen=True, slots=True)
class ReviewCovenant(CovenantCommand):
    """`no_fines` says why a word that sounds like a fine is none."""

    text: CovenantText
    no_fines: Words | None = None


@dataclass(frozen=True, slots=True)
class ReturnCovenant(CovenantCommand):
    """Send a text back, and say why."""

    digest: Digest
    why: Words


@dataclass(frozen=True, slots=True)
class HearResult(CovenantCommand):
    """What a vote has come to. Only that adopts a covenant: no outcome of talks, and no number of signatures."""

    vote_id: Id
    matter_id: Id
    electorate: Adopter
    legal_class: str
    digest: Digest
    """Of the text that was voted on."""
    passed: bool
    binding: bool
    """It is a decision, and no consultation."""
    declared_on: date


@dataclass(frozen=True, slots=True)
class HearVoteVoided(CovenantCommand):
    """A vote counts for nothing."""

    vote_id: Id


@dataclass(frozen=True, slots=True)
class RecordAssembly(CovenantCommand):
    """A residents' assembly 居民会议 was held about this text: who was there of whom, and what they decided.

    Each household is there by one representative; who says nothing has not agreed.
    """

    assembly_id: Id
    digest: Digest
    held_on: date
    listed: Annotated[tuple[Id, ...], Field(min_length=1, max_length=MOST_HOUSEHOLDS)]
    """Every household that could come."""
    present: Annotated[tuple[Id, ...], Field(max_length=MOST_HOUSEHOLDS)]
    yes: Annotated[int, Field(ge=0, le=MOST_HOUSEHOLDS)]
    no: Annotated[int, Field(ge=0, le=MOST_HOUSEHOLDS)]
    minutes: Digest
    """SHA-256 of the scan of the signed minutes."""


@dataclass(frozen=True, slots=True)
class FileCovenant(CovenantCommand):
    """The authority has it, under that number."""

    filing: FilingNumber
    on: date


@dataclass(frozen=True, slots=True)
class PutInForce(CovenantCommand):
    """It holds from that day on."""

    from_day: date


@dataclass(frozen=True, slots=True)
class SignCovenant(CovenantCommand):
    """A household signs exactly this text."""

    household: Id
    digest: Digest
    on: SignedOn
    scan: Digest | None = None


@dataclass(frozen=True, slots=True)
class WithdrawSignature(CovenantCommand):
    """A household takes its signature back."""

    household: Id
    digest: Digest


@dataclass(frozen=True, slots=True)
class ReportBreach(CovenantCommand):
    """An article is not kept; the case in which that is dealt with."""

    breach_id: Id
    article: Annotated[int, Field(ge=1, le=1_000)]
    case_id: Id


@dataclass(frozen=True, slots=True)
class SettleBreach(CovenantCommand):
    """What came of a breach."""

    breach_id: Id
    outcome: BreachOutcome
