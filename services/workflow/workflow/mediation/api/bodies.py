"""What is asked of a mediation. What people say is kept as they say it: it goes nowhere."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field

from linli.contracts.base import Record, Slug
from linli.contracts.workflow.mediation import (
    CourtStep,
    NoAgreement,
    ParticipantId,
    Side,
    TextHash,
    WhyLeft,
)
from linli.text.fields import Line, Paragraphs

Name = Annotated[str, Line(80, 1)]
Said = Annotated[str, Paragraphs(8_000, 1)]
Participants = Annotated[list[ParticipantId], Field(max_length=40)]
DIGEST = "4a7d1ed414474e4033ac29ccb8653d9b" * 2


class MediatorAsked(Record):
    """Who is to mediate."""

    mediator: ParticipantId = Field(
        description="`party:<id>` of the tree, or a volunteer of the list", examples=["party:grid-1"]
    )


class MediatorLetGo(Record):
    """Who mediates no more, and why."""

    mediator: ParticipantId = Field(examples=["party:grid-1"])
    why: WhyLeft = Field(examples=["conflict_of_interest"])


class ConcernedAsked(Record):
    """Somebody whose dispute it is too."""

    side: Side = Field(examples=["respondent"])
    name: Name = Field(examples=["王女士"])
    party: Slug | None = Field(None, description="Where it is one of the community's organisations")


class SessionAsked(Record):
    """When and where they are to meet."""

    starts_at: AwareDatetime = Field(examples=["2026-12-01T19:00:00+08:00"])
    online: bool = False
    venue: Slug | None = Field(None, description="At which party's", examples=["grid-1"])
    where: Annotated[str, Line(300)] = Field("", description="The room or the link; for who takes part alone")


class SessionNamed(Record):
    """One of the sessions."""

    session: Annotated[int, Field(ge=1)] = Field(examples=[1])


class SessionRecorded(Record):
    """They have met."""

    session: Annotated[int, Field(ge=1)] | None = Field(None, description="None: nobody had called it", examples=[1])
    held_at: AwareDatetime | None = Field(None, description="None: now")
    came: Participants = Field(min_length=1, examples=[["party:grid-1", "reporter"]])


class StatementGiven(Record):
    """What somebody has to say."""

    text: Said = Field(examples=["夜里十一点以后请不要拖动家具。"])


class StatementRecorded(StatementGiven):
    """The same, written down for somebody."""

    whose: ParticipantId = Field(examples=["reporter"])


class AgreementText(Record):
    """What they agree."""

    text: Said = Field(examples=["晚十点至早七点不拖动家具；箱体加装软垫。"])
    visit_on: date | None = Field(None, description="The return visit; None: as the rules have it")


class Signature(Record):
    """One's own, for the text that one has read."""

    digest: TextHash = Field(examples=[DIGEST])
    sealed: bool = Field(False, description="Of a mediator: with the mediation committee's seal")


class PaperSignature(Signature):
    """The same, on paper, entered by staff; or, without a scan, that of who asks."""

    signer: ParticipantId = Field(examples=["reporter"])
    scan: TextHash | None = Field(None, description="SHA-256 of the scan's bytes", examples=[DIGEST])


class CourtStepKnown(Record):
    """What is known of the judicial confirmation."""

    step: CourtStep = Field(examples=["applied"])
    on: date = Field(examples=["2026-12-05"])
    asked: Participants = Field(default_factory=list, description="Who has asked the court, of an application")


class VisitMade(Record):
    """What the return visit found."""

    kept: bool = Field(strict=True, examples=[True])


class Unagreed(Record):
    """Why it goes up."""

    why: NoAgreement = Field(examples=["not_agreed"])
    note: Annotated[str, Paragraphs(2_000)] = Field("", description="In words, for who takes part and staff")


class VolunteerAsked(Record):
    """Somebody who is ready to mediate."""

    community: Slug = Field(examples=["fushan-road"])
    name: Name = Field(examples=["李老师"])
    party: Slug | None = Field(None, description="For whom they mediate")
