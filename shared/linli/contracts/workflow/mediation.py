"""Mediation of a dispute. Topic `linli.mediations`, key: the mediation, in order of `sequence`.

What people said, what they agreed and who they are is in none of these events: those concerned and the mediators are
opaque ids, a text is its hash. What becomes of the case stands in the case's own story.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field, StringConstraints

from linli.contracts.base import Event, Slug
from linli.contracts.topics import Topic

MEDIATIONS = Topic(name="mediations", key="mediation's id")
"""How each mediation goes."""

ParticipantId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._:-]{0,99}$")]
"""Somebody who takes part; nobody can be read in it. `party:<id>` is a party of the tree, `reporter` the case's."""
TextHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 of a text in UTF-8 or of a scan's bytes, in hex."""
MediationId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
"""The case's id with `.mediation` behind it: each case has one."""
StatementId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Counted = Annotated[int, Field(ge=0)]
Number = Annotated[int, Field(ge=1)]


class MediationState(StrEnum):
    """Where a mediation stands."""

    OPEN = "open"  # 调解中
    DRAFTED = "drafted"  # 协议待签
    IN_EFFECT = "in_effect"  # 协议生效
    KEPT = "kept"  # 已履行
    BROKEN = "broken"  # 未履行
    ESCALATED = "escalated"  # 调解不成，报上级


class Side(StrEnum):
    """On which side somebody is concerned."""

    APPLICANT = "applicant"  # 申请人
    RESPONDENT = "respondent"  # 被申请人
    THIRD_PARTY = "third_party"  # 第三人


class WhyLeft(StrEnum):
    """Why a mediator does not mediate, or not any more."""

    REFUSED = "refused"
    CONFLICT_OF_INTEREST = "conflict_of_interest"  # 回避
    CHALLENGED = "challenged"  # 当事人要求更换
    UNAVAILABLE = "unavailable"


class SigningWay(StrEnum):
    """How an agreement was signed."""

    ONLINE = "online"
    PAPER = "paper"


class CourtStep(StrEnum):
    """What is known of the judicial confirmation. 司法确认"""

    APPLIED = "applied"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class NoAgreement(StrEnum):
    """Why it goes up."""

    DECLINED = "declined"  # 一方不愿调解
    NOT_AGREED = "not_agreed"  # 达不成协议
    BROKEN = "broken"  # 协议未履行


class WhyEnded(StrEnum):
    """Why people need not talk any more."""

    WITHDRAWN = "withdrawn"  # 当事人撤回


class MediationEvent(Event):
    """What is common to all; `state` is that after the event."""

    SOURCE = "linli/workflow"
    TOPIC = MEDIATIONS

    mediation_id: MediationId
    case_id: str
    community: Slug
    state: MediationState
    by: str
    """Who did it: a party id, `operator`, `concerned`, `mediator`, or `linli` for a rule."""
    parties: tuple[Slug, ...] = ()
    """The community's organisations that take part: those concerned, and those for whom somebody mediates."""

    @property
    def story(self) -> str:
        return self.mediation_id


class MediationOpened(MediationEvent):
    """A dispute is taken to mediation; its reporter is the applicant."""

    TYPE: ClassVar[str] = "linli.mediation.opened.v1"

    category: Slug | None = None
    neighbourhood: Slug | None = None


class MediatorAppointed(MediationEvent):
    """Somebody is to mediate: a party of the tree, or a volunteer."""

    TYPE: ClassVar[str] = "linli.mediation.mediator_appointed.v1"

    mediator: ParticipantId
    party: Slug | None = None
    """For whom they stand; None for a volunteer."""


class MediatorLeft(MediationEvent):
    """A mediator does not mediate here any more."""

    TYPE: ClassVar[str] = "linli.mediation.mediator_left.v1"

    mediator: ParticipantId
    why: WhyLeft


class ConcernedNamed(MediationEvent):
    """One more is concerned."""

    TYPE: ClassVar[str] = "linli.mediation.concerned_named.v1"

    concerned: ParticipantId
    side: Side
    party: Slug | None = None
    """Which organisation it is, where it is one of the community's."""


class SessionCalled(MediationEvent):
    """Those concerned are asked to meet."""

    TYPE: ClassVar[str] = "linli.mediation.session_called.v1"

    session: Number
    starts_at: AwareDatetime
    online: bool
    venue: Slug | None = None
    """At which party's. Anything more exact is for those who take part."""


class SessionCancelled(MediationEvent):
    """It does not take place."""

    TYPE: ClassVar[str] = "linli.mediation.session_cancelled.v1"

    session: Number


class SessionHeld(MediationEvent):
    """They have met."""

    TYPE: ClassVar[str] = "linli.mediation.session_held.v1"

    session: Number
    held_at: AwareDatetime
    came: Counted
    """How many of those concerned."""
    concerned: Counted


class StatementKept(MediationEvent):
    """Somebody has said what they have to say. What it is stays among those who take part."""

    TYPE: ClassVar[str] = "linli.mediation.statement_kept.v1"

    statement: StatementId
    whose: ParticipantId


class AgreementDrafted(MediationEvent):
    """There is a text to sign; one that there was before counts no more."""

    TYPE: ClassVar[str] = "linli.mediation.agreement_drafted.v1"

    number: Number
    digest: TextHash
    visit_on: date


class AgreementSigned(MediationEvent):
    """Somebody has signed that very text."""

    TYPE: ClassVar[str] = "linli.mediation.agreement_signed.v1"

    number: Number
    digest: TextHash
    signer: ParticipantId
    way: SigningWay
    scan: TextHash | None = None


class AgreementInEffect(MediationEvent):
    """All who are concerned and a mediator have signed."""

    TYPE: ClassVar[str] = "linli.mediation.agreement_took_effect.v1"

    number: Number
    digest: TextHash
    effective_on: date
    confirm_until: date
    """The last day on which they can ask the court together to confirm it."""
    visit_on: date


class CourtStepNoted(MediationEvent):
    """What is known of the judicial confirmation."""

    TYPE: ClassVar[str] = "linli.mediation.court_step_noted.v1"

    number: Number
    step: CourtStep
    on: date


class ReturnVisitDue(MediationEvent):
    """It is time to see whether the agreement is kept."""

    TYPE: ClassVar[str] = "linli.mediation.visit_fell_due.v1"

    number: Number


class AgreementKept(MediationEvent):
    """The return visit found it kept."""

    TYPE: ClassVar[str] = "linli.mediation.agreement_kept.v1"

    number: Number


class AgreementBroken(MediationEvent):
    """It is not kept."""

    TYPE: ClassVar[str] = "linli.mediation.agreement_broken.v1"

    number: Number


class MediationEscalated(MediationEvent):
    """There is no agreement, or it is not kept: the node above the case's party decides what becomes of it."""

    TYPE: ClassVar[str] = "linli.mediation.escalated.v1"

    why: NoAgreement


class MediationEnded(MediationEvent):
    """People need not talk any more, for this reason; `state` is how far they had come. Nothing follows it."""

    TYPE: ClassVar[str] = "linli.mediation.ended.v1"

    why: WhyEnded
    neighbourhood: Slug | None = None
    parties: tuple[Slug, ...] = ()
    """For whom those stand who mediated: they are told."""
