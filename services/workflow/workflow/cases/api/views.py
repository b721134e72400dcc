"""Workflow's answers."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal, TypeVar

from pydantic import Field

from linli.contracts.base import Record
from linli.contracts.intake.submission import Attribute, Point
from linli.contracts.kinds import Channel, Kind
from linli.contracts.workflow.case import CaseState, Deadline, Stage, Waiting
from linli.contracts.workflow.community import PhotosShown
from linli.contracts.workflow.timeline import PublicStep
from workflow.cases.document import flat
from workflow.cases.domain.case import Case, Evidence
from workflow.cases.domain.matching import Match
from workflow.cases.domain.owed import owed
from workflow.community.domain.directory import Directory


class PartyName(Record):
    """A party as a list shows it."""

    id: str
    name: str | None


class ParticularsView(Record):
    """What a case is about and where, as its reporter had it."""

    kind: Kind
    title: str
    neighbourhood: str | None
    category: str | None
    place: str | None
    location: Point | None


class OwedView(Record):
    """What the responsible party still owes, and until when."""

    deadline: Deadline
    by: datetime


class CaseView(Record):
    """The current state of a case."""

    id: str
    version: int
    """Goes into `If-Match` of an action."""
    state: CaseState
    kind: Kind
    title: str
    text: str
    community: str
    neighbourhood: str | None
    category: str | None
    channel: Channel
    external_id: str | None
    """What it is called where it came from, such as the hotline's number."""
    place: str | None
    location: Point | None
    attributes: dict[str, Attribute]
    party: PartyName | None
    """Who is responsible."""
    rule: str | None
    submitted_at: datetime
    opened_at: datetime
    updated_at: datetime
    first_party: PartyName | None
    """Who received it first, and stays accountable. 首接负责"""
    accept_by: datetime | None
    answer_by: datetime | None
    resolve_by: datetime | None
    accepted_at: datetime | None
    answered_at: datetime | None
    resolved_at: datetime | None
    answer: str | None
    """What was said when it was resolved. 答复"""
    returned_by: list[str]
    """Who has handed it back, each time it was."""
    binding: bool
    """It was sent back after a return, so the party has to deal with it."""
    contacted: bool | None
    """The reporter's answers to the follow-up: contacted, solved, satisfied."""
    solved: bool | None
    satisfied: bool | None
    followed_up_at: datetime | None
    decide_by: datetime | None
    """The reporter asks for it to be reopened: until when a person is to decide."""
    owed: list[OwedView]
    """Which clocks run, or stand still in a pause; of what follows another case none until that is resolved."""
    missed: list[Deadline]
    """Which deadlines were not met."""
    escalated_to: PartyName | None
    """The level that has it since then; it may act, and the responsible party stays accountable."""
    escalations: int
    level_by: datetime | None
    """Until when that level may act before the case goes further up."""
    paused_at: datetime | None
    waiting_for: Waiting | None
    """Why its clock stands still."""
    erased_at: datetime | None
    """When what people wrote in it was erased."""
    merged_into: str | None
    """The case that it follows: both are about one matter, which is dealt with there."""
    followers: list[str]
    """The cases that follow this one."""
    part_of: str | None
    """The case that it was split from."""
    parts: list[str]
    """The cases that it was split into."""
    reported: ParticularsView | None
    """How its reporter had it, where staff have put something right; the fields above say how it is."""
    withdrawn_at: datetime | None
    """When its reporter took it back while it went on, for others wait for it too."""
    invites_to: str | None = None
    """The deliberation that its party is asked to; only there a step may have a `promise`."""


def case_view(case: Case, directory: Directory | None) -> CaseView:
    """A case for an answer, with the party's name where its community is known."""

    def named(id: str | None) -> PartyName | None:
        party = directory.party(id) if directory and id else None
        return PartyName(id=id, name=party and party.name) if id else None

    parties = {"party": named(case.party), "first_party": named(case.first_party)}
    parties["escalated_to"] = named(case.escalation.escalated_to)
    values = flat(case)
    fields = {name: values[name] for name in CaseView.model_fields if name in values and name not in parties}
    still = [OwedView(deadline=deadline, by=by) for deadline, by in owed(case)]
    lists: dict[str, Any] = {"owed": still, "missed": sorted(case.clock.missed), "returned_by": list(case.returned_by)}
    reported = case.originals.reported
    lists["reported"] = reported and ParticularsView(**asdict(reported))
    lists |= {"followers": list(case.family.followers), "parts": list(case.family.parts)}
    return CaseView(**fields | lists, **parties)


class HistoryEntry(Record):
    """One event of a case."""

    sequence: int
    type: str
    at: datetime
    by: str
    data: dict[str, Any]


class PublicEvidenceView(Record):
    """A photo of a case: always a JPEG, without the metadata that it came with."""

    id: str
    stage: Stage
    at: datetime
    content_type: Literal["image/jpeg"] = "image/jpeg"
    size: int
    """Bytes."""
    width: int
    height: int
    sha256: str
    """Of the JPEG, in hex."""


class EvidenceView(PublicEvidenceView):
    """The same for staff."""

    by: str
    """Who added it."""


V = TypeVar("V", bound=PublicEvidenceView)


def evidence_view(evidence: Evidence, view: type[V]) -> V:
    """A photo for an answer."""
    kept = {name for name in view.model_fields if name != "content_type"}
    return view(**{name: getattr(evidence, name) for name in kept})


class EvidencePage(Record):
    """A case's photos, in the order they came."""

    items: list[EvidenceView]


class ReportersPhotoView(Record):
    """A photo that the reporter sent."""

    n: int
    """Its number, from 1: in the path it stands for the photo."""
    id: str
    width: int
    height: int
    """Of the photo itself, also where a preview is shown."""


class ReportersPhotoPage(Record):
    """The reporter's photos, in the order they came."""

    items: list[ReportersPhotoView]
    shown: PhotosShown
    """How they are shown to who asks: `full`, `preview` (small and blurred), or `none`, when none is listed."""


class PublicEvidencePage(Record):
    """Those that its reporter may see."""

    items: list[PublicEvidenceView]


class PartStands(Record):
    """The current state of a part of a split case."""

    id: str
    title: str
    party: PartyName | None
    state: CaseState


class CaseStory(CaseView):
    """A case with everything that has happened to it."""

    evidence: list[EvidenceView]
    """Photos: how it was before and after, and why it was returned."""
    history: list[HistoryEntry]
    """Oldest first: the newest steps, or those before `before`."""
    earlier: int | None
    """Where there are earlier ones: what to ask for them as `before`."""
    parts_stand: list[PartStands]
    """Who has which part of it, and how far that is."""
    holidays_unknown: list[int]
    """Years whose public holidays are not known: deadlines that reach into them count Monday to Friday there."""
    may: list[str] = Field(default_factory=list)
    """What who asks may do with it now, as in `POST /v1/cases/{id}:…`; `evidence` for adding photos."""


def parts_stand(parts: Sequence[Case], directory: Directory | None) -> list[PartStands]:
    """The parts of a case for an answer, oldest first."""
    views = [case_view(part, directory) for part in sorted(parts, key=lambda part: part.id)]
    return [PartStands(id=view.id, title=view.title, party=view.party, state=view.state) for view in views]


class CasePage(Record):
    """Cases, newest first; `next` is the cursor of the page that follows."""

    items: list[CaseView]
    next: str | None
    total: int | None = None
    """With `count=true`: how many there are in all."""


class RuleMatch(Record):
    """One condition that held, and what of the case it rests on."""

    condition: str
    value: str
    """What the rule names: a word, a category, an attribute with its value."""
    field: str
    """Where it was found: `title`, `text`, `place`, `attributes.…`, `category` …"""
    said: str
    """How it stands there; a word in 【】 with what is around it."""


def matches_view(matches: Iterable[Match]) -> list[RuleMatch]:
    return [RuleMatch(**asdict(match)) for match in matches]


class RuleTrial(Record):
    """A rule that was tried: whether it matched, and if not, on which condition it failed first."""

    rule: str
    name: str
    matched: bool
    failed_on: str | None
    """A condition's name, or `error` for a rule that cannot be judged: the case went to triage then."""
    matches: list[RuleMatch] = Field(default_factory=list)
    """Of the rule that matched: what it rests on."""


class NearPlace(Record):
    """A neighbourhood that is close to where the case is."""

    id: str
    name: str
    metres: int
    """How far its outline is; 0 within."""


class Routing(Record):
    """Why a case went where it did, by the version of the community's data that was in force then."""

    case: str
    community: str
    community_version: int
    outcome: str
    """`dispatched`, `no_rule`, `nobody_fills_role` or `rule_failed`."""
    rule: str | None
    role: str | None
    party: PartyName
    neighbourhood: str | None
    """Given, or located by outline."""
    near: list[NearPlace] = Field(default_factory=list)
    """Other neighbourhoods within 100 m of the case's location, the nearest first."""
    tried: list[RuleTrial]
    holidays_unknown: list[int]
    """Years whose public holidays are not known: deadlines that reach into them count Monday to Friday there."""


class Timeline(Record):
    """A submission's progress, for holders of its tracking code, without personal data."""

    id: str
    """The submission's, as in its receipt."""
    kind: Kind
    title: str
    state: CaseState
    opened_at: datetime
    timeline: list[PublicStep]
    """Oldest first: the newest steps, or those before `before`."""
    earlier: int | None = None
    """Where there are earlier ones: what to ask for them as `before`."""


class FollowUpTaken(Record):
    """What was understood."""

    contacted: bool
    solved: bool
    satisfied: bool
    reopen_requested: bool
    """Somebody will decide whether the case is taken up again."""


class Found(Record):
    """State by id of the cases that exist."""

    found: dict[str, CaseState]


class Ended(Record):
    """When each of the cases ended that have."""

    ended: dict[str, datetime]


class PartyCount(Record):
    """A party's cases."""

    community: str
    party: str
    name: str | None
    total: int
    by_state: dict[str, int]


class Totals(Record):
    """How many cases each filter finds, in the order in which they were asked for; null for what took too long."""

    totals: list[int | None]


class Counts(Record):
    """How many cases there are, by state and by responsible party."""

    total: int
    by_state: dict[str, int]
    by_party: list[PartyCount]
