"""A neighbourhood's feeds."""

from datetime import UTC, datetime

import orjson
from fastapi import Response

from linli.contracts.base import Slug
from linli.security.auth import OPEN
from portal.pages.route import page_router
from portal.residents.feeds import atom, entries_of, json_feed
from portal.residents.given import OfficeDep, PublicDep
from portal.residents.naming import called
from portal.residents.neighbourhood_api import around

routes = page_router()
KEPT = {"Cache-Control": "public, max-age=60", "Access-Control-Allow-Origin": "*"}
THE_FIRST = datetime(2026, 1, 1, tzinfo=UTC)
"""Of a feed in which nothing is yet."""


@routes.get("/n/{community}/{neighbourhood}/feed.atom", dependencies=[OPEN])
async def as_atom(community: Slug, neighbourhood: Slug, public: PublicDep, office: OfficeDep) -> Response:
    """Announcements, outages and what became of reports; nobody's words."""
    place, *news = await around(public, community, neighbourhood)
    page = f"{office.url}/n/{community}/{neighbourhood}"
    feed = atom(called(place), page, f"{page}/feed.atom", entries_of(place, *news), THE_FIRST)
    return Response(feed, media_type="application/atom+xml", headers=KEPT)


@routes.get("/n/{community}/{neighbourhood}/feed.json", dependencies=[OPEN])
async def as_json(community: Slug, neighbourhood: Slug, public: PublicDep, office: OfficeDep) -> Response:
    """The same as JSON Feed."""
    place, *news = await around(public, community, neighbourhood)
    page = f"{office.url}/n/{community}/{neighbourhood}"
    feed = json_feed(called(place), page, f"{page}/feed.json", entries_of(place, *news))
    return Response(orjson.dumps(feed), media_type="application/feed+json", headers=KEPT)
