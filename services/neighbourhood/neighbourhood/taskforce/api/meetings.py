"""Meetings over HTTP: called, held, minuted, confirmed, put right; for a calendar and on paper."""

from typing import Annotated, Any

from fastapi import Response
from pydantic import Field
from uuid_utils import uuid7

from linli.contracts.base import Record
from linli.contracts.neighbourhood.affairs import Digest, Id
from linli.contracts.neighbourhood.meetings import MinutedItem
from linli.contracts.neighbourhood.permissions import HOLD_AFFAIRS, KNOW_MEMBERS, READ_AFFAIRS
from linli.security.auth import Who, needs
from linli.web.app import problems, router
from linli.web.given import given
from linli.web.problems import Problem
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
from neighbourhood.papers import invitation
from neighbourhood.papers.document import as_sheet
from neighbourhood.papers.minutes import minutes as minutes_paper
from neighbourhood.papers.press import Press
from neighbourhood.taskforce.api.forces import ForcesDep, HistoryDep, MembersDep
from neighbourhood.taskforce.domain import meeting as commands
from neighbourhood.taskforce.domain.meeting import Meeting
from neighbourhood.taskforce.offices import Meetings
from neighbourhood.taskforce.papers import Corrected, called, corrected, minuted, paper

routes = router(prefix="/v1/meetings", tags=["task force"])
MeetingsDep = Annotated[Meetings, given(Meetings)]
PressDep = Annotated[Press, given(Press)]
_ASKED = body_of(commands.CallMeeting, BY_THE_SERVICE | {"id"})
_AGENDA = [{"id": "shed", "title": "车棚位置"}, {"id": "start", "title": "开工时间"}]
_CALLED = {"starts_at": "2026-03-06T14:00:00+08:00", "place": "社区议事厅", "agenda": _AGENDA}
_OUTCOMES = [{"item": "shed", "outcome": "定在3号楼北侧。"}, {"item": "start", "outcome": "七月一日。"}]


class NewMeeting(_ASKED):  # type: ignore[valid-type, misc]  # made of the command
    """A meeting, and of which task force."""

    taskforce: Id


class Minutes(Record):
    """What came of each item; confirmed ones keep their digest for good, with corrigenda beside them."""

    digest: Digest
    confirmed: bool
    items: list[MinutedItem]
    corrigenda: list[Corrected]


@routes.post(
    "", dependencies=[needs(HOLD_AFFAIRS)], response_model=Meeting, status_code=201, responses=problems(*ERRORS)
)
async def call(
    new: Annotated[NewMeeting, Field(examples=[{"taskforce": "0199e0a4-7d1c-7c55-8d6f-0e6f6f1f9a01", **_CALLED}])],
    who: Who,
    handed: HandedDep,
    meetings: MeetingsDep,
    forces: ForcesDep,
) -> Any:
    """Call a meeting of a task force."""
    force = await forces.seen(new.taskforce, who)
    id, place = str(uuid7()), forces.place_of(force)
    blank = Meeting(id, force.id, force.community, force.neighbourhood, new.starts_at, ())
    wish = wish_of(commands.CallMeeting, new, also=id)
    what = ["meeting", new.model_dump(mode="json")]
    return await handed.once(meetings, what, lambda asked: meetings.begin(id, place, wish, asked, blank), status=201)


@routes.get("", dependencies=[needs(READ_AFFAIRS)], response_model=list[Meeting], responses=problems(404))
async def listing(who: Who, meetings: MeetingsDep, forces: ForcesDep, taskforce: Id) -> Any:
    """A task force's meetings."""
    await forces.seen(taskforce, who)
    return await meetings.stories.found({"taskforce": taskforce}, 500)


@routes.get("/{id}", dependencies=[needs(READ_AFFAIRS)], response_model=Meeting, responses=problems(404))
async def view(id: AffairId, who: Who, meetings: MeetingsDep) -> Any:
    """How a meeting stands."""
    meeting = await meetings.seen(id, who)
    return as_answer(meetings.stories.written.dump_json(meeting), meeting.version)


@routes.get("/{id}/minutes", dependencies=[needs(READ_AFFAIRS)], responses=problems(404, 409))
async def minutes(id: AffairId, who: Who, meetings: MeetingsDep, history: HistoryDep) -> Minutes:
    """What was minuted last, and what was put right later."""
    meeting, told = await meetings.seen(id, who), await history.of(id)
    confirmed = meeting.state is commands.MeetingState.CONFIRMED
    written = _written(meeting)
    return Minutes(digest=written, confirmed=confirmed, items=list(minuted(told)), corrigenda=corrected(meeting, told))


@routes.get(
    "/{id}/minutes.pdf",
    dependencies=[needs(KNOW_MEMBERS)],
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}, **problems(403, 404, 409, 503)},
)
async def printed(
    id: AffairId,
    who: Who,
    meetings: MeetingsDep,
    history: HistoryDep,
    members: MembersDep,
    press: PressDep,
) -> Response:
    """The minutes on paper, with the names of those who were there; for who holds the task force or sits there."""
    meeting = await meetings.concerning(id, who, lambda each: each.parties)
    _written(meeting)
    force = await meetings.forces.stories.load([meeting.taskforce_id])
    zone = meetings.communities.place(meeting.community, meeting.neighbourhood).zone
    of = paper(
        meeting,
        force[meeting.taskforce_id],
        await history.of(id),
        await members.of(meeting.taskforce_id),
        zone,
    )
    return Response(await press.pdf(as_sheet(minutes_paper(of)), who.id), media_type="application/pdf")


@routes.get(
    "/{id}/invitation.ics",
    dependencies=[needs(READ_AFFAIRS)],
    response_class=Response,
    responses={200: {"content": {"text/calendar": {}}}, **problems(404)},
)
async def calendar(id: AffairId, who: Who, meetings: MeetingsDep, history: HistoryDep) -> Response:
    """The meeting for one's own calendar; once called off, it takes it out again."""
    meeting = await meetings.seen(id, who)
    force = await meetings.forces.stories.load([meeting.taskforce_id])
    zone = meetings.communities.place(meeting.community, meeting.neighbourhood).zone
    entry = called(meeting, force[meeting.taskforce_id], await history.of(id), zone)
    return Response(invitation.invitation(entry), media_type=invitation.MEDIA_TYPE)


def _written(meeting: Meeting) -> str:
    if meeting.minutes is None:
        raise Problem("not_allowed", 409, "There are no minutes yet.", reason="no-minutes")
    return meeting.minutes


add_verbs(
    routes,
    Meetings,
    Meeting,
    [
        Verb("call", commands.CallMeeting, HOLD_AFFAIRS, _CALLED, without=frozenset({"id"})),
        Verb("cancel", commands.CancelMeeting, HOLD_AFFAIRS, {"why": "停电"}),
        Verb(
            "record_attendance",
            commands.RecordAttendance,
            HOLD_AFFAIRS,
            {"present": [{"seat_id": "community-1", "person": "key:a1"}]},
        ),
        Verb("write_minutes", commands.WriteMinutes, HOLD_AFFAIRS, {"items": _OUTCOMES}),
        Verb("confirm_minutes", commands.ConfirmMinutes, HOLD_AFFAIRS, {"digest": "0" * 64, "seat_id": "community-1"}),
        Verb(
            "correct_minutes",
            commands.CorrectMinutes,
            HOLD_AFFAIRS,
            {"item": "start", "instead": "八月一日。", "why": "月份写错", "seat_id": "community-1"},
        ),
    ],
)
