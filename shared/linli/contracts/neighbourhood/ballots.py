"""The ballot of one owner in one vote. Key: `vote~owner`, so two of them meet in one place, whatever way they came.

An event says that somebody voted, and how it came in; never what was chosen. `seal` is a hash over the choices and a
random number that is kept with them in the ballot box: a count checks each ballot against it, so nobody can change the
box unseen, and nobody can read a choice out of an event.
"""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field

from linli.contracts.base import Slug
from linli.contracts.neighbourhood.affairs import Affair, Digest, Id
from linli.contracts.neighbourhood.votes import BallotChannel


class Choice(StrEnum):
    """What an owner marks. No mark is no choice, and counts for nothing."""

    APPROVE = "approve"  # 同意
    OPPOSE = "oppose"  # 反对
    ABSTAIN = "abstain"  # 弃权


class Spoilt(StrEnum):
    """Why a ballot does not count."""

    UNSIGNED = "unsigned"
    UNREADABLE = "unreadable"
    FORGED = "forged"
    NOT_THE_OWNER = "not_the_owner"


class BallotEvent(Affair):
    """What is common to every event of an owner's ballot."""

    vote_id: Id
    owner: Id
    community: Slug
    neighbourhood: Slug

    @property
    def story(self) -> str:
        return ballot_key(self.vote_id, self.owner)

    @property
    def correlation(self) -> str:
        return self.vote_id


class BallotDelivered(BallotEvent):
    """The owner got a paper with a personal code. A further one makes the codes before it worthless."""

    TYPE: ClassVar[str] = "linli.ballot.delivered.v1"

    issue: Annotated[int, Field(ge=1)]


class BallotRecorded(BallotEvent):
    """The owner has voted."""

    TYPE: ClassVar[str] = "linli.ballot.recorded.v1"

    ballot_id: Id
    channel: BallotChannel
    received_at: AwareDatetime
    """When it came in: of a paper, when it went into the box."""
    seal: Digest
    agent: Id | None = None
    """Who voted for the owner."""
    scan: Digest | None = None
    """Of the paper."""


class BallotSpoiled(BallotEvent):
    """A teller has put it aside. While the vote is open, its owner may vote anew."""

    TYPE: ClassVar[str] = "linli.ballot.spoiled.v1"

    ballot_id: Id
    because: Spoilt
    second: Id
    """The other teller, who agrees."""


def ballot_key(vote_id: str, owner: str) -> str:
    return f"{vote_id}~{owner}"
