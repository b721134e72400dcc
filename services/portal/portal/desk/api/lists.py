"""Routes of the list: views and filters by address, counts, saved filters, the outlines of the map."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Form, Query, Response
from fastapi.responses import JSONResponse, RedirectResponse
from uuid_utils import uuid7

from linli.privacy.masking import masked
from linli.security.auth import OPEN
from linli.web.localized import Localized
from linli.web.problems import Problem
from portal.desk.actions import ACTIONS, IN_BULK, permission_of
from portal.desk.counting import AT_ONCE
from portal.desk.filters import KINDS, LEVELS, SORTS, STATES, VIEWS, Filters
from portal.desk.given import AtTheDesk, Here
from portal.desk.listing import listing, totals
from portal.desk.names import Names
from portal.desk.seen import MARKS, changed, marks_of
from portal.desk.store import SavedFilter, office_of
from portal.pages.route import page_router

routes = page_router()
COUNTED_FILTERS = AT_ONCE - len(VIEWS) - len(STATES)
"""Saved filters whose number is shown: with views and states it is one question to workflow."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One view with its number."""

    view: str
    address: str
    count: int | None
    current: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """A saved filter as it is shown."""

    saved: SavedFilter
    address: str
    count: int | None
    own: bool


@routes.get("/desk", dependencies=[OPEN])
async def desk(here: Here) -> Response:
    """The list of one view."""
    said = here.request.query_params.multi_items()
    filters = Filters.read(said)
    if any(not value for _, value in said):  # a form sends its empty fields too
        return RedirectResponse(filters.address, 303)
    watched, saved = await asyncio.gather(here.store.watched(here.person.principal), here.store.filters(here.person))
    listed, communities, (tabs, by_state, shelf) = await asyncio.gather(
        listing(here, filters, watched),
        here.desk.communities.listed(here.person, here.caller),
        _numbers(here, filters, watched, saved),
    )
    community = filters.community or here.person.community or (communities[0][0] if len(communities) == 1 else None)
    names = await here.names(community) if community else Names("", None)
    return here.page(
        "desk.html",
        filters=filters,
        done=done if (done := here.request.query_params.get("done", "")) in ACTIONS else None,
        listing=listed,
        seen=marks_of(row.case for row in listed.rows),
        by_state=by_state,
        communities=communities,
        names=names,
        tabs=tabs,
        shelf=shelf,
        choices={"states": STATES, "kinds": KINDS, "levels": LEVELS, "sorts": SORTS},
        may_act=here.person.may("cases:act"),
        bulk_actions=[name for name in IN_BULK if here.person.may(permission_of(name))],
    )


@routes.get("/desk/counts", dependencies=[OPEN])
async def counted(here: Here) -> Response:
    """The views with their numbers: a part of the page, asked for again and again."""
    filters = Filters.read(here.request.query_params.multi_items())
    watched = await here.store.watched(here.person.principal)
    views = _views(filters)
    return here.page("counts.html", tabs=_tabs(filters, views, await totals(here, views, watched)), filters=filters)


@routes.get("/desk/changed", dependencies=[OPEN])
async def changed_since(
    here: Here,
    seen: Annotated[str, Query(pattern=MARKS)] = "",
    told: Annotated[str, Query(max_length=6)] = "0",
) -> Response:
    """How many cases of a list are not as it shows them: a part of the page, which leads to the same list as it is now.

    204 while it is told what is told already.
    """
    filters = Filters.read(here.request.query_params.multi_items())
    listed = await listing(here, filters, await here.store.watched(here.person.principal))
    number = changed(seen, marks_of(row.case for row in listed.rows))
    if str(number) == told:
        return Response(status_code=204)
    return here.page("changed.html", filters=filters, number=number)


@routes.get("/desk/outlines.json", dependencies=[OPEN])
async def outlines(here: Here, community: Annotated[str, Query(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]) -> Response:
    """The neighbourhoods of a community as GeoJSON, for who may read it."""
    names = await here.names(community)
    return JSONResponse({"type": "FeatureCollection", "features": names.outlines()})


@routes.post("/desk/filters", dependencies=[OPEN])
async def save(
    here: Here,
    name: Annotated[str, Form(max_length=60)] = "",
    query: Annotated[str, Form(max_length=2_000)] = "",
    shared: Annotated[str, Form(max_length=5)] = "",
) -> Response:
    """Keep a filter under a name; in place of one's own of that name."""
    filters = Filters.read(_pairs(query)).but()
    name = " ".join(name.split())
    if not name or not name.isprintable():
        raise Problem("invalid", 422, Localized("A filter needs a name.", "请给筛选起一个名称。"))
    if masked(name) != name or masked(filters.q or "") != (filters.q or ""):
        detail = Localized(
            "Telephone numbers and addresses of people are not kept in filters.", "筛选中不能保存个人的电话或邮箱。"
        )
        raise Problem("invalid", 422, detail)
    # What nothing can be found by is said now, with workflow's words.
    await here.desk.counting.allow(filters.asked(here.person.party, ()), here.caller)
    person = here.person
    saved = SavedFilter(
        id=str(uuid7()),
        principal=person.principal,
        office=office_of(person),
        name=name,
        query=filters.query,
        shared=bool(shared),
        at=here.now,
    )
    await here.store.save_filter(saved)
    return RedirectResponse(filters.address, 303)


@routes.post("/desk/filters/{id}/forget", dependencies=[OPEN])
async def forget(here: Here, id: str) -> Response:
    """Take one of one's own filters away."""
    await here.store.forget_filter(here.person.principal, id)
    return RedirectResponse("/desk", 303)


async def _numbers(
    here: AtTheDesk, filters: Filters, watched: Sequence[str], saved: Sequence[SavedFilter]
) -> tuple[list[Tab], Mapping[str, int | None], list[Shelf]]:
    """Of every view, every state and the first saved filters, asked for at once."""
    views = _views(filters)
    states = [Filters(view="all", community=filters.community, state=(state,)) for state in STATES]
    read = [Filters.read(_pairs(each.query)) for each in saved]
    first = read[:COUNTED_FILTERS]
    found = await totals(here, [*views, *states, *first], watched)
    of_views, others = found[: len(views)], found[len(views) :]
    by_state, of_saved = dict(zip(STATES, others, strict=False)), others[len(states) :]
    shelf = [
        Shelf(each, address, number, each.principal == here.person.principal)
        for each, address, number in zip_longest(saved, (filters.address for filters in read), of_saved)
    ]
    return _tabs(filters, views, of_views), by_state, shelf


def _views(filters: Filters) -> list[Filters]:
    return [Filters(view=view, community=filters.community) for view in VIEWS]


def _tabs(filters: Filters, views: Sequence[Filters], numbers: Sequence[int | None]) -> list[Tab]:
    return [
        Tab(each.view, each.address, number, each.view == filters.view)
        for each, number in zip(views, numbers, strict=True)
    ]


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=False, max_num_fields=40)
