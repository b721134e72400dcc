"""What may be done with a vote. Texts come in whole and are kept beside; a vote keeps their hashes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, TypeAlias

from pydantic import AwareDatetime, Field

from linli.contracts.neighbourhood.affairs import Digest, Id
from linli.contracts.neighbourhood.rules import LegalClass
from linli.contracts.neighbourhood.votes import BallotChannel, VoteCount
from linli.contracts.neighbourhood.votes_disputed import Ground
from linli.text.fields import Paragraphs

TEXT_AT_MOST = 8_000
"""Characters of one matter."""
MATTERS_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class MatterWanted:
    """A question, with the legal class that an officer has recorded for it."""

    id: Id
    text: Annotated[str, Paragraphs(TEXT_AT_MOST, 1)]
    legal_class: LegalClass
    stairwells: Annotated[frozenset[Id], Field(max_length=500)] = frozenset()
    """Of a matter that stairwells decide."""
    units: Annotated[frozenset[Id], Field(max_length=5_000)] = frozenset()
    """Of a matter that those decide whom it touches."""


@dataclass(frozen=True, slots=True)
class PrepareVote:
    """Also changes what was prepared, before it opens: its notice then begins anew."""

    by: Id
    snapshot: Id
    """The frozen register that it is held by."""
    matters: Annotated[tuple[MatterWanted, ...], Field(max_length=MATTERS_AT_MOST)]
    channels: Annotated[frozenset[BallotChannel], Field(max_length=3)]
    tellers: Annotated[frozenset[Id], Field(max_length=20)]
    office_confirms: Digest | None = None
    """SHA-256 of the office's letter that a ballot on our pages is a vote."""


@dataclass(frozen=True, slots=True)
class PostNotice:
    by: Id


@dataclass(frozen=True, slots=True)
class OpenVote:
    """`texts` are the matters' texts as the pages have them now, by id."""

    by: Id
    closes_at: AwareDatetime
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LodgeProxy:
    by: Id
    principal: Id
    agent: Id
    letter: Digest | None = None
    """SHA-256 of the signed letter's scan."""
    principal_voted: bool = False


@dataclass(frozen=True, slots=True)
class RevokeProxy:
    by: Id
    principal: Id
    principal_voted: bool = False


@dataclass(frozen=True, slots=True)
class CloseVote:
    by: Id


@dataclass(frozen=True, slots=True)
class CertifyCount:
    """`count` is what the teller has found, `recounted` what the machine finds in the box now."""

    by: Id
    count: VoteCount
    recounted: VoteCount


@dataclass(frozen=True, slots=True)
class DeclareResult:
    by: Id


@dataclass(frozen=True, slots=True)
class PublishResult:
    by: Id


@dataclass(frozen=True, slots=True)
class FileChallenge:
    by: Id
    challenge_id: Id
    owner: Id
    ground: Ground
    document: Digest
    """SHA-256 of the paper that says so."""


@dataclass(frozen=True, slots=True)
class SettleChallenge:
    by: Id
    challenge_id: Id
    upheld: bool
    document: Digest
    """SHA-256 of the paper that says so."""
    judgment: bool = False
    """The document is a court's judgment that has become final."""


@dataclass(frozen=True, slots=True)
class VoidVote:
    """The office itself stops it, before a result is declared."""

    by: Id
    ground: Ground
    document: Digest
    """SHA-256 of the paper that says so."""


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
