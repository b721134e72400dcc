"""HTTP bodies and answers, except `NewSubmission`."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from fastapi.exceptions import RequestValidationError
from pydantic import Field, StringConstraints, ValidationError, model_validator

from intake.submissions.domain.outages import KnownOutage
from linli.contracts.base import Record
from linli.contracts.intake.submission import Point
from linli.contracts.kinds import Channel, Kind, Language
from linli.text.fields import Line, Paragraphs
from linli.web.localized import Localized

MOST_ITEMS = 1_000
MOST_CONTACTS = 500
SubmissionId = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class Receipt(Record):
    """Keep the tracking code: its holder can follow the submission, add photos and withdraw it."""

    id: str
    tracking_code: str | None = Field(None, examples=["7K3M-9QWX-2RTV"])
    """Always there but for a duplicate of what another principal has submitted: the code is for who submitted."""
    kind: Kind
    channel: Channel
    received_at: datetime
    duplicate: Literal[True] | None = None
    """Nothing new was stored: this is the receipt of the same submission, with the same `external_id`."""
    known_outage: KnownOutage | None = None
    """It is about an outage that a company has declared, as that stands now: known until then, and counted."""


class Batch(Record):
    """Up to 1,000 submissions, each as in `POST /v1/submissions`."""

    items: list[Any] = Field(min_length=1, max_length=MOST_ITEMS)

    @classmethod
    def read(cls, body: Any) -> "Batch":
        """Raises 422 as FastAPI would."""
        try:
            return cls.model_validate(body)
        except ValidationError as error:
            raise RequestValidationError(error.errors(include_url=False, include_input=False)) from error


class ItemProblem(Record):
    """Why an item was rejected."""

    slug: str
    title: str
    detail: str
    errors: list[dict[str, str]] | None = None


class ItemResult(Record):
    """What became of the item at `index`."""

    index: int
    status: Literal["accepted", "duplicate", "rejected"]
    id: str | None = None
    """Of a rejected one: the submission that has its `external_id`, if that is why."""
    tracking_code: str | None = None
    problem: ItemProblem | None = None


class BatchResult(Record):
    """One result per item, in their order."""

    accepted: int
    duplicates: int
    rejected: int
    results: list[ItemResult]


class SubmissionView(Record):
    """A submission as an operator sees it: the reporter's contact is masked, and so are the words."""

    id: str
    kind: Kind
    channel: Channel
    community: str
    title: str
    text: str
    submitted_at: datetime
    received_at: datetime
    external_id: str | None = None
    """Masked like the words: a number may stand in it."""
    neighbourhood: str | None = None
    category: str | None = None
    place: str | None = None
    location: Point | None = None
    attributes: dict[str, Any] | None = None
    reporter: dict[str, str] | None = None
    resident_id: str | None = None
    withdrawn_at: datetime | None = None
    erased_at: datetime | None = None
    different: bool | None = None
    """Its reporter knows of an outage there, and means something else."""
    same_as: str | None = None
    """The submission that is the same matter, by its reporter's word."""


class Withdraw(Record):
    """The reason for the withdrawal, if given."""

    reason: Annotated[str, Paragraphs(500)] | None = Field(None, examples=["已经解决了，谢谢。"])


class Withdrawal(Record):
    """When it was taken back."""

    id: str
    withdrawn_at: datetime


class Wanted(Record):
    """The submissions whose reporters are to be notified."""

    submissions: list[SubmissionId] = Field(
        max_length=MOST_CONTACTS, examples=[["0199e0a4-7d1c-7c55-8d6f-0e6f6f1f9a01"]]
    )


class Contact(Record):
    """How the reporter can be reached; one who wants to stay unknown, cannot."""

    tracking_code: str
    language: Language
    vouched: Literal[True] | None = None
    """It came with a key or through a channel of staff: they took the contact down, and not just anybody."""
    resident_id: str | None = None
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None


class Contacts(Record):
    """By submission id; an unknown one is left out."""

    contacts: dict[str, Contact]


class AttachmentView(Record):
    """A photo that is kept: always a JPEG, without the metadata that it came with."""

    id: str
    content_type: Literal["image/jpeg"]
    size: int
    """Bytes."""
    width: int
    height: int
    sha256: str
    """Of the JPEG, in hex."""


class Attachments(Record):
    """A submission's photos."""

    items: list[AttachmentView]


class PhotosOf(Record):
    """By submission id, in the order they came; one without photos is left out."""

    photos: dict[str, list[AttachmentView]]


class Resident(Record):
    """The resident whose data are requested. In a body, so that no URL or access log contains it."""

    resident: Annotated[str, Line(254, 1)] = Field(examples=["r-3f6c0b1a5d8e49f7a2b4c6d8e0f1a3b5"])
    """A resident id (`r-…`), telephone number, e-mail address, tracking code or submission id."""
    alone: bool = False
    """Only what bears just this, and nothing that shares another number or address with it."""


class SubmissionOf(Record):
    """One submission of a resident, as a list shows it."""

    id: str
    kind: Kind
    channel: Channel
    received_at: datetime
    reporter: dict[str, str] | None
    """Masked."""
    erased_at: datetime | None


class SubmissionsOf(Record):
    """All of a resident's submissions, oldest first."""

    items: list[SubmissionOf]


class Export(Record):
    """All that intake holds of a resident, unmasked: each submission as it came in, with its photos listed."""

    items: list[dict[str, Any]]
    subscriptions: list[dict[str, Any]] = Field(default_factory=list)
    """To neighbourhoods' bulletins, of the same mailboxes."""


class Erase(Record):
    """What to erase: all of a resident's data, or again what was erased before."""

    resident: Annotated[str, Line(254, 1)] | None = Field(None, examples=["r-3f6c0b1a5d8e49f7a2b4c6d8e0f1a3b5"])
    alone: bool = False
    """Of `resident`: only what bears just this, and nothing that shares another number or address with it."""
    submissions: list[SubmissionId] | None = Field(None, max_length=MOST_ITEMS)
    """Only those of them that are there and not erased."""

    @model_validator(mode="after")
    def _one(self) -> "Erase":
        if (self.resident is None) == (self.submissions is None):
            raise ValueError(Localized("name a resident, or submissions", "请写明居民，或写明反映的编号"))
        return self


class Erased(Record):
    """The submissions that were erased now."""

    erased: list[str]
    masked_elsewhere: int = 0
    """Submissions of others in which the resident's number, e-mail or home address stood."""


class Erasure(Record):
    """A submission that was erased."""

    id: str
    at: datetime
    by: str
    """Whose key asked for it; `linli` when its time was over."""
    purged_at: datetime | None
    """When its records left Kafka; None when they may still be there."""


class Erasures(Record):
    """By submission id; `next` is the cursor of the page that follows."""

    items: list[Erasure]
    next: str | None


class Why(StrEnum):
    """Why somebody has to see a number: words of a list, for the audit log takes nothing that somebody wrote."""

    VISIT = "visit"  # 约定上门
    DETAILS = "details"  # 了解情况
    FOLLOW_UP = "follow_up"  # 电话回访
    EMERGENCY = "emergency"  # 紧急情况
    AUTHORITY = "authority"  # 依法调取


class Call(Record):
    """Why somebody has to see a number."""

    reason: Why = Field(examples=["visit"])


class FullContact(Record):
    """How a reporter is reached, and what they wrote, as they wrote it: there may be another number in it."""

    title: str
    text: str
    place: str | None = None

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    language: Language | None = None
