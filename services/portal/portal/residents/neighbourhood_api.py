"""The neighbourhood's page: what was reported and solved, outages, notices. Others may show it on theirs."""

import asyncio
from typing import Annotated, Any

from fastapi import Query, Request, Response

from linli.contracts.base import Slug
from linli.security.auth import OPEN
from portal.pages.route import page_router, policy
from portal.residents.given import OfficeDep, PagesDep, PublicDep
from portal.residents.public import Public

routes = page_router()
SHOWN = 20
"""The newest that are listed."""


@routes.get("/n", dependencies=[OPEN])
async def all_of_them(request: Request, pages: PagesDep, public: PublicDep) -> Response:
    """Every neighbourhood."""
    communities = await public.communities()
    places = {each["id"]: await public.places(each["id"]) for each in communities}
    return pages.page(request, "residents/neighbourhoods.html", communities=communities, places=places)


@routes.get("/n/{community}/{neighbourhood}", dependencies=[OPEN])
async def one(
    community: Slug,
    neighbourhood: Slug,
    request: Request,
    pages: PagesDep,
    public: PublicDep,
    office: OfficeDep,
    embed: Annotated[bool, Query()] = False,
) -> Response:
    """One of them; with `embed=1` without our frame, for another page's."""
    place, outages, requests = await around(public, community, neighbourhood)
    template = "residents/embed.html" if embed else "residents/neighbourhood.html"
    headers = {"Content-Security-Policy": policy(frame_ancestors="*")} if embed else {}
    return pages.page(
        request, template, 200, headers, place=place, outages=outages, requests=requests, office=office.url
    )


async def around(
    public: Public, community: str, neighbourhood: str
) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    """Its figures and announcements, what is off, and the newest reports. Raises 404."""
    place, outages, requests = await asyncio.gather(
        public.neighbourhood(community, neighbourhood),
        public.outages(community, neighbourhood),
        public.requests(community, neighbourhood, SHOWN),
    )
    return place, outages, requests
