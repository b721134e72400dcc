"""Notices for staff, who post them; and the board, which everybody reads."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field
from uuid_utils import uuid7

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Digest, Id
from linli.contracts.neighbourhood.permissions import HOLD_AFFAIRS, READ_AFFAIRS, READ_PUBLIC_AFFAIRS, TAKE_PART
from linli.contracts.neighbourhood.publicity import DayRule, Subject
from linli.security.auth import Who, needs
from linli.web.app import problems, router
from linli.web.given import given
from neighbourhood.affairs.office import Place
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
)
from neighbourhood.profiles.days import Place as Days
from neighbourhood.publicity.domain import deciding as commands
from neighbourhood.publicity.domain.notice import NoticeStage, PostedNotice
from neighbourhood.publicity.office import Notices, counted

routes = router(prefix="/v1/publicity", tags=["publicity"])
board = router(prefix="/v1/board", tags=["publicity"])
NoticesDep = Annotated[Notices, given(Notices)]
_DIGEST = "0" * 64
_PREPARED = {
    "community": "fushan-road",
    "neighbourhood": "yard-3",
    "subject": "plan",
    "subject_id": "plan-1",
    "digest": _DIGEST,
    "buildings": ["b3", "b4"],
}
_ASKED = body_of(commands.Prepare, BY_THE_SERVICE | {"id", "rule"})


class NewNotice(_ASKED):  # type: ignore[valid-type, misc]  # made of the command
    """What is to hang where."""


class InBuilding(Record):
    """How a notice stands in one building."""

    building: Slug
    posted_at: datetime | None
    """From when its days count there; None: it does not hang there."""
    missing_since: datetime | None
    photo: Digest | None


class OnBoard(Record):
    """A notice, as everybody sees it."""

    id: Id
    subject: Subject
    subject_id: Id
    digest: Digest
    """SHA-256 of what hangs: whoever has the text can see whether it is this one."""
    stage: NoticeStage
    rule: DayRule
    hangs_in: int
    of_buildings: int
    buildings: list[InBuilding]
    first_day: date | None
    """The first that counts, once it hangs in all of its buildings."""
    last_day: date | None


@routes.post(
    "", dependencies=[needs(HOLD_AFFAIRS)], response_model=PostedNotice, status_code=201, responses=problems(*ERRORS)
)
async def prepare(
    new: Annotated[NewNotice, Field(examples=[_PREPARED])], handed: HandedDep, notices: NoticesDep
) -> Any:
    """Prepare a notice: what it is of, and the buildings in which it has to hang. How long is the place's rule."""
    id, place = str(uuid7()), Place(new.community, new.neighbourhood)
    wish = wish_of(commands.Prepare, new, also=id)
    what = ["publicity", new.model_dump(mode="json")]
    return await handed.once(notices, what, lambda asked: notices.begin(id, place, wish, asked), status=201)


@routes.get("", dependencies=[needs(READ_AFFAIRS)], response_model=list[PostedNotice], responses=problems(404))
async def listing(who: Who, notices: NoticesDep, community: Slug, neighbourhood: Slug) -> Any:
    """A neighbourhood's notices, also those that do not hang any more."""
    return await notices.of_place(who, Place(community, neighbourhood))


@routes.get("/{id}", dependencies=[needs(READ_AFFAIRS)], response_model=PostedNotice, responses=problems(404))
async def view(id: AffairId, who: Who, notices: NoticesDep) -> Any:
    """How a notice stands."""
    notice = await notices.seen(id, who)
    return as_answer(notices.stories.written.dump_json(notice), notice.version)


@board.get("", dependencies=[needs(READ_PUBLIC_AFFAIRS)], responses=problems(404, 422))
async def hangs_now(who: Who, notices: NoticesDep, community: Slug, neighbourhood: Slug) -> list[OnBoard]:
    """What hangs in a neighbourhood now, building by building, and on which days that count."""
    days = _days(notices, community, neighbourhood)
    return [on_board(each, days) for each in await notices.hanging(Place(community, neighbourhood))]


@board.get("/{id}", dependencies=[needs(READ_PUBLIC_AFFAIRS)], responses=problems(404))
async def one(id: AffairId, who: Who, notices: NoticesDep) -> OnBoard:
    """One notice, also after its days: where it hung and from when."""
    notice = await notices.seen(id, who)
    return on_board(notice, _days(notices, notice.community, notice.neighbourhood))


def _days(notices: Notices, community: str, neighbourhood: str) -> Days:
    directory = notices.communities.place(community, neighbourhood)
    return Days(directory.zone, directory.is_working_day)


def on_board(notice: PostedNotice, days: Days) -> OnBoard:
    """What all may see of a notice: nobody is in it."""
    hangs, of = notice.reached
    counts = counted(notice, days)
    return OnBoard(
        id=notice.id,
        subject=notice.subject,
        subject_id=notice.subject_id,
        digest=notice.digest,
        stage=notice.stage,
        rule=notice.rule,
        hangs_in=hangs,
        of_buildings=of,
        buildings=[
            InBuilding(
                building=each,
                posted_at=None if each in notice.missing else notice.posted.get(each),
                missing_since=notice.missing.get(each),
                photo=notice.photos.get(each),
            )
            for each in notice.buildings
        ],
        first_day=counts.first_day if counts else None,
        last_day=counts.last_day if counts else None,
    )


_POSTED = {"building": "b3", "digest": _DIGEST, "posted_at": "2026-11-02T09:00:00+08:00", "photo": "1" * 64}
add_verbs(
    routes,
    Notices,
    PostedNotice,
    [
        Verb("post", commands.Post, TAKE_PART, _POSTED),
        Verb("miss", commands.Miss, TAKE_PART, {"building": "b3"}),
        Verb("change_text", commands.ChangeText, HOLD_AFFAIRS, {"digest": "2" * 64}),
        Verb("complete", commands.Complete, HOLD_AFFAIRS),
        Verb("end", commands.End, HOLD_AFFAIRS),
    ],
)
