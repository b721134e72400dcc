"""What the public is shown, and what it may send."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from linli.contracts.base import Record
from linli.contracts.intake.submission import Attribute, Point
from linli.contracts.kinds import Kind, Language
from linli.contracts.workflow.case import CaseState
from linli.contracts.workflow.timeline import STATES, in_words, public_step
from linli.security.principals import Principal
from linli.text.fields import Impersonal, Paragraphs
from workflow.cases.domain.case import Case
from workflow.community.domain.directory import Directory
from workflow.requests.domain.public import how_exactly, is_open, named_in_public, standing, whereabouts, with_words
from workflow.requests.domain.services import Datatype, Offer
from workflow.requests.store import Told


class CommunityName(Record):
    """A community that takes submissions."""

    id: str
    name: str
    name_en: str | None


class CommunityNames(Record):
    """All that take submissions."""

    items: list[CommunityName]


class ChoiceView(Record):
    key: str
    name: str
    name_en: str | None


class QuestionView(Record):
    """Something that a submission may say of itself."""

    code: str
    name: str
    name_en: str
    datatype: Datatype
    choices: list[ChoiceView]


class ServiceView(Record):
    """A category that the public may name."""

    code: str
    kind: Kind
    """What a submission with it is."""
    name: str
    name_en: str | None
    group: str
    """The first level above it."""
    group_en: str | None
    keywords: list[str]
    """The levels between, in both languages."""
    questions: list[QuestionView]


class ServiceList(Record):
    """All that a community offers."""

    community: str
    version: int
    """Of the community's data."""
    items: list[ServiceView]


class RequestView(Record):
    """A case, as the public may know it. Texts are in the reporter's language; `…_en` are English."""

    id: str
    open: bool
    state: CaseState
    category: str | None
    service: str | None
    """The category's name."""
    service_en: str | None
    requested_at: datetime
    updated_at: datetime
    expected_at: datetime | None
    """Until when it is to be dealt with."""
    standing: str
    standing_en: str
    party: str | None
    party_en: str | None
    neighbourhood: str | None
    neighbourhood_en: str | None
    location: Point | None
    """To about a hundred metres, or exactly as the words below; without a point or a key the neighbourhood's middle."""
    title: str | None = None
    """What follows is there only of what came in over Open311, and for a key that submits there."""
    text: str | None = None
    place: str | None = None
    answer: str | None = None
    """What was said when it was resolved."""
    attributes: dict[str, Attribute] | None = None


class RequestPage(Record):
    items: list[RequestView]
    more: bool
    """Whether others follow."""


class StepView(Record):
    """Something that happened to a case, as the public may know it."""

    id: str
    request_id: str
    at: datetime
    status: str
    """`open`, `for_triage`, `investigating`, `in_progress`, `fixed`, `closed` or `cancelled`."""
    words: str
    words_en: str
    message: str | None
    """What was said to the reporter; only of what came in over Open311, and for a key that submits there."""


class StepList(Record):
    """Oldest first."""

    items: list[StepView]


class Comment(Record):
    """What a reporter adds, through the program that they submitted with."""

    update_id: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(examples=["fms-4711"])
    """The program's own name for it: the same again changes nothing."""
    status: Annotated[str, StringConstraints(pattern=r"^[A-Z_]{1,40}$")] | None = Field(None, examples=["FIXED"])
    """What the program takes it to stand at. It is noted; staff's steps move the case."""
    message: Annotated[str, Paragraphs(4_000, 1), Impersonal] = Field(examples=["灯又坏了。"])


class Commented(Record):
    """It was noted."""

    id: str
    update_id: str


def service_view(offer: Offer) -> ServiceView:
    between = [name for each in offer.path[1:] for name in (each.name, each.name_en) if name]
    return ServiceView(
        code=offer.code,
        kind=offer.kind,
        name=offer.name,
        name_en=offer.name_en,
        group=offer.group.name,
        group_en=offer.group.name_en,
        keywords=between,
        questions=[
            QuestionView(
                code=each.code,
                name=each.name,
                name_en=each.name_en,
                datatype=each.datatype,
                choices=[ChoiceView(key=one.key, name=one.name, name_en=one.name_en) for one in each.choices],
            )
            for each in offer.questions
        ],
    )


def request_view(case: Case, directory: Directory, who: Principal) -> RequestView:
    """As far as this principal may know it."""
    words = with_words(who, case)
    category = next((each for each in directory.community.categories if each.id == case.about.category), None)
    place = next((each for each in directory.community.neighbourhoods if each.id == case.about.neighbourhood), None)
    party = named_in_public(case.party, directory)
    return RequestView(
        id=case.id,
        open=is_open(case.state),
        state=case.state,
        category=case.about.category,
        service=category and category.name,
        service_en=category and category.name_en,
        requested_at=case.submitted_at,
        updated_at=case.updated_at,
        expected_at=case.clock.resolve_by,
        standing=STATES[Language.ZH][case.state],
        standing_en=STATES[Language.EN][case.state],
        party=party and party.name,
        party_en=party and party.called(Language.EN),
        neighbourhood=place and place.name,
        neighbourhood_en=place and place.name_en,
        location=whereabouts(case, place, how_exactly(who, case)),
        title=case.as_reported.title if words else None,
        text=case.text if words else None,
        place=case.about.place if words else None,
        answer=case.progress.answer if words else None,
        attributes=dict(case.attributes) if words else None,
    )


def step_view(told: Told, directories: Mapping[str, Directory], *, words: bool) -> StepView | None:
    """None for what is among staff."""
    directory = directories.get(told.case.community)
    party = named_in_public(told.event.party, directory) if directory else None
    step = public_step(told.event, told.at, party)
    if step is None:
        return None
    english = step.model_copy(update={"party": party and party.called(Language.EN)})
    chinese = step.model_copy(update={"party": party and party.name})
    return StepView(
        id=f"{told.case.id}:{told.sequence}",
        request_id=told.case.id,
        at=told.at,
        status=standing(told.event),
        words=in_words(chinese, Language.ZH),
        words_en=in_words(english, Language.EN),
        message=step.message if words else None,
    )
