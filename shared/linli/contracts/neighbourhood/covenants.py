"""Covenants 公约: drafted, commented on, reviewed, adopted by a vote, filed, in force, superseded. Key: the covenant.

What a household wrote in a comment is in no event: its digest is. A signature binds the digest of one text, and an
adoption is a vote's: a signature never stands for it.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Digest, Id
from linli.contracts.neighbourhood.placed import FilingNumber, PlacedAffair, Title, Words
from linli.contracts.neighbourhood.rules import Citation, Share
from linli.text.fields import Paragraphs

CovenantText = Annotated[str, Paragraphs(50_000, 1)]
"""What is adopted and signed, as it is kept: it is for everybody, and nothing in it is masked."""
Number = Annotated[int, Field(ge=1)]
"""Of a version, from 1."""


class Track(StrEnum):
    """Which kind it is, and so who adopts it."""

    RESIDENTS = "residents"  # 居民公约
    OWNERS = "owners"  # 管理规约
    FACILITY = "facility"  # 设施公约，如《电动车棚建设和管理公约》


class Adopter(StrEnum):
    """Whose vote adopts it."""

    RESIDENTS = "residents"  # 居民会议
    OWNERS = "owners"  # 业主大会（业主共同决定）


class HeldAssembly(Record):
    """A residents' assembly as an office has recorded it, and the rule by which it was counted."""

    held_on: date
    listed: Annotated[int, Field(ge=1)]
    """Households that could come."""
    present: Annotated[int, Field(ge=0)]
    attendance: Digest
    """Of who was listed and who was there, which the office keeps."""
    yes: Annotated[int, Field(ge=0)]
    no: Annotated[int, Field(ge=0)]
    minutes: Digest
    """Of the scan of the signed minutes."""
    quorum: Share
    approval: Share
    """Of those present."""
    citation: Citation
    """Its `read` says whether the law itself was read."""


class CovenantEvent(PlacedAffair):
    """What is common to every event of a covenant."""

    covenant_id: Id

    @property
    def story(self) -> str:
        return self.covenant_id


class VersionEvent(CovenantEvent):
    """Of one version, by its number and the digest of its text."""

    number: Number
    digest: Digest


class CovenantDrafted(VersionEvent):
    """A new version, or a new text of the one that is being worked on."""

    TYPE: ClassVar[str] = "linli.covenant.drafted.v1"
    WORDS = frozenset({"title", "text"})
    STAFF_WORDS = WORDS

    track: Track
    title: Title
    text: CovenantText
    template: Slug | None = None
    """What it was begun from."""


class CommentsOpened(VersionEvent):
    """Everybody may say something, up to and with that day. 征求意见"""

    TYPE: ClassVar[str] = "linli.covenant.comments_opened.v1"

    until: date


class CovenantCommented(VersionEvent):
    """A household has said something of the text that it read."""

    TYPE: ClassVar[str] = "linli.covenant.commented.v1"

    comment_id: Id
    household: Id
    words_digest: Digest
    """Of what it wrote, which is kept apart."""


class CommentAnswered(CovenantEvent):
    """What became of a comment."""

    TYPE: ClassVar[str] = "linli.covenant.comment_answered.v1"
    WORDS = frozenset({"answer"})
    STAFF_WORDS = WORDS

    comment_id: Id
    taken: bool
    answer: Words


class CovenantReviewed(VersionEvent):
    """This text may be voted on. 审核通过"""

    TYPE: ClassVar[str] = "linli.covenant.reviewed.v1"
    WORDS = frozenset({"no_fines"})
    STAFF_WORDS = WORDS

    no_fines: Words | None = None
    """Why a word in it that sounds like a fine is none."""


class CovenantReturned(VersionEvent):
    """This text may not be voted on, and why."""

    TYPE: ClassVar[str] = "linli.covenant.returned.v1"
    WORDS = frozenset({"why"})
    STAFF_WORDS = WORDS

    why: Words


class CovenantAdopted(VersionEvent):
    """A vote's result adopts this text."""

    TYPE: ClassVar[str] = "linli.covenant.adopted.v1"

    adopter: Adopter
    vote_id: Id
    matter_id: Id
    adopted_on: date
    """The community's day on which the result was declared."""
    assembly: HeldAssembly | None = None
    """Where an assembly has decided; `vote_id` and `matter_id` are then its own."""


class CovenantVotedDown(VersionEvent):
    """A vote's result does not."""

    TYPE: ClassVar[str] = "linli.covenant.voted_down.v1"

    vote_id: Id
    matter_id: Id
    assembly: HeldAssembly | None = None


class AdoptionUndone(VersionEvent):
    """The vote that had adopted it is void: this text is no longer in force, and may be put to a vote again."""

    TYPE: ClassVar[str] = "linli.covenant.adoption_undone.v1"

    vote_id: Id


class CovenantFiled(VersionEvent):
    """The authority has it. 备案"""

    TYPE: ClassVar[str] = "linli.covenant.filed.v1"

    filing: FilingNumber
    """The number that it has there."""
    on: date
    late_by: Annotated[int, Field(ge=0)] | None = None
    """Days after the last day, 0 in time; None where no rule sets one."""


class CovenantPutInForce(VersionEvent):
    """It holds from that day on, and what held before is superseded then."""

    TYPE: ClassVar[str] = "linli.covenant.put_in_force.v1"

    from_day: date
    supersedes: Number | None = None
