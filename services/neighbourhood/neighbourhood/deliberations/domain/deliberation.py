"""A deliberation: who takes part, who may commit whom, what was proposed, and what it comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from pydantic import TypeAdapter

from linli.contracts.neighbourhood.affairs import Wording
from linli.contracts.neighbourhood.deliberations import Concern, Voice, VoiceKind
from linli.contracts.neighbourhood.deliberations_parties import Mandate
from linli.contracts.neighbourhood.deliberations_settled import Dissent, OutcomeText, Promise
from linli.contracts.neighbourhood.placed import Words
from neighbourhood.digests import digest_of_text

_WORDS: TypeAdapter[str] = TypeAdapter(Words)


class DeliberationState(StrEnum):
    """Where a deliberation stands."""

    CONVENED = "convened"
    OPEN = "open"
    CONCLUDED = "concluded"
    PUBLISHED = "published"


class CommitmentState(StrEnum):
    """Where a commitment stands. What is owed afterwards is the task force's to say."""

    OFFERED = "offered"
    REFUSED = "refused"
    """It came by the case of the invitation and was not in order: it binds nobody, and may be heard again."""
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Invitation:
    """`comes` is None until the party has answered."""

    id: str
    party: str
    comes: bool | None = None


@dataclass(frozen=True, slots=True)
class Granted:
    """A mandate, of which party, and whether it still commits it."""

    of: str
    mandate: Mandate
    revoked: bool = False

    def commits(self, party: str, speaker: str, promise: Promise, day: date) -> bool:
        """Whether by this the speaker may promise that for the party on that day."""
        said = self.mandate
        within = said.most is None or (promise.fen or 0) <= said.most
        may = promise.kind in said.may and within and day <= said.until
        return (self.of, said.speaker) == (party, speaker) and may and not self.revoked


@dataclass(frozen=True, slots=True)
class Commitment:
    """What a party has offered, by which mandate; what was refused has none."""

    party: str
    mandate_id: str | None
    words: str
    promise: Promise
    state: CommitmentState = CommitmentState.OFFERED
    speaker: str | None = None
    """Of one that was refused: who has said it, for when it is heard again."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of an outcome as it lies open."""

    text: OutcomeText
    digest: str
    drafted_at: datetime


@dataclass(frozen=True, slots=True)
class Deliberation:
    """`version` is the number of events in its history."""

    id: str
    community: str
    neighbourhood: str
    question: Wording
    concerns: tuple[Concern, ...]
    taskforce_id: str | None
    first_day: date
    last_day: date
    state: DeliberationState = DeliberationState.CONVENED
    invitations: Mapping[str, Invitation] = field(default_factory=dict)
    """By id; of a party the newest counts."""
    mandates: Mapping[str, Granted] = field(default_factory=dict)
    sessions: Mapping[str, frozenset[tuple[Voice, str | None]]] = field(default_factory=dict)
    """Who was in each room, and by whom a party was spoken for."""
    statements: Mapping[str, Voice] = field(default_factory=dict)
    proposals: Mapping[str, frozenset[Voice]] = field(default_factory=dict)
    """Who is for each, in the order in which they were made."""
    proposed_by: Mapping[str, Voice] = field(default_factory=dict)
    """Who made it; of those made before this was kept, nobody."""
    commitments: Mapping[str, Commitment] = field(default_factory=dict)
    draft: Draft | None = None
    dissent: Mapping[str, Dissent] = field(default_factory=dict)
    """By the key of their voice, those who are against it."""
    version: int = 0

    def invitation_of(self, party: str) -> Invitation | None:
        return next((each for each in reversed([*self.invitations.values()]) if each.party == party), None)

    def takes_part(self, voice: Voice) -> bool:
        """Every household does; a party once it has said that it comes."""
        if voice.kind is VoiceKind.HOUSEHOLD:
            return True
        invitation = self.invitation_of(voice.id)
        return invitation is not None and invitation.comes is True

    def promised_by(self, party: str, *, bound: bool) -> int:
        """How many of its promises a mandate covered, or never did: those were refused."""
        theirs = (each for each in self.commitments.values() if each.party == party)
        return sum((each.mandate_id is not None) is bound for each in theirs)

    def was_there(self, session_id: str, voice: Voice, person: str | None = None) -> bool:
        """Whether a voice was in that room; of a person, whether that one spoke for it."""
        present = self.sessions.get(session_id, frozenset())
        return (voice, person) in present if person is not None else any(each == voice for each, _ in present)

    def mandate_for(self, party: str, speaker: str, promise: Promise, day: date) -> str | None:
        """The id of a mandate by which the speaker may promise that for the party on that day."""
        return next((id for id, each in self.mandates.items() if each.commits(party, speaker, promise, day)), None)


def as_kept(words: str) -> str:
    """What somebody said, as it is kept beside the events. Raises `pydantic.ValidationError`."""
    return _WORDS.validate_python(words)


def digest_of_words(words: str) -> str:
    """SHA-256, in hex, of what somebody said as it is kept."""
    return digest_of_text(as_kept(words))
