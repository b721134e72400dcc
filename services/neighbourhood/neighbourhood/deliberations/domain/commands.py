"""What people do in a deliberation."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from linli.contracts.neighbourhood.affairs import Wording
from linli.contracts.neighbourhood.deliberations import Attendee, Concern, Voice
from linli.contracts.neighbourhood.deliberations_parties import Mandate
from linli.contracts.neighbourhood.deliberations_settled import OutcomeResult, Promise
from neighbourhood.telling import PlacedCommand


@dataclass(frozen=True, slots=True)
class DeliberationCommand(PlacedCommand):
    """In a deliberation; a household has no party."""


@dataclass(frozen=True, slots=True)
class Convene(DeliberationCommand):
    """`last_day` is promised to all: nobody concludes before it is over."""

    id: str
    community: str
    neighbourhood: str
    question: Wording
    first_day: date
    last_day: date
    concerns: tuple[Concern, ...] = ()
    taskforce_id: str | None = None


@dataclass(frozen=True, slots=True)
class InviteParty(DeliberationCommand):
    """`invitation_id` is also the id of the case by which the party hears of it."""

    invitation_id: str
    invited: str
    title: str
    asks: str
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class AnswerInvitation(DeliberationCommand):
    """`words` is the hash of what the party said to it."""

    invitation_id: str
    comes: bool
    words: str | None = None


@dataclass(frozen=True, slots=True)
class GrantMandate(DeliberationCommand):
    """`letter` is the hash of the scan, where somebody else than the party enters it."""

    mandate_id: str
    of: str
    mandate: Mandate
    letter: str | None = None


@dataclass(frozen=True, slots=True)
class RevokeMandate(DeliberationCommand):
    mandate_id: str


@dataclass(frozen=True, slots=True)
class OpenTalks(DeliberationCommand):
    pass


@dataclass(frozen=True, slots=True)
class RecordSession(DeliberationCommand):
    session_id: str
    held_at: datetime
    place: str
    present: tuple[Attendee, ...]


@dataclass(frozen=True, slots=True)
class Utterance(DeliberationCommand):
    """For whom it is said, and in which room; `session_id` is None for what they write themselves."""

    voice: Voice
    session_id: str | None


@dataclass(frozen=True, slots=True)
class MakeStatement(Utterance):
    """`words` is the hash of what was said."""

    statement_id: str
    words: str
    on: str | None = None


@dataclass(frozen=True, slots=True)
class MakeProposal(Utterance):
    proposal_id: str
    words: str


@dataclass(frozen=True, slots=True)
class SupportProposal(Utterance):
    proposal_id: str


@dataclass(frozen=True, slots=True)
class WithdrawSupport(Utterance):
    proposal_id: str


@dataclass(frozen=True, slots=True)
class OfferCommitment(Utterance):
    """`speaker` is who commits the party; `words` is the hash of the wording."""

    commitment_id: str
    speaker: str
    words: str
    promise: Promise


@dataclass(frozen=True, slots=True)
class WithdrawCommitment(DeliberationCommand):
    commitment_id: str


@dataclass(frozen=True, slots=True)
class AcceptCommitment(DeliberationCommand):
    """`taskforce_id` where the deliberation was convened for none."""

    commitment_id: str
    taskforce_id: str | None = None


@dataclass(frozen=True, slots=True)
class DeclineCommitment(DeliberationCommand):
    commitment_id: str
    why: str


@dataclass(frozen=True, slots=True)
class DraftOutcome(DeliberationCommand):
    result: OutcomeResult
    proposals: tuple[str, ...]
    says: Wording


@dataclass(frozen=True, slots=True)
class DissentFrom(Utterance):
    """`digest` is of the text that they read."""

    digest: str
    statement_id: str | None = None


@dataclass(frozen=True, slots=True)
class WithdrawDissent(Utterance):
    pass


@dataclass(frozen=True, slots=True)
class Conclude(DeliberationCommand):
    """`digest` is of the text that was read."""

    digest: str


@dataclass(frozen=True, slots=True)
class Publish(DeliberationCommand):
    pass


OfParty: TypeAlias = InviteParty | AnswerInvitation | GrantMandate | RevokeMandate
OfTalk: TypeAlias = RecordSession | MakeStatement | MakeProposal | SupportProposal | WithdrawSupport
OfCommitment: TypeAlias = OfferCommitment | WithdrawCommitment | AcceptCommitment | DeclineCommitment
OfOutcome: TypeAlias = DraftOutcome | DissentFrom | WithdrawDissent | Conclude | Publish
AnyCommand: TypeAlias = OfParty | OpenTalks | OfTalk | OfCommitment | OfOutcome
