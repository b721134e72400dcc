"""What may be done with an action. Who verifies it neither owes it nor reported it."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import TypeAlias, TypeVar

from linli.contracts.neighbourhood import actions as events
from neighbourhood.refusal import Refusal, refused
from neighbourhood.taskforce.domain.action import (
    Action,
    ActionState,
    AssignAction,
    DropAction,
    OfAction,
    PostponeAction,
    ReassignAction,
    ReportAction,
    ReturnAction,
    VerifyAction,
    owed,
)
from neighbourhood.taskforce.domain.command import CLOCK, TaskForceCommand
from neighbourhood.taskforce.domain.rules import TaskForceRules
from neighbourhood.telling import told

E = TypeVar("E", bound=events.ActionEvent)
ActionDecision: TypeAlias = events.ActionEvent | Refusal
S = ActionState
_FROM: dict[type[OfAction], frozenset[ActionState]] = {
    ReportAction: frozenset({S.OPEN}),
    VerifyAction: frozenset({S.REPORTED}),
    ReturnAction: frozenset({S.REPORTED}),
    PostponeAction: frozenset({S.OPEN}),
    ReassignAction: frozenset({S.OPEN}),
    DropAction: frozenset({S.OPEN, S.REPORTED}),
}
_OWNER = refused("not_the_owner", "Only who owes it reports it.", "只有责任人可以报告完成。")
_SELF = refused(
    "verifier_is_owner", "Whoever owes it, or reported it, does not decide that.", "责任人和报告人不能自己核验或决定。"
)
_PAST = refused("due_passed", "The day is past already.", "期限不能早于今天。", "/due")


def assign(command: AssignAction, rules: TaskForceRules, now: datetime) -> ActionDecision:
    """A new action."""
    if command.due < rules.place.day_of(now):
        return _PAST
    new = Action(command.id, command.community, command.neighbourhood, command.owner, command.due, what=command.what)
    fields = {"taskforce_id": command.taskforce_id, "comes_of": command.comes_of}
    return _tell(events.ActionAssigned, new, command, now, **fields)


def decide_action(action: Action, command: OfAction, rules: TaskForceRules, now: datetime) -> ActionDecision:
    """The event of a command, or why it is refused."""
    if action.state not in _FROM[type(command)]:
        return refused("action_state", "That cannot be done where the action stands now.", "任务现在的状态不能这样做。")
    owes = action.owner in {command.by, command.party}
    if isinstance(command, ReportAction):
        return _tell(events.ActionReported, action, command, now, done=command.done) if owes else _OWNER
    if owes or _reported(action, command):
        return _SELF
    return _later(action, command, rules.place.day_of(now), now)


def tick(action: Action, rules: TaskForceRules, now: datetime) -> Iterator[events.ActionEvent]:
    """What the clock has to say; nothing once it has said it."""
    for days in owed(action, rules, now):
        if days is None:
            yield _tell(events.ActionMissed, action, CLOCK, now)
        else:
            yield _tell(events.ActionReminded, action, CLOCK, now, days_before=days)


def _later(
    action: Action,
    command: VerifyAction | ReturnAction | PostponeAction | ReassignAction | DropAction,
    today: date,
    now: datetime,
) -> ActionDecision:
    match command:
        case VerifyAction():
            return _tell(events.ActionVerified, action, command, now)
        case DropAction():
            return _tell(events.ActionDropped, action, command, now, why=command.why)
        case _ if command.due < today:
            return _PAST
        case ReturnAction():
            return _tell(events.ActionReturned, action, command, now, due=command.due, why=command.why)
        case PostponeAction():
            return _tell(events.ActionPostponed, action, command, now, due=command.due, why=command.why)
        case ReassignAction():
            fields = {"owner": command.owner, "due": command.due, "was": action.owner, "why": command.why}
            return _tell(events.ActionReassigned, action, command, now, **fields)


def _reported(action: Action, command: OfAction) -> bool:
    """Whether who wants that has reported it, in person or for the same party."""
    if action.state is not S.REPORTED:
        return False
    return command.by == action.reported_by or (command.party is not None and command.party == action.reported_for)


def _tell(kind: type[E], action: Action, command: TaskForceCommand, now: datetime, /, **fields: object) -> E:
    known = {"action_id": action.id, "owner": action.owner, "due": action.due, "what": action.what}
    return told(kind, action, command, now, **(known | fields))
