"""The desk's list of common affairs: of which neighbourhood, and what goes on there."""

import asyncio
import secrets
from typing import Annotated

from fastapi import Form, Response

from linli.contracts.base import Slug
from linli.security.auth import OPEN
from portal.addresses import at
from portal.pages.language import gettext
from portal.pages.route import page_router
from portal.renewal.given import AtTheDesk, Id, Key
from portal.services import NOT_TO_BE_HAD, or_none

routes = page_router()
SNAPSHOT = Annotated[str, Form(pattern=r"^[0-9A-Za-z._-]{1,64}$")]
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
    return here.page(
        "affairs.html",
        community=community,
        neighbourhood=neighbourhood,
        of=dict(zip(KINDS, found, strict=True)),
        key=lambda: secrets.token_hex(16),
        snapshot=f"s-{here.visit.office.today:%Y-%m-%d}",
    )


@routes.post("/desk/renewal/{community}/{neighbourhood}/freeze/{id}", dependencies=[OPEN])
async def freeze(
    community: Slug, neighbourhood: Slug, id: Id, here: AtTheDesk, snapshot: SNAPSHOT, key: Key = ""
) -> Response:
    """Make a register stand still under a name, for a vote."""
    await here.send(at("/v1/registers/{id}:freeze", id=id), {"snapshot_id": snapshot}, key)
    address = at("/desk/renewal/{community}/{neighbourhood}", community=community, neighbourhood=neighbourhood)
    return here.done(address, gettext("The register is frozen as %(name)s.") % {"name": snapshot})
