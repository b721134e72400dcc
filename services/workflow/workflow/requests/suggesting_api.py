"""The route that suggests a category from the words of what somebody is about to report."""

from typing import Annotated

from pydantic import Field

from linli.contracts.base import Record, Slug
from linli.contracts.kinds import Channel, Kind
from linli.contracts.workflow.permissions import READ_SERVICES
from linli.security.auth import needs
from linli.text.fields import Line, Paragraphs
from linli.web.app import problems, router
from linli.web.problems import not_found
from workflow.cases.domain.matching import Facts
from workflow.cases.domain.routing import local_time
from workflow.requests.api import CommunitiesDep
from workflow.requests.domain.services import ANSWERED_IN_PUBLIC
from workflow.requests.domain.suggesting import suggestions

routes = router(prefix="/v1", tags=["public"])


class ToReport(Record):
    """What somebody is about to report."""

    kind: Kind = Kind.REPORT
    title: Annotated[str, Line(200, 1)] = Field(examples=["楼道里闻到煤气味"])
    text: Annotated[str, Paragraphs(8_000)] = ""
    place: Annotated[str, Line(200)] = ""
    neighbourhood: Slug | None = None


class Suggested(Record):
    """A category that may be meant, and why."""

    category: str
    name: str
    name_en: str | None
    word: str
    """The word that speaks for it."""
    said: str
    """How it stands in the report, between 【 and 】, with what is around it."""


class Suggestions(Record):
    """The likeliest first, five at most. None is no fault: staff find it out."""

    items: list[Suggested]


@routes.post(
    "/services/{community}:suggest", dependencies=[needs(READ_SERVICES)], responses=problems(400, 404, 413, 422)
)
async def suggest(community: str, body: ToReport, communities: CommunitiesDep) -> Suggestions:
    """Which category the words speak of: by the words of the community's rules, then by the categories' names.

    What is asked is neither stored nor logged.
    """
    directory = await communities.directory(community)
    if directory is None or directory.community.retired_at is not None:
        raise not_found("community")
    if body.kind not in ANSWERED_IN_PUBLIC:
        return Suggestions(items=[])
    facts = Facts(
        kind=body.kind,
        channel=Channel.WEB,
        category=None,
        neighbourhood=body.neighbourhood,
        title=body.title,
        text=body.text,
        place=body.place,
        attributes={},
        local_time=local_time(communities.now(), directory),
    )
    return Suggestions(
        items=[
            Suggested(
                category=each.offer.code,
                name=each.offer.name,
                name_en=each.offer.name_en,
                word=each.word,
                said=each.said,
            )
            for each in suggestions(facts, directory)
        ]
    )
