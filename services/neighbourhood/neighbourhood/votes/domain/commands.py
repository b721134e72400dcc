"""What may be done with a vote. Texts come in whole and are kept beside; a vote keeps their hashes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from linli.contracts.neighbourhood.rules import LegalClass
from linli.contracts.neighbourhood.votes import BallotChannel, VoteCount
from linli.contracts.neighbourhood.votes_disputed import Ground


@dataclass(frozen=True, slots=True)
class MatterWanted:
    """A question, with the legal class that an officer has recorded for it."""

    id: str
    text: str
    legal_class: LegalClass
    stairwells: frozenset[str] = frozenset()
    """Of a matter that stairwells decide."""
    units: frozenset[str] = frozenset()
    """Of a matter that those decide whom it touches."""


@dataclass(frozen=True, slots=True)
class PrepareVote:
    """Also changes what was prepared, before it opens: its notice then begins anew."""

    by: str
    matters: tuple[MatterWanted, ...]
    channels: frozenset[BallotChannel]
    tellers: frozenset[str]
    office_confirms: str | None = None
    """SHA-256 of the office's letter that a ballot on our pages is a vote."""


@dataclass(frozen=True, slots=True)
class PostNotice:
    by: str


@dataclass(frozen=True, slots=True)
class OpenVote:
    """`texts` are the matters' texts as the pages have them now, by id."""

    by: str
    closes_at: datetime
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LodgeProxy:
    by: str
    principal: str
    agent: str
    letter: str | None = None
    """SHA-256 of the signed letter's scan."""
    principal_voted: bool = False


@dataclass(frozen=True, slots=True)
class RevokeProxy:
    by: str
    principal: str
    principal_voted: bool = False


@dataclass(frozen=True, slots=True)
class CloseVote:
    by: str


@dataclass(frozen=True, slots=True)
class CertifyCount:
    """`count` is what the teller has found, `recounted` what the machine finds in the box now."""

    by: str
    count: VoteCount
    recounted: VoteCount


@dataclass(frozen=True, slots=True)
class DeclareResult:
    by: str


@dataclass(frozen=True, slots=True)
class PublishResult:
    by: str


@dataclass(frozen=True, slots=True)
class FileChallenge:
    by: str
    challenge_id: str
    owner: str
    ground: Ground
    document: str


@dataclass(frozen=True, slots=True)
class SettleChallenge:
    by: str
    challenge_id: str
    upheld: bool
    document: str
    judgment: bool = False
    """The document is a court's judgment that has become final."""


@dataclass(frozen=True, slots=True)
class VoidVote:
    """The office itself stops it, before a result is declared."""

    by: str
    ground: Ground
    document: str


VoteCommand: TypeAlias = (
    PrepareVote
    | PostNotice
    | OpenVote
    | LodgeProxy
    | RevokeProxy
    | CloseVote
    | CertifyCount
    | DeclareResult
    | PublishResult
    | FileChallenge
    | SettleChallenge
    | VoidVote
)
