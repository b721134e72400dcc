"""Actions 任务: what somebody has promised to do, one owner and one date, until somebody else has verified it.

Key: the action. They come of minutes, of a commitment, of an item of the plan.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from linli.contracts.base import Record
from linli.contracts.neighbourhood.affairs import Id
from linli.contracts.neighbourhood.placed import PlacedAffair, Title, Words


class ActionOrigin(StrEnum):
    """What an action comes of."""

    MEETING = "meeting"
    COMMITMENT = "commitment"
    PLAN_ITEM = "plan_item"


class ComesOf(Record):
    """The one thing that it comes of."""

    origin: ActionOrigin
    id: Id


class ActionEvent(PlacedAffair):
    """What is common to every event of an action."""

    WORDS = frozenset({"what"})
    STAFF_WORDS = WORDS

    action_id: Id
    owner: Id
    """Who owes it: a party or a seat's holder, one of them."""
    due: date
    """The last day, in the community's zone."""
    what: Title | None = None
    """What is owed; `assigned` always says it."""

    @property
    def story(self) -> str:
        return self.action_id


class ActionAssigned(ActionEvent):
    TYPE: ClassVar[str] = "linli.action.assigned.v1"
    taskforce_id: Id
    comes_of: ComesOf
    what: Title


class ActionReported(ActionEvent):
    """It is done, says who did it."""

    TYPE: ClassVar[str] = "linli.action.reported.v1"
    WORDS = frozenset({"what", "done"})
    STAFF_WORDS = WORDS

    done: Words


class ActionVerified(ActionEvent):
    """Somebody else has looked: it is done."""

    TYPE: ClassVar[str] = "linli.action.verified.v1"


class ActionReturned(ActionEvent):
    """Somebody else has looked: it is not done, and owed again."""

    TYPE: ClassVar[str] = "linli.action.returned.v1"
    WORDS = frozenset({"what", "why"})
    STAFF_WORDS = WORDS

    why: Words


class ActionPostponed(ActionEvent):
    """It is owed by another day, and why."""

    TYPE: ClassVar[str] = "linli.action.postponed.v1"
    WORDS = frozenset({"what", "why"})
    STAFF_WORDS = WORDS

    why: Words


class ActionReassigned(ActionEvent):
    """Somebody else owes it, and why."""

    TYPE: ClassVar[str] = "linli.action.reassigned.v1"
    WORDS = frozenset({"what", "why"})
    STAFF_WORDS = WORDS

    was: Id
    why: Words


class ActionDropped(ActionEvent):
    """Nobody owes it any more, and why."""

    TYPE: ClassVar[str] = "linli.action.dropped.v1"
    WORDS = frozenset({"what", "why"})
    STAFF_WORDS = WORDS

    why: Words


class ActionReminded(ActionEvent):
    """Its day is near."""

    TYPE: ClassVar[str] = "linli.action.reminded.v1"

    days_before: Annotated[int, Field(ge=0)]


class ActionMissed(ActionEvent):
    """Its day is over, and it was not reported."""

    TYPE: ClassVar[str] = "linli.action.missed.v1"
