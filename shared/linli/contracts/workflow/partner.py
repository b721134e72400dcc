"""Partners, what they say of their orders, and what becomes of it. Topics `linli.partners` and `linli.receipts`.

Updates are not events of ours: a partner's own system writes them. What each came to is.
"""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from linli.contracts.base import Event, Record, Slug
from linli.contracts.neighbourhood.deliberations_settled import Promise
from linli.contracts.topics import Topic
from linli.contracts.workflow.case import CaseState
from linli.text.fields import Impersonal, Line, Paragraphs
from linli.web.localized import Localized
from linli.web.rfc3339 import Moment

RECEIPTS = Topic(name="receipts", key="partner")
"""What became of each partner's updates."""
PARTNERS = Topic(name="partners", key="partner")
"""Which parties take part with a system of their own, by which ways, and whether they do now."""


class Way(StrEnum):
    """How a partner's system takes part."""

    KAFKA = "kafka"
    """Topics of its own."""
    WEBHOOK = "webhook"
    """Its events are posted to it."""
    PULL = "pull"
    """It fetches its events."""
    OPEN311 = "open311"
    """It speaks GeoReport v2."""


class Standing(StrEnum):
    """Whether a partner takes part."""

    ACTIVE = "active"
    PAUSED = "paused"
    """Nothing is sent and nothing is taken, until it goes on where it was."""
    REVOKED = "revoked"


class PartnerChanged(Event):
    """A partner came, changed or went; how it stands since then."""

    TYPE: ClassVar[str] = "linli.partner.changed.v1"
    SOURCE = "linli/workflow"
    TOPIC = PARTNERS

    community: Slug
    party: Slug
    standing: Standing
    ways: tuple[Way, ...]
    has_topics: bool
    """Whether there are topics of its own to write to."""

    @property
    def story(self) -> str:
        return f"partner:{self.community}/{self.party}"  # its receipts are another story


UpdateId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$")]
"""The partner's own name for an update, by which a repetition is known."""

PhotoId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class Did(StrEnum):
    """What a partner says of an order."""

    ACCEPTED = "accepted"
    """It takes it on. 接单"""
    REJECTED = "rejected"
    """It does not take it on, and says why. 拒单"""
    EN_ROUTE = "en_route"
    """Somebody is on the way. 出发"""
    PROGRESSED = "progressed"
    DONE = "done"
    """It is done, and this is the answer to the reporter. 完工"""
    RETURNED = "returned"
    """It was taken on and turns out not to be theirs. 退单"""


NEED_WORDS = frozenset({Did.REJECTED, Did.DONE, Did.RETURNED})
PROMISES = frozenset({Did.PROGRESSED, Did.DONE})
SHOW_PHOTOS = frozenset({Did.PROGRESSED, *NEED_WORDS})


class Update(Record):
    """What a partner says of an order. Its words are masked as they are read."""

    update_id: UpdateId = Field(examples=["water-2026-000123"])
    order_id: Annotated[str, Line(200, 1)] = Field(examples=["0199e0a4-7d1c-7c55-8d6f-0e6f6f1f9a01~water-company"])
    dispatch_no: int = Field(ge=1, strict=True, examples=[1])
    """As in the order."""
    occurred_at: AwareDatetime = Field(examples=["2026-11-29T08:30:00+08:00"])
    """When it happened, by the partner's clock."""
    did: Did = Field(examples=["accepted"])
    message: Annotated[str, Paragraphs(2_000), Impersonal] | None = Field(None, examples=["已更换阀门，恢复供水。"])
    """For the reporter; of a rejection or a return, the reason, for staff."""
    eta: Moment | None = None
    """Of `en_route`: when somebody will be there."""
    photos: tuple[PhotoId, ...] | None = Field(None, min_length=1, max_length=10)
    """Of `progressed`, `done`, `rejected` and `returned`: photos that were sent by a link, by their ids."""

    promise: Promise | None = None
    """Of `progressed` and `done`, and of an invitation alone: to what the party commits itself in the deliberation, in
    the words of `message`, until when."""

    @model_validator(mode="after")
    def _said(self) -> "Update":
        if self.did in NEED_WORDS and not (self.message or "").strip():
            raise ValueError(Localized("'{did}' needs a message", "“{did}”要写明 message", did=self.did.value))
        if self.photos and self.did not in SHOW_PHOTOS:
            raise ValueError(Localized("photos do not go with '{did}'", "“{did}”不能附照片", did=self.did.value))
        if self.promise is not None and self.did not in PROMISES:
            raise ValueError(Localized("promise does not go with '{did}'", "“{did}”不能附 promise", did=self.did.value))
        if self.promise is not None and not (self.message or "").strip():
            raise ValueError(Localized("a promise needs a message", "承诺要写明 message"))
        if (self.eta is not None) is not (self.did is Did.EN_ROUTE):
            raise ValueError(Localized("eta goes with en_route, and only there", "eta 只与 en_route 同用"))
        return self


class Outcome(StrEnum):
    """What an update came to."""

    APPLIED = "applied"
    """The case has moved by it."""
    DUPLICATE = "duplicate"
    """The same update has been taken before."""
    CONFLICT = "conflict"
    """Another update has this id."""
    NOTED = "noted"
    """It stands in the case's history, and the case has not moved: it is further already, or ended."""
    SUPERSEDED = "superseded"
    """It is about an earlier dispatch of the order."""
    UNKNOWN_ORDER = "unknown_order"
    """There is no such order for this partner."""
    UNKNOWN_OUTAGE = "unknown_outage"
    """The partner has declared no such outage."""
    INVALID = "invalid"
    """It cannot be read; `pointer` says where."""
    CLOCK_SKEW = "clock_skew"
    """Its time cannot be right: the partner's clock is wrong."""


class UpdateReceived(Event):
    """What became of an update, or of a report about an outage."""

    TYPE: ClassVar[str] = "linli.update.received.v1"
    SOURCE = "linli/workflow"
    TOPIC = RECEIPTS

    community: Slug
    party: Slug
    update_id: str | None = None
    """None where none could be read."""
    order_id: str | None = None
    dispatch_no: int | None = None
    outage_id: str | None = None
    """Of a report about an outage: which one."""
    outcome: Outcome
    text_zh: str
    text_en: str
    case_state: CaseState | None = None
    """Where the case stands after it."""
    pointer: str | None = None
    """Where what cannot be read is wrong, as a JSON pointer."""
    offset: int | None = None
    """The update's place in the partner's topic, when it came from there."""
    sandbox: bool = False
    """It is about an order that is only for trying."""

    @property
    def story(self) -> str:
        return f"{self.community}/{self.party}"
