"""Routes of one case: its page, what is new on it, watching it."""

import asyncio
from typing import Annotated

from fastapi import Form, Query, Response
from fastapi.responses import RedirectResponse

from linli.security.auth import OPEN
from linli.web.localized import Localized
from linli.web.problems import Problem
from portal.desk.actions import ACTIONS
from portal.desk.given import Here, Id
from portal.desk.seen import seen_of
from portal.desk.story import meanwhile
from portal.desk.whole_case import case_of, whole
from portal.pages.route import page_router

routes = page_router()


@routes.get("/desk/cases/{id}", dependencies=[OPEN])
async def case(
    here: Here, id: Id, before: Annotated[int | None, Query(ge=1)] = None, done: Annotated[str, Query()] = ""
) -> Response:
    """All of one case on one page."""
    shown = await whole(here, id, before)
    return here.page(
        "case.html",
        shown=shown,
        case=shown.case,
        names=shown.names,
        others=shown.others,
        watched=shown.watched,
        relatives=shown.relatives,
        actions=[name for name in ACTIONS if name in shown.case["may"]],
        done=done if done in ACTIONS else None,
        undo=ACTIONS[done].undone_by if done in ACTIONS else None,
        version=shown.case["version"],
        news=[],
        seen=seen_of(shown.others, []),
    )


@routes.get("/desk/cases/{id}/now", dependencies=[OPEN])
async def now(
    here: Here, id: Id, version: Annotated[int, Query(ge=0)], seen: Annotated[str, Query(max_length=64)] = ""
) -> Response:
    """Who else has it open, and what has happened since a version was read: a part of its page.

    204 while that is what the page shows: what is put in anew is read out again.
    """
    found = await case_of(here, id)
    names, others = await asyncio.gather(here.names(found["community"]), here.store.here(id, here.person, here.now))
    news = meanwhile(found["history"], version, names)
    if (shown := seen_of(others, news)) == seen:
        return Response(status_code=204)
    return here.page(
        "now.html",
        case=found,
        names=names,
        version=version,
        others=others,
        news=news,
        seen=shown,
    )


@routes.post("/desk/cases/{id}/watch", dependencies=[OPEN])
async def watch(here: Here, id: Id, watch: Annotated[str, Form(max_length=5)] = "") -> Response:
    """Begin or end to watch it."""
    if not watch:
        await here.store.unwatch(here.person.principal, id)
    else:
        await case_of(here, id)  # what is not theirs is not watched
        if not await here.store.watch(here.person.principal, id, here.now):
            raise Problem("too_many", 409, Localized("You watch a hundred cases already.", "您已关注一百件事项。"))
    return RedirectResponse(f"/desk/cases/{id}", 303)
