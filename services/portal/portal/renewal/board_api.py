"""The notice board 公示栏 of a neighbourhood, the page of a plan and of a vote: for everybody."""

import asyncio
import re
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Query, Response

from linli.contracts.base import Slug
from linli.security.auth import OPEN
from linli.web.problems import not_found
from portal.addresses import at
from portal.pages.route import page_router
from portal.renewal.given import Anybody, Id, Visit
from portal.services import NOT_TO_BE_HAD, or_none

routes = page_router()
PROGRESS_OF = 8
"""Works whose announcements are shown on the board."""
UNDER_WAY = frozenset({"building", "completed", "requested", "convened"})
Seal = Annotated[str | None, Query(max_length=80)]
After = Annotated[int, Query(ge=0, le=50_000)]
Behind = Annotated[str | None, Query(pattern="^[0-9a-f]{64}$")]
DOORS = SEALS = 200
"""Shown at a time."""
A_SEAL = re.compile("[0-9a-f]{64}")


@routes.get("/board/{community}/{neighbourhood}", dependencies=[OPEN])
async def board(community: Slug, neighbourhood: Slug, here: Anybody) -> Response:
    """What hangs, what is asked and planned, votes and how many have taken part, what is built."""
    places = await here.public.places(community)
    place = next((each for each in places["items"] if each["id"] == neighbourhood), None)
    if place is None:
        raise not_found("neighbourhood")
    asked = {"community": community, "neighbourhood": neighbourhood}
    notices, rounds, plans, talks, covenants, votes, works = await asyncio.gather(
        or_none(here.get("/v1/board", asked), NOT_TO_BE_HAD),
        or_none(here.get("/v1/rounds:public", asked), NOT_TO_BE_HAD),
        or_none(here.get("/v1/public/plans", asked), NOT_TO_BE_HAD),
        or_none(here.get("/v1/public/deliberations", asked), NOT_TO_BE_HAD),
        or_none(here.get("/v1/public/covenants", asked), NOT_TO_BE_HAD),
        or_none(here.get("/v1/votes/public", asked), NOT_TO_BE_HAD),
        or_none(here.get("/v1/works/public", asked), NOT_TO_BE_HAD),
    )
    return here.page(
        "board.html",
        community=community,
        place=place,
        notices=notices,
        rounds=rounds,
        plans=plans,
        talks=talks[::-1] if talks is not None else None,
        covenants=covenants,
        votes=votes[::-1] if votes is not None else None,
        works=works,
        told=await _announced(here, works or []),
    )


@routes.get("/plans/{id}", dependencies=[OPEN])
async def plan(id: Id, here: Anybody) -> Response:
    """All of a plan as it hangs."""
    return here.page("plan.html", plan=await here.get(at("/v1/public/plans/{id}", id=id)))


@routes.get("/plans/{id}/plan.pdf", dependencies=[OPEN])
async def plan_on_paper(id: Id, here: Anybody) -> Response:
    """The posted version, as it hangs."""
    content = await here.services.content("neighbourhood", at("/v1/public/plans/{id}/paper", id=id), here.caller)
    return Response(content, media_type="application/pdf")


@routes.get("/vote/{id}", dependencies=[OPEN])
async def vote(
    id: Id, here: Anybody, seal: Seal = None, after: After = 0, seals: bool = False, behind: Behind = None
) -> Response:
    """One vote, and which doors took part, some at a time; with `seal` whether that one is in the list, with `seals`
    the list, some at a time as well: nobody who looks at the turnout waits for twenty thousand of either."""
    seal = (seal or "").strip().lower()
    found, took_part = await asyncio.gather(
        here.get(at("/v1/votes/{id}/public", id=id)),
        here.get(at("/v1/votes/{id}/list", id=id), {"after": after, "limit": DOORS + 1}),
    )
    known = await _seals(here, id, behind) if seals else []
    return here.page(
        "vote.html",
        vote=found,
        took_part=took_part[:DOORS],
        before=max(after - DOORS, 0) if after else None,
        behind=after + DOORS if len(took_part) > DOORS else None,
        seals=known[:SEALS],
        more_seals=known[SEALS - 1] if len(known) > SEALS else None,
        seal=seal,
        is_there=bool(seal and A_SEAL.fullmatch(seal) and await _seals(here, id, None, seal)),
        all_seals=seals,
    )


@routes.get("/vote/{id}/result.pdf", dependencies=[OPEN])
async def result(id: Id, here: Anybody) -> Response:
    """The declared result, as it hangs."""
    content = await here.services.content("neighbourhood", at("/v1/votes/{id}/result", id=id), here.caller)
    return Response(content, media_type="application/pdf")


async def _seals(here: Visit, id: str, behind: str | None, only: str | None = None) -> list[str]:
    """One more than are shown, or only that one, if it is there."""
    asked = {"limit": SEALS + 1} | ({"after": behind} if behind else {}) | ({"seal": only} if only else {})
    found: list[str] = await here.get(at("/v1/votes/{id}/seals", id=id), asked)
    return found


async def _announced(here: Visit, works: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """What was told of works under way, by the package."""
    under_way = [each["id"] for each in works if each["state"] in UNDER_WAY][-PROGRESS_OF:]
    found = await asyncio.gather(
        *(or_none(here.get(at("/v1/works/{id}/progress", id=id)), NOT_TO_BE_HAD) for id in under_way)
    )
    return {id: progress["announced"] for id, progress in zip(under_way, found, strict=True) if progress}
