"""The route that shows a resident, before sending, whether a matter was reported already."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request

from intake.caller import CountedRoute
from intake.submissions.domain.request import NewMatter
from intake.submissions.domain.similar import Earlier
from intake.submissions.similar import AlreadyReported
from linli.contracts.base import Record
from linli.contracts.intake.permissions import SUBMIT
from linli.contracts.kinds import Kind
from linli.security.audited import about_nothing
from linli.security.auth import caller_of, needs
from linli.text.likeness import LIKELY, Because, Likeness
from linli.web.app import problems
from linli.web.given import given

router = APIRouter(route_class=CountedRoute, tags=["submissions"])


class WhySimilar(Record):
    """One thing that speaks for it, or with a negative share against it; the shares add up to the score."""

    because: Because
    share: float
    value: str | float
    """`text`: how alike, 0 to 1. `metres`, `far`: how many metres. `days`: how many. Else which place or category."""


class Similar(Record):
    """An earlier report or demand: neither its id nor its text, and nobody's name."""

    reference: str
    """Goes into `same_as` of a submission that its reporter takes for the same matter. Tells nobody else anything."""
    title: str
    """Masked as it travels: numbers, and what is known of who wrote it."""
    kind: Kind
    neighbourhood: str | None
    received_at: datetime
    score: float
    reasons: list[WhySimilar]


class Similars(Record):
    """The likeliest first. What scores less than `threshold` is left out."""

    threshold: float
    items: list[Similar]


@router.post(
    "/v1/submissions:similar",
    dependencies=[needs(SUBMIT)],
    response_model=Similars,
    responses=problems(400, 413, 422),
)
async def similar(
    new: NewMatter, reported: Annotated[AlreadyReported, given(AlreadyReported)], request: Request
) -> dict[str, Any]:
    """Was this reported already? Up to five of the last 60 days, in the same neighbourhood or nearby. Keeps nothing."""
    about_nothing(request)
    found = await reported.find(new, caller_of(request))
    return {"threshold": LIKELY, "items": [_view(*each) for each in found]}


def _view(earlier: Earlier, like: Likeness, reference: str) -> Similar:
    return Similar(
        reference=reference,
        title=earlier.title,
        kind=earlier.kind,
        neighbourhood=earlier.matter.neighbourhood,
        received_at=earlier.received_at,
        score=round(like.score, 2),
        reasons=[WhySimilar(because=r.because, share=r.share, value=r.value) for r in like.rounded_reasons],
    )
