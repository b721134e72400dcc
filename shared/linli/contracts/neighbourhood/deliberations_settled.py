"""What comes of a deliberation: commitments, and an outcome with its dissent. Key: the deliberation.

An outcome is what was talked over and no decision of the owners: the type has no way to say otherwise.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Digest, Id, Wording
from linli.contracts.neighbourhood.deliberations import Concern, DeliberationEvent, Said, Voice
from linli.contracts.neighbourhood.deliberations_parties import MayCommit
from linli.contracts.neighbourhood.placed import Words
from linli.contracts.neighbourhood.plan_text import Fen
from linli.web.localized import Localized

NO_DECISION = Wording(
    zh="本意见是协商意见，不是业主共同决定的事项的表决结果，不能代替《民法典》第二百七十八条规定的表决。",
    en="This was talked over and not voted on: it is no decision under article 278 of the Civil Code.",
)


def _says_so(caveat: Wording) -> Wording:
    if "二百七十八" not in caveat.zh or (caveat.en and "278" not in caveat.en):
        raise ValueError(
            Localized("an outcome says that it satisfies no article 278", "须写明不能代替第二百七十八条的表决")
        )
    return caveat


class OutcomeResult(StrEnum):
    """What was come to."""

    AGREED = "agreed"  # 达成一致
    PARTLY = "partly"  # 部分达成一致
    NOT_AGREED = "not_agreed"  # 未达成一致


class OutcomeText(Record):
    """All that an outcome says; its hash is that of this. 协商意见"""

    deliberation_id: Id
    result: OutcomeResult
    proposals: tuple[Id, ...] = ()
    """Those that were agreed on."""
    says: Wording
    caveat: Annotated[Wording, AfterValidator(_says_so)] = NO_DECISION
    satisfies_278: Literal[False] = False
    binding: Literal[False] = False
    """As a vote's result says of itself."""


class Support(Record):
    """How many were for a proposal: heads of talks, never a share of votes."""

    proposal_id: Id
    households: Annotated[int, Field(ge=0)]
    parties: Annotated[int, Field(ge=0)]


class Dissent(Record):
    """Somebody is against it; in which statement they said why, if they did. 不同意见"""

    voice: Voice
    statement_id: Id | None = None


class Promise(Record):
    """What a commitment says beside its words: of what kind it is, until when, on which proposal."""

    kind: MayCommit
    due: date
    """The last day, in the community's zone."""
    fen: Fen | None = None
    """Of money: how much."""
    proposal_id: Id | None = None


class CommitmentEvent(DeliberationEvent):
    """Of something that a party commits itself to. 承诺"""

    commitment_id: Id


class CommitmentOffered(CommitmentEvent):
    """Somebody with a mandate says that their party will do it."""

    TYPE: ClassVar[str] = "linli.commitment.offered.v1"

    said: Said
    speaker: Id
    mandate_id: Id
    promise: Promise


class CommitmentRefused(CommitmentEvent):
    """What a party promised by its own system or at its desk was not heard, as things stand: it binds nobody. It is
    kept, and is heard again when the office asks for it. The party is told why."""

    TYPE: ClassVar[str] = "linli.commitment.refused.v1"

    invitation_id: Id
    said: Said
    speaker: Id
    promise: Promise
    reason: Id
    """A word for programs."""
    why: Wording


class CommitmentAccepted(CommitmentEvent):
    """It is taken up: from here on it is owed. An action of the task force is assigned of it, with what stands here."""

    TYPE: ClassVar[str] = "linli.commitment.accepted.v1"

    owner: Slug
    """The party."""
    due: date
    words_digest: Digest
    """Of the wording, which is kept beside and which the action says."""
    mandate_id: Id
    taskforce_id: Id
    concerns: tuple[Concern, ...] = ()
    """What it was talked about for."""


class CommitmentDeclined(CommitmentEvent):
    """It is not what is wanted, and why."""

    TYPE: ClassVar[str] = "linli.commitment.declined.v1"
    WORDS = frozenset({"why"})
    STAFF_WORDS = WORDS

    why: Words


class CommitmentWithdrawn(CommitmentEvent):
    """The party takes it back before anybody has taken it up. 民法典 476"""

    TYPE: ClassVar[str] = "linli.commitment.withdrawn.v1"


class OutcomeDrafted(DeliberationEvent):
    """What it might come to lies open, so that whoever is against it can say so; also anew, with another text."""

    TYPE: ClassVar[str] = "linli.deliberation.outcome_drafted.v1"

    text: OutcomeText
    digest: Digest


class DissentRecorded(DeliberationEvent):
    """Somebody is against it, and is listed until they take that back, also where the text changes."""

    TYPE: ClassVar[str] = "linli.deliberation.dissent_recorded.v1"

    dissent: Dissent
    session_id: Id | None = None
    digest: Digest
    """Of the text that they read."""


class DissentWithdrawn(DeliberationEvent):
    TYPE: ClassVar[str] = "linli.deliberation.dissent_withdrawn.v1"

    voice: Voice
    session_id: Id | None = None


class DeliberationConcluded(DeliberationEvent):
    """What it came to, with all who are against it. Nobody speaks after that."""

    TYPE: ClassVar[str] = "linli.deliberation.concluded.v1"

    text: OutcomeText
    digest: Digest
    support: tuple[Support, ...]
    """Of every proposal that was made, also of those that were not agreed on."""
    dissent: tuple[Dissent, ...]


class DeliberationPublished(DeliberationEvent):
    """All can read it. Every commitment that was offered has its answer."""

    TYPE: ClassVar[str] = "linli.deliberation.published.v1"

    digest: Digest
