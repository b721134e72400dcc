"""From a request to the stored submission, its receipt and its events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from intake.submissions.domain.known import known_of
from intake.submissions.domain.reporter import masked_contact, resident_id
from intake.submissions.domain.request import NewSubmission, Reporter
from intake.submissions.domain.same_as import SAME_AS, referred_to
from linli.contracts.base import Event
from linli.contracts.envelope import Envelope
from linli.contracts.intake.submission import SUBMITTED, Attribute, Point, SubmissionWithdrawn
from linli.contracts.kinds import Channel, Kind, Language
from linli.frozen import replace
from linli.privacy.known import Known, stands_in, without
from linli.privacy.masking import masked
from linli.privacy.tracking import hash_of, shown
from linli.web.localized import Localized
from linli.web.problems import Problem

SOURCE = "linli/intake"
_LONGER_THAN_A_TELEPHONE = 15
"""Characters, from which on a number is not somebody's."""


@dataclass(frozen=True, slots=True)
class Repetition:
    """How a repeated request is recognised: its key, and the fingerprint of its body."""

    key: str
    body: str


@dataclass(frozen=True, slots=True)
class Submission:
    """A submission as it is kept: unmasked, with the reporter's contact."""

    id: str
    kind: Kind
    channel: Channel
    community: str
    title: str
    text: str
    tracking_code: str
    """The twelve characters, without dashes."""
    submitted_at: datetime
    received_at: datetime
    external_id: str | None = None
    neighbourhood: str | None = None
    category: str | None = None
    place: str | None = None
    location: Point | None = None
    attributes: Mapping[str, str | bool | int | float] | None = None
    reporter: Reporter | None = None
    resident_id: str | None = None
    repetition: Repetition | None = None
    withdrawn_at: datetime | None = None
    erased_at: datetime | None = None
    made_by: str | None = None
    """Whose key it came with; None for a resident's own, and for what came in before this was kept."""
    due_from_call: bool | None = None
    """Its deadlines count from `submitted_at`."""
    different: bool | None = None
    """It is not the outage that is known there."""
    same_as: str | None = None
    """The submission that is the same matter, by its reporter's word."""
    contact_gone: bool | None = None
    """Its contact was kept as long as it may be: of the words, what was told of them is left."""

    def is_of(self, maker: str | None) -> bool:
        """Whether it came with this principal's key. What is older than `made_by` may have it in an Idempotency-Key."""
        if maker is None or self.made_by is not None:
            return maker is not None and maker == self.made_by
        key = self.repetition.key if self.repetition else ""
        return key.startswith((f"{maker}:one:", f"{maker}:batch:"))

    def receipt(self) -> dict[str, Any]:
        """What the caller gets: enough to follow it."""
        return {
            "id": self.id,
            "tracking_code": shown(self.tracking_code),
            "kind": self.kind,
            "channel": self.channel,
            "received_at": self.received_at,
        }

    def contact(self) -> dict[str, Any]:
        """The reporter's contact and language, for notify only."""
        contact: dict[str, Any] = {"tracking_code": shown(self.tracking_code), "language": Language.ZH}
        if self.made_by is not None or self.channel is not Channel.WEB:
            contact["vouched"] = True
        if self.resident_id:
            contact["resident_id"] = self.resident_id
        return contact | (self.reporter.model_dump(exclude_none=True) if self.reporter else {})

    def whole(self) -> dict[str, Any]:
        """All there is, for the person that it is about."""
        hidden = {"repetition", "tracking_code", "made_by", "contact_gone", "same_as"}  # another's id
        fields = {name: getattr(self, name) for name in self.__slots__ if name not in hidden}
        fields["location"] = self.location.model_dump() if self.location else None
        fields["reporter"] = self.reporter.model_dump(mode="json", exclude_none=True) if self.reporter else None
        fields["tracking_code"] = shown(self.tracking_code)
        return {name: value for name, value in fields.items() if value is not None}

    def view(self) -> dict[str, Any]:
        """What an operator sees: all but the tracking code, which is the resident's; contact and words are masked."""
        hidden = {"tracking_code", "repetition", "reporter", "location", "made_by", "contact_gone"}
        fields = {name: getattr(self, name) for name in self.__slots__ if name not in hidden}
        fields["location"] = self.location.model_dump() if self.location else None
        fields["reporter"] = masked_contact(self.reporter) if self.reporter else None
        fields |= self.masked_words()
        if self.external_id:  # some hotlines number their calls by who called
            fields["external_id"] = impersonal(self.external_id, known_of(self.reporter))
        return {name: value for name, value in fields.items() if value is not None and value != {}}

    def masked_words(self) -> dict[str, Any]:
        """Title, text, place and attributes, as they may travel."""
        known = known_of(self.reporter)
        attributes = self.attributes or {}
        return {
            "title": impersonal(self.title, known),
            "text": impersonal(self.text, known),
            "place": impersonal(self.place, known) if self.place else None,
            "attributes": {
                impersonal(name, known): _impersonal_value(value, known) for name, value in attributes.items()
            },
        }


def accepted(
    new: NewSubmission,
    *,
    community: str,
    id: str,
    tracking_code: str,
    now: datetime,
    pseudonyms: bytes,
    repetition: Repetition | None,
    made_by: str | None = None,
) -> Submission:
    """The submission that `new` becomes; `pseudonyms` is the key of `resident_id`. Raises `Problem` 422."""
    if new.submitted_at is not None and new.submitted_at > now:
        message = Localized("lies in the future", "时间不能在将来")
        raise Problem(
            "invalid",
            422,
            Localized("submitted_at {said}.", "submitted_at：{said}。", said=message),
            errors=[{"field": "submitted_at", "message": message}],
        )
    return Submission(
        id=id,
        kind=new.kind,
        channel=new.channel,
        community=community,
        title=new.title,
        text=new.text,
        tracking_code=tracking_code,
        submitted_at=(new.submitted_at or now).astimezone(UTC),
        due_from_call=new.due_from_call or None,
        different=new.different or None,
        same_as=referred_to(new.same_as, pseudonyms) if new.same_as else None,
        received_at=now,
        external_id=new.external_id,
        neighbourhood=new.neighbourhood,
        category=new.category,
        place=new.place,
        location=new.location and Point(lon=new.location.lon, lat=new.location.lat),
        attributes=new.attributes or None,
        reporter=new.reporter,
        resident_id=resident_id(new.reporter, pseudonyms),
        repetition=repetition,
        made_by=made_by,
    )


def submitted(submission: Submission, traceparent: str | None) -> Envelope[Event]:
    """The event for the other services, without the reporter.

    What is known of them, and what looks like anybody's number or e-mail address, is masked in all that was written.
    """
    words = submission.masked_words()
    if submission.same_as:  # an id: not looked through for telephone numbers, which its figures may read as
        words["attributes"][SAME_AS] = submission.same_as
    event = SUBMITTED[submission.kind](
        submission_id=submission.id,
        community=submission.community,
        channel=submission.channel,
        neighbourhood=submission.neighbourhood,
        category=submission.category,
        location=submission.location,
        **words,
        submitted_at=submission.submitted_at,
        due_from_call=bool(submission.due_from_call),
        different=bool(submission.different),
        resident_id=submission.resident_id,
        language=submission.reporter.language if submission.reporter else Language.ZH,
        tracking_hash=hash_of(submission.tracking_code),
        external_id=outside_id(submission),
    )
    return envelope(submission, 1, submission.received_at, event, traceparent)


def outside_id(submission: Submission) -> str | None:
    """What it is called outside, unless a person can be read in it. A hotline's 18 digits are no identity number."""
    text = submission.external_id or ""
    number = len(text) < _LONGER_THAN_A_TELEPHONE and masked(text) != text
    return text if text and not number and not stands_in(text, known_of(submission.reporter)) else None


def impersonal(text: str, known: Sequence[Known]) -> str:
    """A text that may travel."""
    return masked(without(text, known))


def _impersonal_value(value: Attribute, known: Sequence[Known]) -> Attribute:
    """An attribute that may travel: a number that reads as a telephone or identity number is masked like a text."""
    if isinstance(value, bool):
        return value
    shown = impersonal(str(value), known)
    return value if shown == str(value) else shown


def withdrawn(
    submission: Submission, reason: str | None, now: datetime, traceparent: str | None
) -> tuple[Submission, Envelope[Event]]:
    """The withdrawn submission and its event. Raises `Problem` 409 when it is erased."""
    if submission.erased_at is not None:
        raise Problem("erased", 409, "The submission was erased; nothing can be done with it any more.")
    why = impersonal(reason, known_of(submission.reporter)) if reason else None
    event = SubmissionWithdrawn(submission_id=submission.id, reason=why, withdrawn_at=now)
    return replace(submission, withdrawn_at=now), envelope(submission, 2, now, event, traceparent)


def envelope(
    submission: Submission, sequence: int, time: datetime, event: Event, traceparent: str | None
) -> Envelope[Event]:
    return Envelope(
        source=SOURCE,
        subject=submission.id,
        sequence=sequence,
        time=time,
        correlationid=submission.id,
        data=event,
        traceparent=traceparent,
    )
