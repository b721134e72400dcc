"""Routes of places: where the neighbourhoods lie, and what the public may know of each."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import Query

from linli.contracts.base import Record
from linli.contracts.workflow.community import Announcement, Neighbourhood
from linli.contracts.workflow.outlines import Polygon
from linli.contracts.workflow.permissions import READ_REQUESTS, READ_SERVICES
from linli.security.auth import needs
from linli.web.app import problems, router
from linli.web.problems import not_found
from workflow.community.domain.directory import Directory
from workflow.community.store import CommunityStore
from workflow.requests.api import CommunitiesDep, StoreDep
from workflow.requests.domain.announcing import shown_there
from workflow.requests.domain.services import offers
from workflow.requests.store import Counted

routes = router(prefix="/v1", tags=["public"])


class Place(Record):
    """A neighbourhood on the map."""

    id: str
    name: str
    name_en: str | None
    outlines: tuple[Polygon, ...]
    """WGS 84; none where it is not known."""


class Places(Record):
    """All of a community, in the order of its data."""

    community: str
    name: str
    name_en: str | None
    open_data: bool
    """Whether each month's cases are for everybody."""
    items: list[Place]


class CategoryFigures(Record):
    """How many reports and demands of a category there were."""

    category: str | None
    service: str | None
    """Its name."""
    service_en: str | None
    reported: int
    solved: int
    """Of these: dealt with, by now."""


class NeighbourhoodView(Record):
    """What was reported and solved in a neighbourhood, and what the office tells there. Nobody's words."""

    community: str
    id: str
    name: str
    name_en: str | None
    since: date
    reported: int
    solved: int
    categories: list[CategoryFigures]
    """Those of which there is any, most first."""
    announcements: list[Announcement]


@routes.get("/neighbourhoods/{community}", dependencies=[needs(READ_SERVICES)], responses=problems(404))
async def places(community: str, communities: CommunitiesDep) -> Places:
    """The neighbourhoods with their outlines."""
    data = (await _directory(community, communities)).community
    return Places(
        community=data.id,
        name=data.name,
        name_en=data.name_en,
        open_data=data.open_data,
        items=[
            Place(id=each.id, name=each.name, name_en=each.name_en, outlines=each.outlines)
            for each in data.neighbourhoods
        ],
    )


@routes.get("/neighbourhoods/{community}/{id}", dependencies=[needs(READ_REQUESTS)], responses=problems(404, 422))
async def neighbourhood(
    community: str,
    id: str,
    communities: CommunitiesDep,
    store: StoreDep,
    days: Annotated[int, Query(ge=1, le=366, description="How far back")] = 90,
) -> NeighbourhoodView:
    """What was reported there, and what of it is solved; what the office tells."""
    directory = await _directory(community, communities)
    place = next((each for each in directory.community.neighbourhoods if each.id == id), None)
    if place is None:
        raise not_found("neighbourhood")
    since = communities.now() - timedelta(days=days)
    counted = await store.figures(community, id, since)
    return _view(place, directory, since.astimezone(directory.zone).date(), counted, _today(directory, communities))


def _view(
    place: Neighbourhood, directory: Directory, since: date, counted: list[Counted], today: date
) -> NeighbourhoodView:
    names = {each.code: each for each in offers(directory.community)}
    return NeighbourhoodView(
        community=directory.community.id,
        id=place.id,
        name=place.name,
        name_en=place.name_en,
        since=since,
        reported=sum(each.reported for each in counted),
        solved=sum(each.solved for each in counted),
        categories=[
            CategoryFigures(
                category=each.category,
                service=offer and offer.name,
                service_en=offer and offer.name_en,
                reported=each.reported,
                solved=each.solved,
            )
            for each in counted
            for offer in [names.get(each.category or "")]
        ],
        announcements=list(shown_there(directory.community.announcements, place.id, today)),
    )


async def _directory(community: str, communities: CommunityStore) -> Directory:
    directory = await communities.directory(community)
    if directory is None:
        raise not_found("community")
    return directory


def _today(directory: Directory, communities: CommunityStore) -> date:
    return communities.now().astimezone(directory.zone).date()
