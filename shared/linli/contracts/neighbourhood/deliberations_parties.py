"""Who is invited to a deliberation as a party, and who may commit it. Key: the deliberation.

An invitation reaches a party as an order of a case, and its answer comes back as that case's steps.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Digest, Id
from linli.contracts.neighbourhood.deliberations import DeliberationEvent
from linli.contracts.neighbourhood.placed import Title, Words
from linli.contracts.neighbourhood.plan_text import Fen


class MayCommit(StrEnum):
    """To what a mandate lets somebody commit the party."""

    WORKS = "works"  # 施工、迁改
    MONEY = "money"  # 出资
    SERVICE = "service"  # 服务、维护
    PERMIT = "permit"  # 许可、手续
    ANSWER = "answer"  # 书面答复


class Mandate(Record):
    """Who speaks for a party, what they may commit it to, and until when. 授权

    Where `speaker` is the party's own id, what its system says of the invitation's order is as good as said by somebody
    who may.
    """

    speaker: Id
    may: Annotated[tuple[MayCommit, ...], Field(min_length=1, max_length=20)]
    most: Fen | None = None
    """For so much in one commitment; None: the letter sets no limit."""
    until: date
    """The last day."""


class PartyInvited(DeliberationEvent):
    """A party is asked to take part. Workflow opens a case for it, of which the party has an order. 邀请"""

    TYPE: ClassVar[str] = "linli.deliberation.party_invited.v1"
    WORDS = frozenset({"title", "asks"})
    STAFF_WORDS = WORDS

    invitation_id: Id
    """Also the id of the case."""
    invited: Slug
    title: Title
    asks: Words
    """What is wanted of this party."""
    answer_by: AwareDatetime
    talks_until: date
    """The order stands as long."""


class InvitationAnswered(DeliberationEvent):
    """The party comes, or it does not. 回复"""

    TYPE: ClassVar[str] = "linli.deliberation.party_answered.v1"

    invitation_id: Id
    invited: Slug
    comes: bool
    words_digest: Digest | None = None
    """What it said to that."""


class MandateGranted(DeliberationEvent):
    """Somebody may commit a party."""

    TYPE: ClassVar[str] = "linli.deliberation.mandate_granted.v1"

    mandate_id: Id
    of: Slug
    """The party."""
    mandate: Mandate
    letter: Digest | None = None
    """Of the scan, where somebody else than the party has entered it. 授权书"""


class MandateRevoked(DeliberationEvent):
    """Nobody is committed by that any more; what was said until now stands."""

    TYPE: ClassVar[str] = "linli.deliberation.mandate_revoked.v1"

    mandate_id: Id
