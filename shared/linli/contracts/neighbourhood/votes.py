"""Votes of the owners 业主共同决定: from preparation to publication, challenge and voiding. Key: the vote's id.

What each owner chose is in no event: a recorded ballot carries a seal (`ballots`), and the result carries sums.
"""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Affair, Digest, Id
from linli.contracts.neighbourhood.register import Area
from linli.contracts.neighbourhood.rules import MatterRule

Heads = Annotated[int, Field(ge=0)]


class VoteState(StrEnum):
    """Where a vote stands."""

    PREPARED = "prepared"
    NOTICED = "noticed"
    OPEN = "open"
    CLOSED = "closed"
    COUNTED = "counted"
    DECLARED = "declared"
    PUBLISHED = "published"
    VOIDED = "voided"


class BallotChannel(StrEnum):
    """How a ballot came in."""

    CODE = "code"  # a personal code, on our pages
    PAPER = "paper"
    PROXY = "proxy"  # a paper too, by who was authorised


class Effect(StrEnum):
    """What a result is worth. Until the office confirms our pages, a vote that uses them asks for intentions only."""

    DECISION = "decision"  # 共同决定
    CONSULTATION = "consultation"  # 意向征询


class Matter(Record):
    """One question that is put to the vote. `text_sha256` is of its whole text: one character makes another matter."""

    id: Id
    text_sha256: Digest
    rule: MatterRule
    """With the legal class that an officer recorded; kept as it was in force."""
    units: tuple[Id, ...] | None = None
    """Whom it concerns, where that is not everybody: a stairwell, or those whom it touches."""


class Weight(Record):
    """Owners, by both bases that count."""

    area: Area = 0
    heads: Heads = 0

    def __add__(self, other: "Weight") -> "Weight":
        return Weight(area=self.area + other.area, heads=self.heads + other.heads)


class MatterCount(Record):
    """What came of one matter."""

    matter: Id
    electorate: Weight
    took_part: Weight
    approve: Weight
    oppose: Weight
    abstain: Weight
    quorum: bool
    passed: bool


class VoteCount(Record):
    """What a count comes to: of each matter, and of the whole."""

    snapshot: Digest
    electorate: Weight
    turnout: Weight
    """Whose ballots are in the box, each once, whatever is marked on them."""
    by_channel: dict[BallotChannel, Weight]
    spoiled: Heads
    matters: tuple[MatterCount, ...]


class VoteEvent(Affair):
    """What is common to every event of a vote."""

    vote_id: Id
    community: Slug
    neighbourhood: Slug

    @property
    def story(self) -> str:
        return self.vote_id


class VotePrepared(VoteEvent):
    """What is to be asked, of whom and by which rules; also anew, when it was changed before it began."""

    TYPE: ClassVar[str] = "linli.vote.prepared.v1"

    snapshot_id: Id
    snapshot: Digest
    """Of the frozen register."""
    profile: Slug
    abstention_takes_part: bool
    principals_per_agent: Annotated[int, Field(ge=1)]
    proxy_in_writing: bool
    certified_by: Annotated[int, Field(ge=2)]
    """So many tellers have to find the same numbers."""
    matters: tuple[Matter, ...]
    channels: tuple[BallotChannel, ...]
    tellers: tuple[Id, ...]
    effect: Effect
    office_confirms: Digest | None = None
    """Of the office's letter that a ballot on our pages is a vote."""


class VoteNoticed(VoteEvent):
    """The owners are told, `at` then. `digest` is of all that was posted: its days count for that and nothing else."""

    TYPE: ClassVar[str] = "linli.vote.noticed.v1"

    digest: Digest
    opens_from: AwareDatetime
    """Before this it cannot open."""


class VoteOpened(VoteEvent):
    """Ballots are taken until it closes."""

    TYPE: ClassVar[str] = "linli.vote.opened.v1"

    closes_at: AwareDatetime


class ProxyLodged(VoteEvent):
    """An owner has somebody else vote, in writing."""

    TYPE: ClassVar[str] = "linli.proxy.lodged.v1"

    principal: Id
    agent: Id
    letter: Digest | None = None
    """Of the signed letter's scan."""


class ProxyRevoked(VoteEvent):
    """The owner votes in person again."""

    TYPE: ClassVar[str] = "linli.proxy.revoked.v1"

    principal: Id


class VoteClosed(VoteEvent):
    """No ballot is taken any more; papers that came before are still entered."""

    TYPE: ClassVar[str] = "linli.vote.closed.v1"


class CountCertified(VoteEvent):
    """One teller (`by`) has found these numbers. A second who finds the same makes it the count."""

    TYPE: ClassVar[str] = "linli.count.certified.v1"

    count: VoteCount


class ResultDeclared(VoteEvent):
    """What was decided: enough for whoever acts on it to know the class, the text by its hash, and what it is worth."""

    TYPE: ClassVar[str] = "linli.result.declared.v1"

    matters: tuple[Matter, ...]
    count: VoteCount
    effect: Effect
    post_by: AwareDatetime
    """It is to be posted before this."""


class ResultPublished(VoteEvent):
    """It hangs where everybody can read it."""

    TYPE: ClassVar[str] = "linli.result.published.v1"

    late: bool
    challenge_until: AwareDatetime
    """By then a court may be asked; from when an owner knew, so somebody away may have longer."""
