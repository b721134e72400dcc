"""Deliberations 议事协商: a question is talked over, in a room and online, in one record. Key: the deliberation.

What people said is in no event: it is kept beside, where it can be forgotten, and its hash is here. Which parties were
invited is in `deliberations_parties`; what came of it, and to what they committed themselves, in
`deliberations_settled`.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field

from linli.contracts.base import Record
from linli.contracts.neighbourhood.affairs import Digest, Id, Wording
from linli.contracts.neighbourhood.placed import PlacedAffair, Title


class ConcernKind(StrEnum):
    """What may be talked over."""

    DEMAND = "demand"
    PLAN_ITEM = "plan_item"
    """Its id is `plan~item`: no item has a `~` in its own."""
    OBJECTION = "objection"
    CASE = "case"


class Concern(Record):
    """One thing that the question is about."""

    kind: ConcernKind
    id: Id


class VoiceKind(StrEnum):
    """For whom somebody speaks."""

    HOUSEHOLD = "household"  # 住户
    PARTY = "party"  # 单位


class Voice(Record):
    """A household or a party; however many of its people speak, it is one."""

    kind: VoiceKind
    id: Id

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}"


class Attendee(Record):
    """Who was there, and by whom a party was spoken for."""

    voice: Voice
    person: Id | None = None
    """Of a party: who. Of a household nobody is told apart."""


class Said(Record):
    """Who said something, and where. What they said is known here by its hash."""

    voice: Voice
    session_id: Id | None = None
    """In which room; None online. What was said in a room is entered by `by`."""
    words_digest: Digest


class DeliberationEvent(PlacedAffair):
    """What is common to every event of a deliberation."""

    deliberation_id: Id

    @property
    def story(self) -> str:
        return self.deliberation_id


class DeliberationConvened(DeliberationEvent):
    """On which question, and for which days. 召集"""

    TYPE: ClassVar[str] = "linli.deliberation.convened.v1"

    question: Wording
    concerns: Annotated[tuple[Concern, ...], Field(max_length=200)] = ()
    taskforce_id: Id | None = None
    """Whose actions its commitments become."""
    first_day: date
    last_day: date
    """Everybody is heard at least until it is over."""


class DeliberationOpened(DeliberationEvent):
    """Everybody may speak."""

    TYPE: ClassVar[str] = "linli.deliberation.opened.v1"


class DeliberationSessionHeld(DeliberationEvent):
    """They met in a room: who was there. `by` has entered it. 现场会"""

    TYPE: ClassVar[str] = "linli.deliberation.session_held.v1"
    WORDS = frozenset({"place"})
    STAFF_WORDS = WORDS

    session_id: Id
    held_at: AwareDatetime
    place: Title
    present: Annotated[tuple[Attendee, ...], Field(min_length=1, max_length=500)]


class StatementMade(DeliberationEvent):
    """Somebody said something. 发言"""

    TYPE: ClassVar[str] = "linli.deliberation.statement_made.v1"

    statement_id: Id
    said: Said
    on: Id | None = None
    """The proposal that it is about."""


class ProposalMade(DeliberationEvent):
    """Somebody says what should be done. 提案"""

    TYPE: ClassVar[str] = "linli.deliberation.proposal_made.v1"

    proposal_id: Id
    said: Said


class ProposalSupported(DeliberationEvent):
    """A household or a party is for it, once. It is no ballot and counts no area. 附议"""

    TYPE: ClassVar[str] = "linli.deliberation.proposal_supported.v1"

    proposal_id: Id
    voice: Voice
    session_id: Id | None = None


class SupportWithdrawn(DeliberationEvent):
    """It is so no longer."""

    TYPE: ClassVar[str] = "linli.deliberation.support_withdrawn.v1"

    proposal_id: Id
    voice: Voice
    session_id: Id | None = None
