"""The route that suggests likely repeats of a case. A person decides about them."""

import asyncio
from datetime import datetime
from typing import Annotated

from fastapi import Query

from linli.contracts.base import Record
from linli.contracts.kinds import Kind
from linli.contracts.workflow.case import CaseState
from linli.contracts.workflow.permissions import READ_CASES
from linli.security.auth import Who, needs
from linli.text.likeness import LIKELY, Because, Likeness
from linli.web.app import problems, router
from workflow.cases.allowed import visible_case
from workflow.cases.api.given import ComparingDep, StoreDep, TakenApartDep
from workflow.cases.api.views import PartyName
from workflow.cases.domain.access import seen_parties
from workflow.cases.domain.case import Case
from workflow.cases.domain.repeats import likely_repeats
from workflow.community.domain.directory import Directory

routes = router(prefix="/v1", tags=["cases"])


class ReasonView(Record):
    """One thing that speaks for it, or with a negative share against it; the shares add up to the score."""

    because: Because
    share: float
    value: str | float
    """`text`: how alike, 0 to 1. `metres`, `far`: how many metres. `days`: how many. Else which place or category."""


class LikelyRepeat(Record):
    """A case that may be the same matter."""

    id: str
    score: float
    reasons: list[ReasonView]
    title: str
    kind: Kind
    state: CaseState
    neighbourhood: str | None
    party: PartyName | None
    opened_at: datetime


class LikelyRepeats(Record):
    """The likeliest first. What scores less than `threshold` is left out."""

    case: str
    threshold: float
    items: list[LikelyRepeat]


@routes.get("/cases/{id}/repeats", dependencies=[needs(READ_CASES)], responses=problems(404, 422))
async def repeats(
    id: str,
    who: Who,
    store: StoreDep,
    comparing: ComparingDep,
    known: TakenApartDep,
    limit: Annotated[int, Query(ge=1, le=10)] = 10,
) -> LikelyRepeats:
    """Cases that are likely the same matter, with the reasons: open ones, and those closed in the last 60 days."""
    case, directory = await visible_case(store, id, who)
    around = directory.neighbourhoods if directory else ()
    async with comparing.turn(who.id):
        candidates = await store.near(case, seen_parties(who, directory), around)
        # On a thread: some hundred comparisons take longer than others who wait for this process should have to.
        found = await asyncio.to_thread(likely_repeats, case, candidates, store.now(), limit, known.matter)
    return LikelyRepeats(case=id, threshold=LIKELY, items=[_view(other, like, directory) for other, like in found])


def _view(case: Case, like: Likeness, directory: Directory | None) -> LikelyRepeat:
    party = directory.party(case.party) if directory and case.party else None
    return LikelyRepeat(
        id=case.id,
        score=round(like.score, 2),
        reasons=[ReasonView(because=r.because, share=r.share, value=r.value) for r in like.rounded_reasons],
        title=case.about.title,
        kind=case.about.kind,
        state=case.state,
        neighbourhood=case.about.neighbourhood,
        party=PartyName(id=case.party, name=party and party.name) if case.party else None,
        opened_at=case.opened_at,
    )
