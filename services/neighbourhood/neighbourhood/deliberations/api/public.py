"""What is talked over in a neighbourhood, for everybody: the question, from when to when, and whether it is over."""

from datetime import date

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Id, Wording
from linli.contracts.neighbourhood.permissions import READ_PUBLIC_AFFAIRS
from linli.security.auth import needs
from linli.web.app import problems, router
from neighbourhood.deliberations.api.deliberations import DeliberationsDep
from neighbourhood.deliberations.domain.deliberation import DeliberationState

routes = router(prefix="/v1/public/deliberations", tags=["deliberations"])
MOST = 500


class PublicTalks(Record):
    """A question that is talked over. Nothing of what was said: that is told by the outcome alone."""

    id: Id
    question: Wording
    state: DeliberationState
    first_day: date
    last_day: date


@routes.get("", dependencies=[needs(READ_PUBLIC_AFFAIRS)], responses=problems(404, 422))
async def of_a_place(talks: DeliberationsDep, community: Slug, neighbourhood: Slug) -> list[PublicTalks]:
    """A neighbourhood's deliberations."""
    talks.communities.place(community, neighbourhood)
    found = await talks.stories.found({"community": community, "neighbourhood": neighbourhood}, MOST)
    return [
        PublicTalks(
            id=each.id, question=each.question, state=each.state, first_day=each.first_day, last_day=each.last_day
        )
        for each in found
    ]
