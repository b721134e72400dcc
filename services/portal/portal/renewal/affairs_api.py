"""The desk's list of common affairs: of which neighbourhood, and what goes on there."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Form, Response

from linli.contracts.base import Slug
from linli.security.auth import OPEN
from portal.addresses import at
from portal.pages.language import gettext
from portal.pages.route import page_router
from portal.renewal.given import AtTheDesk, Id, Key, StaffVisit
from portal.renewal.words import shorten
from portal.services import NOT_TO_BE_HAD, or_none

routes = page_router()
SNAPSHOT = Annotated[str, Form(pattern=r"^[0-9A-Za-z._-]{1,64}$")]
TOLD_APART = 50
"""Votes of a neighbourhood that are listed with what they ask, the newest."""
KINDS = (
    "rounds",
    "plans",
    "covenants",
    "deliberations",
    "votes",
    "registers",
    "taskforces",
    "clearings",
    "works",
    "publicity",
)


@routes.get("/desk/renewal", dependencies=[OPEN])
async def places(here: AtTheDesk) -> Response:
    """The neighbourhoods; a party's are those of its community."""
    own = here.person.community
    communities = [each for each in await here.visit.public.communities() if own in {None, each["id"]}]
    found = {each["id"]: (await here.visit.public.places(each["id"]))["items"] for each in communities}
    return here.page("places.html", communities=communities, places=found)


@routes.get("/desk/renewal/{community}/{neighbourhood}", dependencies=[OPEN])
async def affairs(community: Slug, neighbourhood: Slug, here: AtTheDesk) -> Response:
    """All affairs of one, by kind and state."""
    asked = {"community": community, "neighbourhood": neighbourhood}
    await here.get("/v1/board", asked)  # so that a place that there is not is said to be none
    found = await asyncio.gather(*(or_none(here.get(f"/v1/{kind}", asked), NOT_TO_BE_HAD) for kind in KINDS))
    of = dict(zip(KINDS, found, strict=True))
    return here.page(
        "affairs.html",
        community=community,
        neighbourhood=neighbourhood,
        of=of,
        asked=await _asked(here, of["votes"] or []),
        key=lambda: secrets.token_hex(16),
        snapshot=f"s-{here.visit.office.today:%Y-%m-%d}",
    )


async def _asked(here: StaffVisit, votes: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """By vote, how its first matter begins: that is how people know one from another."""
    newest = [each["id"] for each in votes][-TOLD_APART:]
    texts = await asyncio.gather(
        *(or_none(here.get(at("/v1/votes/{id}/matters", id=id)), NOT_TO_BE_HAD) for id in newest)
    )
    return {id: shorten(found[0]["text"]) for id, found in zip(newest, texts, strict=True) if found}


@routes.post("/desk/renewal/{community}/{neighbourhood}/freeze/{id}", dependencies=[OPEN])
async def freeze(
    community: Slug, neighbourhood: Slug, id: Id, here: AtTheDesk, snapshot: SNAPSHOT, key: Key = ""
) -> Response:
    """Make a register stand still under a name, for a vote."""
    await here.send(at("/v1/registers/{id}:freeze", id=id), {"snapshot_id": snapshot}, key)
    address = at("/desk/renewal/{community}/{neighbourhood}", community=community, neighbourhood=neighbourhood)
    return here.done(address, gettext("The register is frozen as %(name)s.") % {"name": snapshot})
