"""The desk's pages of a task force, of what is owed, and of a deliberation."""

import asyncio
from typing import Annotated, Any

from fastapi import Query, Response

from linli.security.auth import OPEN
from portal.addresses import at
from portal.pages.route import page_router
from portal.renewal.given import AtTheDesk, Id
from portal.renewal.steps.actions import ACTIONS
from portal.renewal.steps.deliberations import DELIBERATIONS
from portal.renewal.steps.taskforces import TASKFORCES
from portal.services import NOT_TO_BE_HAD, or_none

routes = page_router()
MOST_ACTIONS = 500
"""Of one task force on one page, the nearest days first."""


@routes.get("/desk/actions", dependencies=[OPEN])
async def owed(here: AtTheDesk, cursor: Annotated[str | None, Query(max_length=100)] = None) -> Response:
    """What the party of who looks owes, the nearest day first; an operator sees all that is owed."""
    asked: dict[str, Any] = {"state": "open"}
    if here.person.party is not None:
        asked["owner"] = here.person.party
    if cursor is not None:
        asked["cursor"] = cursor
    found = await here.get("/v1/actions", asked)
    return here.page("desk_actions.html", actions=found["items"], next=found["next"])


@routes.get("/desk/taskforces/{id}", dependencies=[OPEN])
async def taskforce(id: Id, here: AtTheDesk) -> Response:
    """Its seats, its meetings, what is owed, what it told everybody."""
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
    return here.page("desk_taskforce.html", force=found, **values)


@routes.get("/desk/deliberations/{id}", dependencies=[OPEN])
async def deliberation(id: Id, here: AtTheDesk) -> Response:
    """How it stands: who is invited, what is proposed, what was committed."""
    found = await here.get(at("/v1/deliberations/{id}", id=id))
    came_to = await here.get(at("/v1/deliberations/{id}/outcome", id=id)) if found["state"] == "published" else None
    record = await or_none(here.get(at("/v1/deliberations/{id}/record", id=id)), NOT_TO_BE_HAD) or []
    values = {"talks": found, "came_to": came_to, "record": record}
    values |= {"words": {each["id"]: each["words"] for each in record}}
    values |= {"steps": DELIBERATIONS.open_to(found, here.person), "one": DELIBERATIONS.of_one(found, here.person)}
    return here.page("desk_deliberation.html", **values)
