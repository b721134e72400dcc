"""Task forces over HTTP: formed, their seats filled, their bulletins read by all."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Response
from pydantic import Field
from uuid_utils import uuid7

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Id
from linli.contracts.neighbourhood.permissions import (
    HOLD_AFFAIRS,
    KNOW_MEMBERS,
    READ_AFFAIRS,
    READ_PUBLIC_AFFAIRS,
)
from linli.contracts.neighbourhood.taskforce import BulletinCorrected, BulletinIssued
from linli.security.auth import Who, needs
from linli.text.fields import Line
from linli.web.app import problems, router
from linli.web.given import given
from linli.web.problems import not_found
from neighbourhood.affairs.history import History
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
from neighbourhood.taskforce.domain import force as commands
from neighbourhood.taskforce.domain.force import TaskForce
from neighbourhood.taskforce.members import Members
from neighbourhood.taskforce.offices import TaskForces

routes = router(prefix="/v1/taskforces", tags=["task force"])
ForcesDep = Annotated[TaskForces, given(TaskForces)]
MembersDep = Annotated[Members, given(Members)]
HistoryDep = Annotated[History, given(History)]
MemberId = Annotated[Id, Path(examples=["m-01"])]
_ASKED = body_of(commands.FormTaskForce, BY_THE_SERVICE | {"id"})


class NewTaskForce(_ASKED):  # type: ignore[valid-type, misc]  # made of the command
    """A task force, and where."""


class MemberName(Record):
    """What somebody is called who sits there. Kept beside, and in no event."""

    name: Annotated[str, Line(100, 1)]


class Corrigendum(Record):
    """What something should have said, and why it is put right."""

    number: int
    instead: str
    why: str


class Bulletin(Record):
    """As it was issued, with what was put right later beside it."""

    number: int
    issued_at: datetime
    title: str
    text: str
    meeting: str | None
    corrigenda: list[Corrigendum]


_NEW = {"community": "fushan-road", "neighbourhood": "yard-3", "title": "3号院改造专班"}


@routes.post(
    "", dependencies=[needs(HOLD_AFFAIRS)], response_model=TaskForce, status_code=201, responses=problems(*ERRORS)
)
async def form(new: Annotated[NewTaskForce, Field(examples=[_NEW])], handed: HandedDep, forces: ForcesDep) -> Any:
    """Form a task force, with no seat yet."""
    id, place = str(uuid7()), Place(new.community, new.neighbourhood)
    wish = wish_of(commands.FormTaskForce, new, also=id)
    what = ["taskforce", new.model_dump(mode="json")]
    return await handed.once(forces, what, lambda asked: forces.begin(id, place, wish, asked), status=201)


@routes.get("", dependencies=[needs(READ_AFFAIRS)], response_model=list[TaskForce])
async def listing(who: Who, forces: ForcesDep, community: Slug, neighbourhood: Slug) -> Any:
    """A neighbourhood's task forces."""
    return await forces.of_place(who, Place(community, neighbourhood))


@routes.get("/{id}", dependencies=[needs(READ_AFFAIRS)], response_model=TaskForce, responses=problems(404))
async def view(id: AffairId, who: Who, forces: ForcesDep) -> Any:
    """Its seats with all their terms, and how many bulletins there are."""
    force = await forces.seen(id, who)
    return as_answer(forces.stories.written.dump_json(force), force.version)


@routes.get("/{id}/bulletins", dependencies=[needs(READ_PUBLIC_AFFAIRS)], responses=problems(404))
async def bulletins(id: AffairId, who: Who, forces: ForcesDep, history: HistoryDep) -> list[Bulletin]:
    """What it has told all, the oldest first."""
    await forces.seen(id, who)
    told: dict[int, Bulletin] = {}
    for event in await history.of(id):
        if isinstance(event, BulletinIssued):
            told[event.number] = Bulletin(
                number=event.number,
                issued_at=event.at,
                title=event.title,
                text=event.text,
                meeting=event.meeting_id,
                corrigenda=[],
            )
        if isinstance(event, BulletinCorrected):
            right = Corrigendum(number=event.corrigendum, instead=event.instead, why=event.why)
            told[event.number].corrigenda.append(right)
    return list(told.values())


@routes.get("/{id}/members", dependencies=[needs(KNOW_MEMBERS)], responses=problems(403, 404))
async def members(id: AffairId, who: Who, forces: ForcesDep, known: MembersDep) -> dict[str, str]:
    """What those who sit there are called, by the ids that seats have."""
    await forces.led(id, who)
    return dict(await known.of(id))


@routes.put(
    "/{id}/members/{member}", dependencies=[needs(KNOW_MEMBERS)], status_code=204, responses=problems(403, 404, 422)
)
async def name(
    id: AffairId,
    member: MemberId,
    said: Annotated[MemberName, Field(examples=[{"name": "王主任"}])],
    who: Who,
    forces: ForcesDep,
    known: MembersDep,
) -> Response:
    """Say what somebody is called. Who confirms minutes sits there by the id of their own key, `key:…`."""
    await forces.led(id, who)
    await known.name(id, member, said.name)
    return Response(status_code=204)


@routes.delete(
    "/{id}/members/{member}", dependencies=[needs(KNOW_MEMBERS)], status_code=204, responses=problems(403, 404)
)
async def forget(id: AffairId, member: MemberId, who: Who, forces: ForcesDep, known: MembersDep) -> Response:
    """Take a name away for good. The seat and its history stay, with an id that says nothing."""
    await forces.led(id, who)
    if not await known.forget(id, member):
        raise not_found("member")
    return Response(status_code=204)


add_verbs(
    routes,
    TaskForces,
    TaskForce,
    [
        Verb(
            "fill_seat",
            commands.FillSeat,
            HOLD_AFFAIRS,
            {
                "seat_id": "residents-1",
                "role": "residents",
                "holder": "m-01",
                "sits_for": None,
                "from_day": "2026-03-02",
            },
        ),
        Verb(
            "vacate_seat",
            commands.VacateSeat,
            HOLD_AFFAIRS,
            {"seat_id": "residents-1", "on": "2026-06-01", "stands_in": "m-02"},
        ),
        Verb(
            "issue_bulletin",
            commands.IssueBulletin,
            HOLD_AFFAIRS,
            {"title": "第一期简报", "text": "车棚位置已商定，七月开工。"},
        ),
        Verb(
            "correct_bulletin",
            commands.CorrectBulletin,
            HOLD_AFFAIRS,
            {"number": 1, "instead": "车棚位置已商定，八月开工。", "why": "月份写错"},
        ),
    ],
)
