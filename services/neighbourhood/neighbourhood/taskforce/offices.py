"""Task forces, their meetings and their actions."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, TypeAlias

from linli.application.kit import Kit
from linli.contracts.neighbourhood.actions import ActionOrigin
from linli.storage import mongo
from neighbourhood.affairs.office import Decided, Moment, Office, Place, Wish
from neighbourhood.affairs.stories import Kept
from neighbourhood.affairs.timer import Tick
from neighbourhood.refusal import Refusal, refused
from neighbourhood.taskforce.domain import action_deciding, meeting_deciding, seating
from neighbourhood.taskforce.domain.action import (
    Action,
    AssignAction,
    OfAction,
    ReassignAction,
    evolve_action,
    next_look,
)
from neighbourhood.taskforce.domain.force import AnyForce, FormTaskForce, TaskForce, evolve_force
from neighbourhood.taskforce.domain.meeting import CallMeeting, Meeting, OfMeeting, evolve_meeting
from neighbourhood.taskforce.domain.rules import TaskForceRules

ForceCommand: TypeAlias = FormTaskForce | AnyForce | Tick
ActionCommand: TypeAlias = AssignAction | OfAction | Tick
FORCES: Kept[TaskForce] = Kept(
    collection="taskforces",
    kind=TaskForce,
    name=lambda force: force.id,
    found_by=lambda force: {"community": force.community, "neighbourhood": force.neighbourhood},
)
MEETINGS: Kept[Meeting] = Kept(
    collection="meetings",
    kind=Meeting,
    name=lambda meeting: meeting.id,
    found_by=lambda meeting: {
        "community": meeting.community,
        "neighbourhood": meeting.neighbourhood,
        "taskforce": meeting.taskforce_id,
    },
)
ACTIONS: Kept[Action] = Kept(
    collection="actions",
    kind=Action,
    name=lambda action: action.id,
    found_by=lambda action: {
        "community": action.community,
        "neighbourhood": action.neighbourhood,
        "taskforce": action.taskforce_id,
        "owner": action.owner,
        "due": action.due.isoformat(),
        "stage": action.state.value,
    },
)
_NO_FORCE = refused("unknown", "There is no such task force here.", "本小区没有这个专班。", "/taskforce_id")
_NO_MEETING = refused("unknown", "That task force has no such meeting.", "这个专班没有这次会议。", "/comes_of")
_NO_OWNER = refused(
    "unknown_owner",
    "An action is owed by a party of the community, or by who holds a seat today.",
    "责任人应是本街道的单位，或今日的席位代表。",
    "/owner",
)


def rules_of(moment: Moment) -> TaskForceRules:
    """Raises `NoRule`."""
    return TaskForceRules.of(moment.profile, moment.days)


class TaskForces(Office[TaskForce, ForceCommand]):
    """Who sits there, and what their bulletins say."""

    def __init__(self, kit: Kit[Any]) -> None:
        super().__init__(kit, FORCES)

    async def decide(self, affair: TaskForce | None, command: ForceCommand, moment: Moment) -> Decided:
        if isinstance(command, FormTaskForce):
            return () if affair else seating.form(command, moment.now)
        assert affair is not None, "only forming makes a task force"
        if isinstance(command, Tick):
            return seating.tick(affair, rules_of(moment), moment.now)
        return seating.decide_force(affair, command, moment.now)

    def evolve(self, affair: TaskForce | None, event: Any) -> TaskForce:
        return evolve_force(affair, event)

    def place_of(self, affair: TaskForce) -> Place:
        return Place(affair.community, affair.neighbourhood)

    async def completed(self, affair: TaskForce | None, wish: Wish, moment: Moment) -> Mapping[str, Any]:
        return {"id": wish.also} if wish.command is FormTaskForce else {}

    def next_look(self, affair: TaskForce, moment: Moment) -> datetime | None:
        return _morning(seating.next_look(affair, rules_of(moment)), moment)

    async def there(self, id: str, where: Place, session: mongo.Session) -> TaskForce | None:
        """One of a place."""
        force = await self.stories.one(id, session)
        return force if force and self.place_of(force) == where else None


class Meetings(Office[Meeting, OfMeeting]):
    """Called, held, minuted, confirmed."""

    def __init__(self, kit: Kit[Any], forces: TaskForces) -> None:
        super().__init__(kit, MEETINGS)
        self.forces = forces

    async def decide(self, affair: Meeting | None, command: OfMeeting, moment: Moment) -> Decided:
        assert affair is not None, "a meeting begins blank"
        force = await self.forces.there(affair.taskforce_id, moment.where, moment.session)
        if force is None:
            return _NO_FORCE
        return meeting_deciding.decide_meeting(affair, command, force, rules_of(moment), moment.now)

    def evolve(self, affair: Meeting | None, event: Any) -> Meeting:
        return evolve_meeting(affair, event)

    def place_of(self, affair: Meeting) -> Place:
        return Place(affair.community, affair.neighbourhood)

    async def completed(self, affair: Meeting | None, wish: Wish, moment: Moment) -> Mapping[str, Any]:
        return {"id": affair.id if affair else wish.also} if wish.command is CallMeeting else {}


class Actions(Office[Action, ActionCommand]):
    """What somebody owes, by a day."""

    def __init__(self, kit: Kit[Any], forces: TaskForces, meetings: Meetings) -> None:
        super().__init__(kit, ACTIONS)
        self.forces, self.meetings = forces, meetings

    async def decide(self, affair: Action | None, command: ActionCommand, moment: Moment) -> Decided:
        rules = rules_of(moment)
        if isinstance(command, AssignAction):
            if affair is not None:
                return ()
            wrong = await self._not_owed(command, moment)
            return wrong or action_deciding.assign(command, rules, moment.now)
        assert affair is not None, "only assigning makes an action"
        if isinstance(command, Tick):
            return tuple(action_deciding.tick(affair, rules, moment.now))
        if isinstance(command, ReassignAction) and not await self._may_owe(affair.taskforce_id, command.owner, moment):
            return _NO_OWNER
        return action_deciding.decide_action(affair, command, rules, moment.now)

    def evolve(self, affair: Action | None, event: Any) -> Action:
        return evolve_action(affair, event)

    def place_of(self, affair: Action) -> Place:
        return Place(affair.community, affair.neighbourhood)

    async def completed(self, affair: Action | None, wish: Wish, moment: Moment) -> Mapping[str, Any]:
        where = {"community": moment.where.community, "neighbourhood": moment.where.neighbourhood}
        return {"id": wish.also, **where} if wish.command is AssignAction else {}

    def next_look(self, affair: Action, moment: Moment) -> datetime | None:
        return _morning(next_look(affair, rules_of(moment), moment.now), moment)

    async def owed(
        self, query: Mapping[str, Any], limit: int, after: tuple[str, str] | None = None
    ) -> tuple[list[Action], tuple[str, str] | None]:
        """Of whatever place: what a desk asks for, the nearest day first; and after which day and id it goes on."""
        found = await self.stories.ordered(query, "due", limit + 1, after)
        last = found[limit - 1] if len(found) > limit else None
        return found[:limit], (last.due.isoformat(), last.id) if last else None

    async def _not_owed(self, command: AssignAction, moment: Moment) -> Refusal | None:
        if await self.forces.there(command.taskforce_id, moment.where, moment.session) is None:
            return _NO_FORCE
        if command.comes_of.origin is ActionOrigin.MEETING:
            meeting = await self.meetings.stories.one(command.comes_of.id, moment.session)
            if meeting is None or meeting.taskforce_id != command.taskforce_id:
                return _NO_MEETING
        return None if await self._may_owe(command.taskforce_id, command.owner, moment) else _NO_OWNER

    async def _may_owe(self, taskforce: str, owner: str, moment: Moment) -> bool:
        if owner in moment.directory.parties:
            return True
        force = await self.forces.stories.one(taskforce, moment.session)
        return force is not None and owner in force.held_on(moment.days.day_of(moment.now)).values()


def _morning(day: date | None, moment: Moment) -> datetime | None:
    """When a day begins there."""
    return datetime.combine(day, time(), tzinfo=moment.days.zone) if day else None
