"""Work packages: opened, built, looked at, accepted, handed over. Each of the site's parties acts by its own key."""

from typing import Annotated, Any

from pydantic import Field
from uuid_utils import uuid7

from linli.contracts.base import Slug
from linli.contracts.neighbourhood.permissions import HOLD_AFFAIRS, READ_AFFAIRS
from linli.security.auth import Who, needs
from linli.web.app import problems, router
from neighbourhood.affairs.office import Place, Wish
from neighbourhood.affairs.verbs import (
    BY_THE_SERVICE,
    ERRORS,
    AffairId,
    HandedDep,
    add_verbs,
    as_answer,
    body_of,
    wish_of,
)
from neighbourhood.works.api.given import HistoryDep, WorksDep
from neighbourhood.works.api.package_verbs import VERBS
from neighbourhood.works.domain import commands
from neighbourhood.works.domain.package import Package
from neighbourhood.works.history import DefectSeen, Happening, defects_of, happenings
from neighbourhood.works.office import Works

routes = router(prefix="/v1/works", tags=["works"])
NewPackage: Any = body_of(commands.OpenPackage, BY_THE_SERVICE | {"id", "plan_checked"})
_NEW = {
    "community": "fushan-road",
    "neighbourhood": "yard-3",
    "title": "3 号楼东侧电动车棚",
    "plan_id": "0199e0a4-7d1c-7c55-8d6f-0e6f6f1f9a01",
    "plan_hash": "0" * 64,
    "items": ["shed"],
    "demands": ["0199e0a4-0000-7c55-8d6f-0e6f6f1f9a01"],
    "appointed": [
        {"role": "client", "party": "street"},
        {"role": "design", "party": "institute"},
        {"role": "builder", "party": "builder-co"},
        {"role": "supervisor", "party": "supervisor-co"},
    ],
    "trades": ["waterproofing", "electrics"],
}


@routes.post(
    "", dependencies=[needs(HOLD_AFFAIRS)], response_model=Package, status_code=201, responses=problems(*ERRORS)
)
async def open_package(new: Annotated[NewPackage, Field(examples=[_NEW])], handed: HandedDep, works: WorksDep) -> Any:
    """Make a package of a final plan's items, with the parties that build, supervise, design and accept it."""
    id, place = str(uuid7()), Place(new.community, new.neighbourhood)
    asked_for = wish_of(commands.OpenPackage, new)
    wish = Wish(commands.OpenPackage, {**asked_for.said, "id": id}, asked_for.for_party)
    what = ["works", new.model_dump(mode="json")]
    return await handed.once(works, what, lambda asked: works.begin(id, place, wish, asked), status=201)


@routes.get("", dependencies=[needs(READ_AFFAIRS)], response_model=list[Package])
async def listing(who: Who, works: WorksDep, community: Slug, neighbourhood: Slug) -> Any:
    """A neighbourhood's packages, the oldest first."""
    return await works.of_place(who, Place(community, neighbourhood))


@routes.get("/{id}", dependencies=[needs(READ_AFFAIRS)], response_model=Package, responses=problems(404))
async def view(id: AffairId, who: Who, works: WorksDep) -> Any:
    """How a package stands: what is built, signed, open, and under warranty until when."""
    package = await works.seen(id, who)
    return as_answer(works.stories.written.dump_json(package), package.version)


@routes.get("/{id}/history", dependencies=[needs(READ_AFFAIRS)], responses=problems(403, 404))
async def history(id: AffairId, who: Who, works: WorksDep, told: HistoryDep) -> list[Happening]:
    """All that happened to it, in order, with what was said and the hashes of what was shown."""
    await works.concerning(id, who, lambda each: each.parties)
    return [*happenings(await told.of(id), await works.texts.of(id))]


@routes.get("/{id}/defects", dependencies=[needs(READ_AFFAIRS)], responses=problems(403, 404))
async def defects(id: AffairId, who: Who, works: WorksDep, told: HistoryDep) -> list[DefectSeen]:
    """Its defects, with what was said and shown of each, before and after."""
    package = await works.concerning(id, who, lambda each: each.parties)
    return defects_of(package, await told.of(id), await works.texts.of(id))


add_verbs(routes, Works, Package, VERBS)
