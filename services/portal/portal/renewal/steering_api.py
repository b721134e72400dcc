"""The desk's pages of a task force, of what is owed, and of a deliberation."""

import asyncio
from typing import Annotated, Any

from fastapi import Form, Path, Query, Response

from linli.security.auth import OPEN
from linli.web.problem_words import document
from linli.web.problems import Problem
from portal.addresses import at
from portal.pages.language import gettext
from portal.pages.route import page_router
from portal.renewal.given import AtTheDesk, Id, StaffVisit
from portal.renewal.steps.actions import ACTIONS
from portal.renewal.steps.deliberations import DELIBERATIONS
from portal.renewal.steps.taskforces import TASKFORCES
from portal.services import NOT_TO_BE_HAD, or_none

routes = page_router()
ActionId = Annotated[str, Path(pattern=r"^[0-9A-Za-z._:~-]{1,120}$")]
MOST_ACTIONS = 500
"""Of one task force on one page, the nearest days first."""
Said = Annotated[str, Form(max_length=4_000)]


@routes.get("/desk/actions", dependencies=[OPEN])
async def owed(here: AtTheDesk, cursor: Annotated[str | None, Query(max_length=100)] = None) -> Response:
    """What the party of who looks owes, the nearest day first; an operator sees all that is owed."""
    return await _owed(here, cursor=cursor)


@routes.post("/desk/actions/{id}/report", dependencies=[OPEN])
async def report(id: ActionId, here: AtTheDesk, done: Said = "") -> Response:
    """Who owes it says that it is done."""
    try:
        await here.send(at("/v1/actions/{id}:report", id=id), {"done": done})
    except Problem as problem:
        return await _owed(here, _in_words(problem))
    return here.done("/desk/actions", gettext("It is reported. Somebody else verifies it."))


@routes.get("/desk/taskforces/{id}", dependencies=[OPEN])
async def taskforce(id: Id, here: AtTheDesk) -> Response:
    """Its seats, its meetings, what is owed, what it told everybody."""
    return await _force(here, id)


@routes.post("/desk/taskforces/{id}/verify/{action}", dependencies=[OPEN])
async def verify(id: Id, action: ActionId, here: AtTheDesk) -> Response:
    """Somebody else has looked: it is done."""
    try:
        await here.send(at("/v1/actions/{id}:verify", id=action), {})
    except Problem as problem:
        return await _force(here, id, _in_words(problem))
    return here.done(at("/desk/taskforces/{id}", id=id), gettext("It is verified."))


@routes.get("/desk/deliberations/{id}", dependencies=[OPEN])
async def deliberation(id: Id, here: AtTheDesk) -> Response:
    """How it stands: who is invited, what is proposed, what was committed."""
    return await _talks(here, id)


@routes.post("/desk/deliberations/{id}/accept/{commitment}", dependencies=[OPEN])
async def accept(id: Id, commitment: Id, here: AtTheDesk) -> Response:
    """A commitment becomes an action of the task force."""
    try:
        body = {"commitment_id": commitment}
        await here.send(at("/v1/deliberations/{id}:accept_commitment", id=id), body)
    except Problem as problem:
        return await _talks(here, id, _in_words(problem))
    return here.done(at("/desk/deliberations/{id}", id=id), gettext("It is taken up, and owed from now on."))


def _in_words(problem: Problem) -> str:
    """Raises what is no refusal of the step."""
    if problem.status not in {409, 412, 422}:
        raise problem
    return str(document(problem)["detail"])


async def _owed(here: StaffVisit, refused: str | None = None, cursor: str | None = None) -> Response:
    asked: dict[str, Any] = {"state": "open"}
    if here.person.party is not None:
        asked["owner"] = here.person.party
    if cursor is not None:
        asked["cursor"] = cursor
    found = await here.get("/v1/actions", asked)
    values = {"actions": found["items"], "next": found["next"], "refused": refused}
    return here.page("desk_actions.html", 409 if refused else 200, **values)


async def _force(here: StaffVisit, id: str, refused: str | None = None) -> Response:
    path, of = at("/v1/taskforces/{id}", id=id), {"taskforce": id}
    found, meetings, actions, bulletins = await asyncio.gather(
        here.get(path),
        here.get("/v1/meetings", of),
        here.get("/v1/actions", {**of, "limit": MOST_ACTIONS}),
        here.get(f"{path}/bulletins"),
    )
    values = {"meetings": meetings, "actions": actions["items"], "bulletins": bulletins}
    values |= {"steps": TASKFORCES.open_to(found, here.person)}
    values |= {"of_action": {each["id"]: ACTIONS.open_to(each, here.person) for each in actions["items"]}}
    return here.page("desk_taskforce.html", 409 if refused else 200, force=found, refused=refused, **values)


async def _talks(here: StaffVisit, id: str, refused: str | None = None) -> Response:
    found = await here.get(at("/v1/deliberations/{id}", id=id))
    came_to = await here.get(at("/v1/deliberations/{id}/outcome", id=id)) if found["state"] == "published" else None
    record = await or_none(here.get(at("/v1/deliberations/{id}/record", id=id)), NOT_TO_BE_HAD) or []
    values = {"talks": found, "came_to": came_to, "record": record}
    values |= {"words": {each["id"]: each["words"] for each in record}}
    values |= {"steps": DELIBERATIONS.open_to(found, here.person), "one": DELIBERATIONS.of_one(found, here.person)}
    return here.page("desk_deliberation.html", 409 if refused else 200, refused=refused, **values)
