"""An action: one owner, one date, and somebody else who verifies it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from linli.contracts.base import Slug
from linli.contracts.neighbourhood import actions as events
from linli.contracts.neighbourhood.actions import ComesOf
from linli.contracts.neighbourhood.affairs import Id
from linli.contracts.neighbourhood.placed import Title, Words
from linli.frozen import replace
from neighbourhood.profiles.days import nearest
from neighbourhood.taskforce.domain.command import TaskForceCommand
from neighbourhood.taskforce.domain.rules import TaskForceRules


class ActionState(StrEnum):
    """Where an action stands."""

    OPEN = "open"
    REPORTED = "reported"
    VERIFIED = "verified"
    DROPPED = "dropped"


S = ActionState


@dataclass(frozen=True, slots=True)
class Action:
    """`version` is the number of events in its history."""

    id: str
    community: str
    neighbourhood: str
    owner: str
    due: date
    state: ActionState = S.OPEN
    reported_by: str | None = None
    reported_for: str | None = None
    reminded: frozenset[tuple[date, int]] = frozenset()
    """For which day, so many days before it."""
    missed: frozenset[date] = frozenset()
    """The days that passed without a report; a later date does not take them away."""
    version: int = 0
    taskforce_id: str = ""
    comes_of: ComesOf | None = None
    what: str = ""


@dataclass(frozen=True, slots=True)
class AssignAction(TaskForceCommand):
    """Somebody owes it, by a day: a party, or who holds a seat."""

    id: Id
    taskforce_id: Id
    community: Slug
    neighbourhood: Slug
    comes_of: ComesOf
    what: Title
    owner: Id
    due: date


@dataclass(frozen=True, slots=True)
class ReportAction(TaskForceCommand):
    """Who owes it says that it is done."""

    done: Words


@dataclass(frozen=True, slots=True)
class VerifyAction(TaskForceCommand):
    """Somebody else has looked: it is done."""


@dataclass(frozen=True, slots=True)
class ReturnAction(TaskForceCommand):
    """Somebody else has looked: it is not done, and owed again."""

    why: Words
    due: date


@dataclass(frozen=True, slots=True)
class PostponeAction(TaskForceCommand):
    """It is owed by another day."""

    due: date
    why: Words


@dataclass(frozen=True, slots=True)
class ReassignAction(TaskForceCommand):
    """Somebody else owes it."""

    owner: Id
    due: date
    why: Words


@dataclass(frozen=True, slots=True)
class DropAction(TaskForceCommand):
    """Nobody owes it any more."""

    why: Words


OfAction: TypeAlias = ReportAction | VerifyAction | ReturnAction | PostponeAction | ReassignAction | DropAction


def evolve_action(action: Action | None, event: events.ActionEvent) -> Action:
    """The first event assigns it; every other one needs an action."""
    if action is None:
        assert isinstance(event, events.ActionAssigned), f"{event.TYPE} of an action that nobody has assigned"
        known = {"taskforce_id": event.taskforce_id, "comes_of": event.comes_of, "what": event.what}
        place = (event.community, event.neighbourhood)
        return Action(event.action_id, *place, event.owner, event.due, version=1, **known)  # type: ignore[arg-type]
    after = replace(action, owner=event.owner, due=event.due, version=action.version + 1)
    match event:
        case events.ActionReported():
            after = replace(after, state=S.REPORTED, reported_by=event.by, reported_for=event.party)
        case events.ActionVerified():
            after = replace(after, state=S.VERIFIED)
        case events.ActionReturned():
            after = replace(after, state=S.OPEN)
        case events.ActionDropped():
            after = replace(after, state=S.DROPPED)
        case events.ActionReminded():
            after = replace(after, reminded=action.reminded | {(event.due, event.days_before)})
        case events.ActionMissed():
            after = replace(after, missed=action.missed | {event.due})
    return after


def owed(action: Action, rules: TaskForceRules, now: datetime) -> Iterator[int | None]:
    """What the clock has to say of it: the days before, of the reminder that is due; None where its day is over.

    Whoever looks late says the nearest thing alone.
    """
    if action.state is not S.OPEN:
        return
    left = (action.due - rules.place.day_of(now)).days
    if left < 0:
        if action.due not in action.missed:
            yield None
        return
    due = nearest(left, rules.remind_days)
    if due is not None and (action.due, due) not in action.reminded:
        yield due


def next_look(action: Action, rules: TaskForceRules, now: datetime) -> date | None:
    """The day on which the clock is to look again; today where something is owed."""
    today = rules.place.day_of(now)
    if any(True for _ in owed(action, rules, now)):
        return today
    if action.state is not S.OPEN:
        return None
    days = (*(action.due - timedelta(days=days) for days in rules.remind_days), action.due + timedelta(days=1))
    return min((day for day in days if day > today), default=None)
