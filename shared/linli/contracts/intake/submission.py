"""Intake's events: a submission came in, or was withdrawn. Topic `linli.intake`, key: submission id.

No name, telephone number, e-mail or address of a reporter is in here: `resident_id` is a pseudonym that only intake
can lead back to a person, and telephone, identity and e-mail patterns in title, text and place are masked before.
"""

from datetime import datetime
from typing import ClassVar

from pydantic import AwareDatetime, Field

from linli.contracts.base import Event, Record, Scope, Slug
from linli.contracts.kinds import Channel, Kind, Language
from linli.contracts.topics import Topic

INTAKE = Topic(name="intake", key="submission id")
"""What residents, hotline, app and cameras brought in."""


class Point(Record):
    """A place on the map, WGS 84, degrees."""

    lon: float = Field(ge=-180, le=180, allow_inf_nan=False)
    lat: float = Field(ge=-90, le=90, allow_inf_nan=False)


Attribute = str | bool | int | float


class OfSubmission(Event):
    """What intake says of one submission."""

    SOURCE = "linli/intake"
    TOPIC = INTAKE

    submission_id: str

    @property
    def story(self) -> str:
        return self.submission_id


class Submitted(OfSubmission):
    """A submission, as the other services may know it."""

    KIND: ClassVar[Kind]
    WORDS = frozenset(
        {"title", "text", "place", "location", "attributes", "resident_id", "tracking_hash", "external_id"}
    )

    community: Slug
    channel: Channel
    title: str
    text: str = ""
    neighbourhood: Slug | None = None
    category: Slug | None = None
    place: str | None = None
    """Where the matter is, in words."""
    location: Point | None = None
    attributes: dict[str, Attribute] = Field(default_factory=dict)
    submitted_at: AwareDatetime
    """When the reporter said it; for an import, before it came in here."""
    due_from_call: bool = False
    """Whether the deadlines count from `submitted_at`, not from when it came in."""
    different: bool = False
    """Its reporter knows of an outage there, and means something else."""
    resident_id: str | None = None
    language: Language = Language.ZH
    tracking_hash: str
    """SHA-256 of the tracking code, in hex: lets workflow and notify recognise a code that they never saw."""
    external_id: str | None = None
    """What it is called where it came from, such as the hotline's number; not one in which the reporter can be read."""


class DemandSubmitted(Submitted):
    """Residents want something of the renewal."""

    TYPE: ClassVar[str] = "linli.demand.submitted.v1"
    KIND: ClassVar[Kind] = Kind.DEMAND


class ReportSubmitted(Submitted):
    """Something is wrong and should be put right."""

    TYPE: ClassVar[str] = "linli.report.submitted.v1"
    KIND: ClassVar[Kind] = Kind.REPORT


class DisputeSubmitted(Submitted):
    """Parties quarrel and want mediation."""

    TYPE: ClassVar[str] = "linli.dispute.submitted.v1"
    KIND: ClassVar[Kind] = Kind.DISPUTE


class AlarmSubmitted(Submitted):
    """A device reports something wrong."""

    TYPE: ClassVar[str] = "linli.alarm.submitted.v1"
    KIND: ClassVar[Kind] = Kind.ALARM


SUBMITTED: dict[Kind, type[Submitted]] = {
    event.KIND: event for event in (DemandSubmitted, ReportSubmitted, DisputeSubmitted, AlarmSubmitted)
}


class SubmissionWithdrawn(OfSubmission):
    """The reporter, or the desk in the reporter's name, took the submission back."""

    TYPE: ClassVar[str] = "linli.submission.withdrawn.v1"
    WORDS = frozenset({"reason"})

    reason: str | None = None
    withdrawn_at: datetime


class ResidentErased(OfSubmission):
    """The submission's reporter is to be erased: by request, or because the retention time is over.

    It takes effect when it arrives, also where its story waits behind a parked record.
    """

    TYPE: ClassVar[str] = "linli.resident.erased.v1"
    FORGETS = Scope.PERSON

    erased_at: AwareDatetime
