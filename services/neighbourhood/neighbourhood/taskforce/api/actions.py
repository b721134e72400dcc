"""Actions over HTTP: assigned, reported, verified by another; what a desk owes, by its day."""

import re
from datetime import date
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field
from uuid_utils import uuid7

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Id
from linli.contracts.neighbourhood.permissions import HOLD_AFFAIRS, READ_AFFAIRS, TAKE_PART
from linli.security.auth import Who, needs
from linli.security.permissions import Role
from linli.web.app import problems, router
from linli.web.given import given
from linli.web.localized import Localized
from linli.web.problems import Problem
from neighbourhood.affairs.allowed import in_its_place
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
from neighbourhood.taskforce.api.forces import ForcesDep
from neighbourhood.taskforce.domain import action as commands
from neighbourhood.taskforce.domain.action import Action, ActionState
from neighbourhood.taskforce.offices import Actions

routes = router(prefix="/v1/actions", tags=["task force"])
ActionsDep = Annotated[Actions, given(Actions)]
AT_ONCE = 100
CURSOR = re.compile(r"(\d{4}-\d\d-\d\d)~([^~]{1,64})")


class ActionPage(Record):
    """What is owed, the nearest day first."""

    items: list[Action]
    next: str | None
    """The cursor of the next page."""


_ASKED = body_of(commands.AssignAction, BY_THE_SERVICE | {"id", "community", "neighbourhood"})
_NEW = {
    "taskforce_id": "0199e0a4-7d1c-7c55-8d6f-0e6f6f1f9a01",
    "comes_of": {"origin": "meeting", "id": "0199e0a4-7d1c-7c55-8d6f-0e6f6f1f9a02"},
    "what": "迁移电表箱",
    "owner": "grid-co",
    "due": "2026-06-30",
}


class NewAction(_ASKED):  # type: ignore[valid-type, misc]  # made of the command
    """What is owed, by whom, until when, and what it comes of."""


@routes.post(
    "", dependencies=[needs(HOLD_AFFAIRS)], response_model=Action, status_code=201, responses=problems(*ERRORS)
)
async def assign(
    new: Annotated[NewAction, Field(examples=[_NEW])],
    who: Who,
    handed: HandedDep,
    actions: ActionsDep,
    forces: ForcesDep,
) -> Any:
    """Assign an action to one owner, with one date."""
    id, place = str(uuid7()), forces.place_of(await forces.seen(new.taskforce_id, who))
    wish = wish_of(commands.AssignAction, new, also=id)
    what = ["action", new.model_dump(mode="json")]
    return await handed.once(actions, what, lambda asked: actions.begin(id, place, wish, asked), status=201)


@routes.get("", dependencies=[needs(READ_AFFAIRS)], responses=problems(404, 422))
async def listing(
    who: Who,
    actions: ActionsDep,
    owner: Annotated[Id | None, Query(description="A party, or who holds a seat")] = None,
    due_before: Annotated[date | None, Query(description="The days before this one")] = None,
    state: Annotated[ActionState | None, Query()] = None,
    taskforce: Annotated[Id | None, Query()] = None,
    community: Annotated[Slug | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = AT_ONCE,
    cursor: Annotated[str | None, Query(max_length=100, description="`next` of the page before")] = None,
) -> ActionPage:
    """What is owed: by somebody, before a day, in a task force; the nearest day first.

    A party is shown its own community's. A page stays where it was while others write.
    """
    after = CURSOR.fullmatch(cursor) if cursor is not None else None
    if cursor is not None and after is None:
        raise Problem("invalid", 422, Localized("The cursor is not one of ours.", "分页标记不对。"))
    place = community or (who.community if who.role is Role.PARTY else None)
    if place is not None:
        in_its_place(who, place, place)
    asked = {"owner": owner, "stage": state and state.value, "taskforce": taskforce, "community": place}
    query: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    if due_before is not None:
        query["due"] = {"$lt": due_before.isoformat()}
    found, goes_on = await actions.owed(query, limit, (after[1], after[2]) if after else None)
    return ActionPage(items=found, next="~".join(goes_on) if goes_on else None)


@routes.get("/{id}", dependencies=[needs(READ_AFFAIRS)], response_model=Action, responses=problems(404))
async def view(id: AffairId, who: Who, actions: ActionsDep) -> Any:
    """How an action stands."""
    action = await actions.seen(id, who)
    return as_answer(actions.stories.written.dump_json(action), action.version)


add_verbs(
    routes,
    Actions,
    Action,
    [
        Verb("report", commands.ReportAction, TAKE_PART, {"done": "电表箱已迁移。"}, by_the_office=False),
        Verb("verify", commands.VerifyAction, HOLD_AFFAIRS),
        Verb("return", commands.ReturnAction, HOLD_AFFAIRS, {"due": "2026-07-10", "why": "还有一个没有迁"}),
        Verb("postpone", commands.PostponeAction, HOLD_AFFAIRS, {"due": "2026-07-10", "why": "备件未到"}),
        Verb(
            "reassign",
            commands.ReassignAction,
            HOLD_AFFAIRS,
            {"owner": "property-co", "due": "2026-07-10", "why": "由物业负责"},
        ),
        Verb("drop", commands.DropAction, HOLD_AFFAIRS, {"why": "方案已改"}),
    ],
)
