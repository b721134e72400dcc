"""A vote is drafted: its matters with their legal class and whom each concerns, its register, its ways, its tellers."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Query, Response

from linli.contracts.base import Slug
from linli.security.auth import OPEN
from linli.web.bodies import takes
from portal.addresses import at
from portal.pages.language import gettext as _
from portal.pages.route import page_router
from portal.renewal import words
from portal.renewal.forms import Filled, read
from portal.renewal.given import AtTheDesk, Id, StaffVisit
from portal.renewal.giving import MOST_BYTES, Giving, give, shown
from portal.renewal.owners import Owners, owners_by
from portal.renewal.prepare_forms import Place, Room, close_up, command, drafted, form_of
from portal.services import NOT_TO_BE_HAD, or_none

routes = page_router()
NEW, ANEW = "/desk/renewal/{community}/{neighbourhood}/vote", "/desk/votes/{id}/prepare"
TELLERS_PROPOSED = 100
Snapshot = Annotated[str, Query(max_length=64, pattern=r"^[0-9A-Za-z._-]*$")]


@routes.get(NEW, dependencies=[OPEN])
async def form(community: Slug, neighbourhood: Slug, here: AtTheDesk, snapshot: Snapshot = "") -> Response:
    """An empty draft; `snapshot` is the frozen register, the newest unless said."""
    place = await _place(here, community, neighbourhood, snapshot)
    return shown(here, _new(place, Room()), more=True)


@routes.post(NEW, dependencies=[OPEN, takes(MOST_BYTES)])
async def prepare(community: Slug, neighbourhood: Slug, here: AtTheDesk) -> Response:
    """Draft it, or show room for one more matter."""
    filled = close_up(await read(here.visit.request))
    place = await _place(here, community, neighbourhood, filled.one("snapshot"))
    return await _sent(here, lambda room: _new(place, room), filled)


@routes.get(ANEW, dependencies=[OPEN])
async def draft(id: Id, here: AtTheDesk) -> Response:
    """What was drafted, to be changed: a notice that hangs then begins anew."""
    vote, texts = await _vote(here, id)
    place = await _place(here, vote["community"], vote["neighbourhood"], vote["terms"]["snapshot_id"])
    filled = drafted(vote, texts, place.owners)
    room = Room.of(filled)
    return shown(here, _anew(place, id, room), filled, more=room.more)


@routes.post(ANEW, dependencies=[OPEN, takes(MOST_BYTES)])
async def change(id: Id, here: AtTheDesk) -> Response:
    """Draft it anew."""
    filled = close_up(await read(here.visit.request))
    vote, _texts = await _vote(here, id)
    place = await _place(here, vote["community"], vote["neighbourhood"], filled.one("snapshot"))
    return await _sent(here, lambda room: _anew(place, id, room), filled)


async def _sent(here: StaffVisit, made: Callable[[Room], Giving], filled: Filled) -> Response:
    """Sent; or shown again with room for one more matter."""
    more = bool(filled.one("more"))
    room = Room.of(filled, spare=more)
    if more:
        return shown(here, made(room), filled, more=room.more)
    return await give(here, made(room), filled, more=room.more)


def _new(place: Place, room: Room) -> Giving:
    base = at("/desk/renewal/{c}/{n}", c=place.community, n=place.neighbourhood)
    return Giving(
        form_of(place, room, _("Prepare a vote"), _("The vote is prepared. Its notice can be posted.")),
        f"{base}/vote",
        "/v1/votes",
        base,
        _("Common affairs"),
        lambda said: command(place.owners, said),
        {"community": place.community, "neighbourhood": place.neighbourhood},
        lambda vote: at("/desk/votes/{id}", id=vote["id"]),
    )


def _anew(place: Place, id: str, room: Room) -> Giving:
    page = at("/desk/votes/{id}", id=id)
    form = form_of(place, room, _("Change what was prepared"), _("It is prepared anew. Its notice has to be posted."))
    to = at("/v1/votes/{id}:prepare", id=id)
    return Giving(form, f"{page}/prepare", to, page, _("Vote of the owners"), lambda said: command(place.owners, said))


async def _place(here: StaffVisit, community: str, neighbourhood: str, snapshot: str) -> Place:
    registers, keys = await asyncio.gather(
        here.get("/v1/registers", {"community": community, "neighbourhood": neighbourhood}), _tellers(here, community)
    )
    frozen = {
        name: _("%(name)s: %(units)s units of %(heads)s owners")
        % {"name": name, "units": each["units"], "heads": each["heads"]}
        for each in reversed(registers)
        for name in reversed(each["snapshots"])
    }
    chosen = snapshot if snapshot in frozen else next(iter(frozen), "")
    owners = await owners_by(here, community, neighbourhood, chosen) if chosen else Owners()
    return Place(community, neighbourhood, list(frozen.items()), chosen, owners, keys)


async def _tellers(here: StaffVisit, community: str) -> list[tuple[str, str]]:
    """Keys that live, as far as who asks may see them."""
    if not here.person.may("keys:read"):
        return []
    found = await or_none(here.services.read("/v1/keys", here.caller), NOT_TO_BE_HAD)
    live = [each for each in (found or {"items": []})["items"] if not each["revoked_at"]]
    able = [
        each for each in live if each["role"] == "operator" or (each["role"], each["community"]) == ("party", community)
    ]
    return [(f"key:{each['id']}", each["name"]) for each in able][:TELLERS_PROPOSED]


async def _vote(here: StaffVisit, id: str) -> tuple[dict[str, Any], dict[str, str]]:
    path = at("/v1/votes/{id}", id=id)
    vote, texts = await asyncio.gather(here.get(path), here.get(f"{path}/matters"))
    return vote, words.texts_of(texts)
