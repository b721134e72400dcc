"""What households answer to a round 征集答卷. Key: response id, one for a round and a household.

A household is an opaque id. What people wrote has telephone, identity and e-mail patterns masked before it comes here,
and `linli.response.erased.v1` takes it out of the whole story.
"""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from linli.contracts.base import Record, Scope, Slug
from linli.contracts.neighbourhood.affairs import Affair, Digest, Id


class ResponseChannel(StrEnum):
    """How an answer came."""

    ONLINE = "online"
    """By the code of the household's letter."""
    PAPER = "paper"
    """On a sheet, entered by a member of staff."""


class GivenAnswer(Record):
    """What a household says to one question."""

    WORDS = frozenset({"text", "place"})

    question: Slug
    chosen: tuple[Slug, ...] = ()
    """Options; of a ranking the best first."""
    value: int | None = None
    """Of a scale."""
    text: Annotated[str, Field(max_length=4000)] = ""
    place: Annotated[str, Field(max_length=200)] = ""
    """Where it is, in words."""
    photos: tuple[Digest, ...] = ()
    consent: bool = False
    """What is written may become a demand of its own, with the household as who made it."""


class ResponseEvent(Affair):
    """What is common to every event of a household's answer."""

    response_id: Id
    round_id: Id
    household: Id

    @property
    def story(self) -> str:
        return self.response_id


class ResponseInvited(ResponseEvent):
    """A letter with a code was printed for a household. A later one makes the code of the one before worthless."""

    TYPE: ClassVar[str] = "linli.response.invited.v1"

    community: Slug
    neighbourhood: Slug
    building: Slug
    code_hash: Digest
    """SHA-256 of the code; the code itself is in the letter alone, and too long to guess."""


class ResponseRecorded(ResponseEvent):
    """A household has answered. One opinion a household 一户一票意见."""

    TYPE: ClassVar[str] = "linli.response.recorded.v1"
    WORDS = frozenset({"answers"})

    channel: ResponseChannel
    digest: Digest
    """Of what was asked."""
    answers: tuple[GivenAnswer, ...]
    scan: Digest | None = None
    """Of paper: of the picture of the sheet. `by` is who entered it."""


class ResponseWithdrawn(ResponseEvent):
    """The household takes it back; it may answer anew while the round is open."""

    TYPE: ClassVar[str] = "linli.response.withdrawn.v1"

    scan: Digest | None = None
    """Of what the household signed, where it was not taken back by its code."""


class ResponseChecked(ResponseEvent):
    """A second person has read the sheet again."""

    TYPE: ClassVar[str] = "linli.response.checked.v1"

    differs: tuple[Slug, ...] = ()
    """The questions to which something else is on the sheet than was entered."""


class ResponseCorrected(ResponseEvent):
    """It stands as the sheet has it now."""

    TYPE: ClassVar[str] = "linli.response.corrected.v1"
    WORDS = frozenset({"answers"})

    answers: tuple[GivenAnswer, ...]


class ResponseDemandRaised(ResponseEvent):
    """What was written to a question has become a demand, with the household's consent."""

    TYPE: ClassVar[str] = "linli.response.raised.v1"

    question: Slug
    demand: Id
    """The submission's id."""


class ResponseErased(ResponseEvent):
    """What the household wrote is to be forgotten; what it chose stays in the count. It does not answer again."""

    TYPE: ClassVar[str] = "linli.response.erased.v1"
    FORGETS = Scope.PERSON
