"""How mediations end, by kind of dispute: figures without persons."""

from datetime import UTC, datetime

from pydantic import AwareDatetime

from linli.contracts.base import Record, Slug
from linli.contracts.workflow.permissions import COUNT_MEDIATIONS
from linli.security.auth import needs
from linli.web.app import problems, router
from linli.web.localized import no_community, sentence_of
from linli.web.problems import Problem
from workflow.mediation.api.stepping import CasesDep, StoreDep
from workflow.mediation.domain.figures import Outcome, rows
from workflow.mediation.domain.rules import rules_in

routes = router(prefix="/v1", tags=["mediation"])
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""Before there were any: the database takes no time that is much older."""


class FiguresRow(Record):
    """Of one category; `others` has all that are too rare."""

    category: str
    mediations: int
    states: dict[Outcome, int | None]
    """None: hidden, for it is small, or a small one followed from it."""


class MediationFigures(Record):
    """How mediations stand."""

    items: list[FiguresRow]
    hidden_below: int
    """No figure below this is told, but for zero."""
    left_out: bool
    """There are mediations that are in no row: too few to tell of."""


@routes.get("/mediation-figures", dependencies=[needs(COUNT_MEDIATIONS)], responses=problems(422))
async def figures(
    community: Slug, cases: CasesDep, store: StoreDep, since: AwareDatetime | None = None
) -> MediationFigures:
    """By category of dispute and by state, those opened since a time. No persons, and nothing that few are in."""
    directory = await cases.communities.directory(community)
    if directory is None:
        raise Problem("unknown_community", 422, sentence_of(no_community(community)))
    since = max(since, LONG_AGO) if since else None
    least = rules_in(directory.zone).least_told
    told, left_out = rows(await store.counted(community, since), least)
    items = [FiguresRow(category=row.category, mediations=row.total, states=dict(row.states)) for row in told]
    return MediationFigures(items=items, hidden_below=least, left_out=left_out)
