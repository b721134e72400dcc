"""A case: a submission in progress, its state, and the fields of each of its events."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from linli.contracts.intake.submission import Attribute
from linli.contracts.kinds import Channel, Language
from linli.contracts.workflow import case as events
from linli.contracts.workflow.case import CaseEvent, CaseState, Stage
from linli.frozen import replace
from workflow.cases.domain.clock import NO_CLOCK, Clock
from workflow.cases.domain.escalation import NOT_ESCALATED, Escalation
from workflow.cases.domain.family import ALONE, Family
from workflow.cases.domain.feedback import NOTHING_SAID, Feedback
from workflow.cases.domain.matching import Facts
from workflow.cases.domain.particulars import AS_REPORTED, Originals, Particulars, different
from workflow.cases.domain.progress import NOTHING_YET, Progress
from workflow.cases.domain.routing import local_time
from workflow.community.domain.directory import Directory


@dataclass(frozen=True, slots=True)
class Evidence:
    """A photo of a case. `id` is of the bytes that came in, so the same photo is there once."""

    id: str
    stage: Stage
    size: int
    """Bytes of the JPEG."""
    width: int
    height: int
    sha256: str
    at: datetime
    by: str
    file: str
    """Where the picture is kept."""


@dataclass(frozen=True, slots=True)
class Case:
    """A submission being dealt with. `version` is the number of events in its history."""

    id: str
    community: str
    channel: Channel
    about: Particulars
    text: str
    attributes: dict[str, Attribute]
    submitted_at: datetime
    resident_id: str | None
    language: Language
    tracking_hash: str
    opened_at: datetime
    updated_at: datetime
    version: int = 0
    state: CaseState = CaseState.OPEN
    party: str | None = None
    rule: str | None = None
    community_version: int | None = None
    """The version of the community's data by which it was routed."""
    first_party: str | None = None
    """Who received it first, and stays accountable for what becomes of it. 首接负责"""
    due_from_call: bool = False
    """Its first deadlines began with the call, and not when it came in here."""
    clock: Clock = NO_CLOCK
    progress: Progress = NOTHING_YET
    feedback: Feedback = NOTHING_SAID
    escalation: Escalation = NOT_ESCALATED
    family: Family = ALONE
    returned_by: tuple[str, ...] = ()
    """Who has handed it back, each time it was."""
    binding: bool = False
    """It was sent back after a return, so the party has to deal with it."""
    erased_at: datetime | None = None
    """When what people wrote in it was erased, with all that led to the reporter."""
    due_at: datetime | None = None
    """When the timer is to look at it next."""
    evidence: tuple[Evidence, ...] = ()
    """Photos of it, in the order they came."""
    external_id: str | None = None
    """What it is called where it came from, such as the hotline's number."""
    originals: Originals = AS_REPORTED
    different: bool = False
    """Its reporter knows of an outage there, and means something else."""
    invites_to: str | None = None
    """The deliberation that its party is asked to; it has no reporter."""

    @property
    def root(self) -> str:
        """The case that its family goes by: what it follows, what it is a part of, or itself."""
        return self.family.merged_into or self.family.part_of or self.id

    @property
    def as_reported(self) -> Particulars:
        """How its reporter knows it."""
        return self.originals.reported or self.about

    @property
    def put_right(self) -> tuple[str, ...] | None:
        """Which of what its reporter wrote is not in the reporter's words any more."""
        if (reported := self.originals.reported) is None:
            return None
        own = {"title", "place", "location"}
        return tuple(name for name in different(self.about, reported) if name in own) or None

    @property
    def when_routed(self) -> "Case":
        """The case as the rules saw it."""
        return replace(self, about=self.originals.as_routed) if self.originals.as_routed else self

    @property
    def alone(self) -> bool:
        """Whether nothing that happens to it concerns another case."""
        return self.root == self.id and not self.family.followers and not self.family.parts

    def facts(self, directory: Directory) -> Facts:
        """What the rules look at; the time of day is when it was said: of a call, when that was made."""
        return Facts(
            kind=self.about.kind,
            channel=self.channel,
            category=self.about.category,
            neighbourhood=self.about.neighbourhood,
            title=self.about.title,
            text=self.text,
            place=self.about.place or "",
            attributes=self.attributes,
            local_time=local_time(self.submitted_at, directory),
        )


Step: TypeAlias = tuple[Case, CaseEvent]
"""A case after something has happened to it, and the event of that."""

BEFORE_IT_IS_TAKEN_ON = frozenset({CaseState.TRIAGE, CaseState.DISPATCHED, CaseState.RETURNED})
BEING_DEALT_WITH = BEFORE_IT_IS_TAKEN_ON | {CaseState.ACCEPTED}


def moved(case: Case, state: CaseState, now: datetime) -> Case:
    return replace(case, state=state, version=case.version + 1, updated_at=now)


def dispatched(case: Case, **fields: object) -> CaseEvent:
    return case_event(
        events.CaseDispatched,
        case,
        **own_words(case),
        **dates(case),
        **fields,
    )


def own_words(case: Case) -> dict[str, object]:
    """The reporter's text, its time and external number, for the responsible."""
    return {
        "text": case.text,
        "place": case.about.place,
        "location": case.about.location,
        "submitted_at": case.submitted_at,
        "external_id": case.external_id,
    }


def dates(case: Case) -> dict[str, datetime | None]:
    return {"accept_by": case.clock.accept_by, "answer_by": case.clock.answer_by, "resolve_by": case.clock.resolve_by}


def case_event(event: type[CaseEvent], case: Case, **fields: object) -> CaseEvent:
    """An event with what all events of a case carry."""
    reported = case.originals.reported
    return event.model_validate(
        {
            "case_id": case.id,
            "community": case.community,
            "kind": case.about.kind,
            "title": case.about.title,
            "neighbourhood": case.about.neighbourhood,
            "category": case.about.category,
            "state": case.state,
            "party": case.party,
            "resident_id": None if case.family.withdrawn_at else case.resident_id,
            "language": case.language,
            "put_right": case.put_right,
            "reported_title": reported.title if reported and reported.title != case.about.title else None,
        }
        | fields
    )
