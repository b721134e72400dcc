"""Clearings of illegal structures 拆违治乱: found, noticed, appealed, cleared, looked at again."""

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
    Verb,
    add_verbs,
    as_answer,
    body_of,
    wish_of,
    with_instead,
)
from neighbourhood.works.api.given import A_HASH, ANOTHER_HASH, BEFORE_AND_AFTER, PHOTOS, ClearingsDep, HistoryDep
from neighbourhood.works.domain import clearing as do
from neighbourhood.works.history import Happening, happenings
from neighbourhood.works.office import Clearings

routes = router(prefix="/v1/clearings", tags=["clearings"])
_FOUND = {
    "community": "fushan-road",
    "neighbourhood": "yard-3",
    "what": "彩钢板棚",
    "place": "3 号楼东侧消防通道",
    "photos": [A_HASH],
}
NewClearing: Any = with_instead(body_of(do.FindStructure, BY_THE_SERVICE | {"id", "photos"}), do.FindStructure, PHOTOS)


@routes.post(
    "", dependencies=[needs(HOLD_AFFAIRS)], response_model=do.Clearing, status_code=201, responses=problems(*ERRORS)
)
async def found(
    new: Annotated[NewClearing, Field(examples=[_FOUND])], handed: HandedDep, clearings: ClearingsDep
) -> Any:
    """Record what seems to stand without permission."""
    id, place = str(uuid7()), Place(new.community, new.neighbourhood)
    said = wish_of(do.FindStructure, new, without=PHOTOS)
    wish = Wish(do.FindStructure, {**said.said, "id": id}, said.for_party, also={"photos": new.photos})
    what = ["clearings", new.model_dump(mode="json")]
    return await handed.once(clearings, what, lambda asked: clearings.begin(id, place, wish, asked), status=201)


@routes.get("", dependencies=[needs(READ_AFFAIRS)], response_model=list[do.Clearing])
async def listing(who: Who, clearings: ClearingsDep, community: Slug, neighbourhood: Slug) -> Any:
    """A neighbourhood's clearings, the oldest first."""
    return await clearings.of_place(who, Place(community, neighbourhood))


@routes.get("/{id}", dependencies=[needs(READ_AFFAIRS)], response_model=do.Clearing, responses=problems(404))
async def view(id: AffairId, who: Who, clearings: ClearingsDep) -> Any:
    """How a clearing stands."""
    clearing = await clearings.seen(id, who)
    return as_answer(clearings.stories.written.dump_json(clearing), clearing.version)


@routes.get("/{id}/history", dependencies=[needs(READ_AFFAIRS)], responses=problems(403, 404))
async def history(id: AffairId, who: Who, clearings: ClearingsDep, told: HistoryDep) -> list[Happening]:
    """All that happened to it, in order."""
    await clearings.led(id, who)
    return [*happenings(await told.of(id), {})]


add_verbs(
    routes,
    Clearings,
    do.Clearing,
    [
        Verb("notice", do.NoticeClearing, HOLD_AFFAIRS, {"notice": A_HASH, "remove_by": "2026-05-20"}),
        Verb("appeal", do.AppealClearing, HOLD_AFFAIRS, {"on": "2026-05-08"}),
        Verb("decide_appeal", do.DecideAppeal, HOLD_AFFAIRS, {"upheld": False, "why": "未取得规划许可"}),
        Verb(
            "clear",
            do.ClearStructure,
            HOLD_AFFAIRS,
            {"voluntary": True, "before": [A_HASH], "after": [ANOTHER_HASH]},
            instead=BEFORE_AND_AFTER,
        ),
        Verb("check", do.CheckClearing, HOLD_AFFAIRS, {"clean": True, "photos": [A_HASH]}, instead=PHOTOS),
    ],
)
