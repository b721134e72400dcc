"""What people do in a deliberation."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, TypeAlias

from pydantic import AwareDatetime, Field

from linli.contracts.base import Slug
from linli.contracts.neighbourhood.affairs import Digest, Id, Wording
from linli.contracts.neighbourhood.deliberations import Attendee, Concern, Voice
from linli.contracts.neighbourhood.deliberations_parties import Mandate
from linli.contracts.neighbourhood.deliberations_settled import OutcomeResult, Promise
from linli.contracts.neighbourhood.placed import Title, Words
from neighbourhood.telling import PlacedCommand


@dataclass(frozen=True, slots=True)
class DeliberationCommand(PlacedCommand):
    """In a deliberation; a household has no party."""


@dataclass(frozen=True, slots=True)
class Convene(DeliberationCommand):
    """`last_day` is promised to all: nobody concludes before it is over."""

    id: Id
    community: Slug
    neighbourhood: Slug
    question: Wording
    first_day: date
    last_day: date
    concerns: Annotated[tuple[Concern, ...], Field(max_length=200)] = ()
    taskforce_id: Id | None = None


@dataclass(frozen=True, slots=True)
class InviteParty(DeliberationCommand):
    """`invitation_id` is also the id of the case by which the party hears of it."""

    invitation_id: Id
    invited: Slug
    title: Title
    asks: Words
    answer_by: AwareDatetime


@dataclass(frozen=True, slots=True)
class AnswerInvitation(DeliberationCommand):
    """`words` is the hash of what the party said to it."""

    invitation_id: Id
    comes: bool
    words: Digest | None = None


@dataclass(frozen=True, slots=True)
class GrantMandate(DeliberationCommand):
    """`letter` is the hash of the scan, where somebody else than the party enters it."""

    mandate_id: Id
    of: Slug
    mandate: Mandate
    letter: Digest | None = None


@dataclass(frozen=True, slots=True)
class RevokeMandate(DeliberationCommand):
    mandate_id: Id


@dataclass(frozen=True, slots=True)
class OpenTalks(DeliberationCommand):
    pass


@dataclass(frozen=True, slots=True)
class RecordSession(DeliberationCommand):
    session_id: Id
    held_at: AwareDatetime
    place: Title
    present: Annotated[tuple[Attendee, ...], Field(min_length=1, max_length=500)]


@dataclass(frozen=True, slots=True)
class Utterance(DeliberationCommand):
    """For whom it is said, and in which room; `session_id` is None for what they write themselves."""

    voice: Voice
    session_id: Id | None


@dataclass(frozen=True, slots=True)
class MakeStatement(Utterance):
    """`words` is the hash of what was said."""

    statement_id: Id
    words: Digest
    on: Id | None = None


@dataclass(frozen=True, slots=True)
class MakeProposal(Utterance):
    proposal_id: Id
    words: Digest


@dataclass(frozen=True, slots=True)
class SupportProposal(Utterance):
    proposal_id: Id


@dataclass(frozen=True, slots=True)
class WithdrawSupport(Utterance):
    proposal_id: Id


@dataclass(frozen=True, slots=True)
class OfferCommitment(Utterance):
    """`speaker` is who commits the party; `words` is the hash of the wording."""

    commitment_id: Id
    speaker: Id
    words: Digest
    promise: Promise


@dataclass(frozen=True, slots=True)
class HearPromise(OfferCommitment):
    """An offer that a party's system, or its desk, makes in the case of its invitation. What is not in order is kept
    beside those that are, with the reason."""

    invitation_id: Id


@dataclass(frozen=True, slots=True)
class HearAgain(DeliberationCommand):
    """What was not in order may be now: there is a mandate, the talks are open."""

    commitment_id: Id


@dataclass(frozen=True, slots=True)
class WithdrawCommitment(DeliberationCommand):
    commitment_id: Id


@dataclass(frozen=True, slots=True)
class AcceptCommitment(DeliberationCommand):
    """`taskforce_id` where the deliberation was convened for none."""

    commitment_id: Id
    taskforce_id: Id | None = None


@dataclass(frozen=True, slots=True)
class DeclineCommitment(DeliberationCommand):
    commitment_id: Id
    why: Words


@dataclass(frozen=True, slots=True)
class DraftOutcome(DeliberationCommand):
    result: OutcomeResult
    proposals: Annotated[tuple[Id, ...], Field(max_length=200)]
    says: Wording


@dataclass(frozen=True, slots=True)
class DissentFrom(Utterance):
    """`digest` is of the text that they read."""

    digest: Digest
    statement_id: Id | None = None


@dataclass(frozen=True, slots=True)
class WithdrawDissent(Utterance):
    pass


@dataclass(frozen=True, slots=True)
class Conclude(DeliberationCommand):
    """`digest` is of the text that was read."""

    digest: Digest


@dataclass(frozen=True, slots=True)
class Publish(DeliberationCommand):
    pass


OfParty: TypeAlias = InviteParty | AnswerInvitation | GrantMandate | RevokeMandate
OfTalk: TypeAlias = RecordSession | MakeStatement | MakeProposal | SupportProposal | WithdrawSupport
OfCommitment: TypeAlias = OfferCommitment | HearAgain | WithdrawCommitment | AcceptCommitment | DeclineCommitment
OfOutcome: TypeAlias = DraftOutcome | DissentFrom | WithdrawDissent | Conclude | Publish
AnyCommand: TypeAlias = OfParty | OpenTalks | OfTalk | OfCommitment | OfOutcome
