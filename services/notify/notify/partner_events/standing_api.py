"""How a partner stands, for operators: by which ways it reads, how far it is behind, what its endpoint does."""

from datetime import datetime
from typing import Annotated

from linli.contracts.base import Record, Slug
from linli.contracts.notify.permissions import READ_ENDPOINTS
from linli.security.auth import needs
from linli.web.app import problems, router
from linli.web.given import given
from linli.web.problems import not_found
from notify.deliveries.given import CommunitiesDep
from notify.partner_events.domain.standing import Behind, State
from notify.partner_events.standing import Standings

routes = router(prefix="/v1/partners/{community}/{party}", tags=["partners"])
StandingsDep = Annotated[Standings, given(Standings)]


class WayView(Record):
    """One way by which it reads."""

    way: str
    """`pull`: it fetches; `endpoint`: it is posted to; `kafka`: its topics are written."""
    cursor: str
    """All up to here was read, or passed over."""
    last_read: datetime | None
    behind: int
    """Events that it has yet to read by this way, of whatever type."""
    behind_since: datetime | None
    """When the first of them happened."""
    state: State
    failing_since: datetime | None
    off: str | None
    """Why nothing goes out by it any more."""


class StandingView(Record):
    """How a partner stands."""

    community: str
    party: str
    last: str
    """The newest cursor."""
    ways: list[WayView]
    """Those that it has used; none for one that never read."""
    unread_since: datetime | None
    """When the first event happened that it has read by no way."""


@routes.get("/standing", dependencies=[needs(READ_ENDPOINTS)], responses=problems(404))
async def standing(community: Slug, party: Slug, communities: CommunitiesDep, standings: StandingsDep) -> StandingView:
    """By which ways a partner reads its events, when last, and how far it is behind."""
    directory = communities.directory(community)
    if directory is None or party not in directory.parties:
        raise not_found("party")
    [found] = await standings.of(f"{community}/{party}")
    return StandingView(
        community=community,
        party=party,
        last=str(found.last),
        ways=[_view(each) for each in found.ways],
        unread_since=found.unread_since,
    )


def _view(behind: Behind) -> WayView:
    place = behind.place
    return WayView(
        way=place.way,
        cursor=str(place.cursor),
        last_read=place.read_at,
        behind=behind.events,
        behind_since=behind.since,
        state=place.state,
        failing_since=place.since,
        off=place.reason,
    )
