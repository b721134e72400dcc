"""The task force, one of its meetings, and an action that came of it."""

from collections.abc import Sequence
from typing import Any

from linli.contracts.neighbourhood import actions, meetings, taskforce
from linli.contracts.neighbourhood.affairs import Affair
from tests.support.told.place import BUILDER, CLERK, DAY, NOON, PLACED, TELLER, TODAY, digest

TASKFORCE = "taskforce-1"
_FORCE: dict[str, Any] = PLACED | {"taskforce_id": TASKFORCE}
_MEETING: dict[str, Any] = _FORCE | {"meeting_id": "meeting-4"}
_ACTION: dict[str, Any] = PLACED | {
    "action_id": "action-9",
    "owner": BUILDER,
    "due": TODAY + 30 * DAY,
    "what": "迁出电表箱",
}
_RIGHT = {"instead": "出席 6 人。", "why": "漏记一名代表。"}

TOLD: Sequence[Affair] = (
    taskforce.TaskForceFormed(**_FORCE, title="槐荫里改造专班"),
    taskforce.SeatFilled(
        **_FORCE, seat_id="seat-2", role="property", holder=TELLER, from_day=TODAY, sits_for="hehe-property"
    ),
    taskforce.SeatVacated(**_FORCE, seat_id="seat-2", on=TODAY + 90 * DAY, stands_in=CLERK, sits_for="hehe-property"),
    taskforce.SeatReminded(**_FORCE, seat_id="seat-2", holder=TELLER, until=TODAY + 90 * DAY),
    taskforce.BulletinIssued(**_FORCE, number=3, title="改造简报第3期", text="车棚选址已定。", meeting_id="meeting-4"),
    taskforce.BulletinCorrected(**_FORCE, number=3, corrigendum=1, **_RIGHT),
    meetings.MeetingCalled(
        **_MEETING,
        starts_at=NOON + 5 * DAY,
        place="居委会二楼会议室",
        agenda=[{"id": "shed", "title": "车棚选址"}],
        urgent="雨季将至，须先定排水。",
        parties=["hehe-property", "grid-co"],
    ),
    meetings.MeetingCancelled(**_MEETING, why="台风预警", starts_at=NOON + 5 * DAY, parties=["hehe-property"]),
    meetings.AttendanceRecorded(
        **_MEETING, present=[{"seat_id": "seat-2", "person": CLERK, "stands_in": True}], seats=8, quorate=False
    ),
    meetings.MinutesWritten(
        **_MEETING, items=[{"item": "shed", "outcome": "移到3号楼北侧。"}], digest=digest("minutes")
    ),
    meetings.MinutesConfirmed(**_MEETING, digest=digest("minutes"), seat_id="seat-1"),
    meetings.MinutesCorrected(**_MEETING, corrigendum=1, item="shed", seat_id="seat-1", **_RIGHT),
    actions.ActionAssigned(**_ACTION, taskforce_id=TASKFORCE, comes_of={"origin": "meeting", "id": "meeting-4"}),
    actions.ActionReported(**_ACTION, done="已迁出，现场已恢复。"),
    actions.ActionReturned(**_ACTION, why="路面还没有恢复。"),
    actions.ActionVerified(**_ACTION),
    actions.ActionPostponed(**_ACTION, why="等待停电窗口。"),
    actions.ActionReassigned(**_ACTION, was=CLERK, why="属于供电公司的设施。"),
    actions.ActionDropped(**_ACTION, why="方案已改，不再需要。"),
    actions.ActionReminded(**_ACTION, days_before=3),
    actions.ActionMissed(**_ACTION),
)
