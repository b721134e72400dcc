"""Routes of the forms: what an action will do to whom, and doing it."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Path, Query, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from linli.photos.forms import MOST_BYTES
from linli.security.auth import OPEN
from linli.web.bodies import takes
from linli.web.problem_words import document as document_of
from linli.web.problems import Problem
from portal.addresses import nothing_here
from portal.desk.acting import Said, do_it, faults_of, new_key, try_it
from portal.desk.actions import ACTIONS, PARTS_SHOWN, Action
from portal.desk.given import AtTheDesk, Here, Id
from portal.desk.names import Names
from portal.desk.story import meanwhile
from portal.desk.whole_case import case_of, repeats_of
from portal.pages.route import page_router

routes = page_router()
CHANGED = "case_changed"
GIVEN_AWAY = frozenset({"return", "reassign", "send_back"})
Name = Annotated[str, Path(max_length=20)]


@routes.get("/desk/cases/{id}/do/{name}", dependencies=[OPEN])
async def form(here: Here, id: Id, name: Name, into: Annotated[str, Query(max_length=64)] = "") -> Response:
    """The form of one action, with what it does."""
    action = _action(name)
    case = await case_of(here, id)
    given = FormData([("into", into)] if into else [])
    return await _shown(here, action, case, Said(int(case["version"]), new_key(), given))


@routes.post("/desk/cases/{id}/do/{name}", dependencies=[OPEN, takes(MOST_BYTES)])
async def act(here: Here, id: Id, name: Name) -> Response:
    """Say what would happen, or do it. What was written stays in the form when it is refused."""
    action, said = _action(name), Said.of(await here.request.form())
    case = await case_of(here, id)
    if said.form.get("step") == "look":
        try:
            after = await try_it(here, action, id, said, case)
        except Problem as problem:
            return await _refused(here, action, case, said, problem)
        return await _shown(here, action, case, said, after=after)
    try:
        await do_it(here, action, id, said, case)
    except Problem as problem:
        return await _refused(here, action, await case_of(here, id), said, problem)
    # Who has given a case away may not see it any more.
    theirs = here.person.party is None or action.name not in GIVEN_AWAY
    return RedirectResponse(f"/desk/cases/{id}?done={action.name}" if theirs else f"/desk?done={action.name}", 303)


async def _refused(here: AtTheDesk, action: Action, case: Mapping[str, Any], said: Said, problem: Problem) -> Response:
    """The form as it was sent, with the reason; where the case has moved on, with what the others did."""
    if problem.status == 401:
        raise problem
    names = await here.names(case["community"])
    news = meanwhile(case["history"], said.version, names) if problem.slug == CHANGED else []
    # What is sent next is meant for the case as it is shown now, and is another request.
    anew = Said(int(case["version"]), new_key(), said.form) if problem.status < 500 else said
    return await _shown(here, action, case, anew, problem.status, problem=problem, news=news)


async def _shown(
    here: AtTheDesk,
    action: Action,
    case: Mapping[str, Any],
    said: Said,
    status: int = 200,
    *,
    after: Mapping[str, Any] | None = None,
    problem: Problem | None = None,
    news: Sequence[Any] = (),
) -> Response:
    names = await here.names(case["community"])
    return here.page(
        "action.html",
        status,
        action=action,
        case=case,
        names=names,
        said=said,
        given=said.form,
        after=after,
        head=await case_of(here, after["merged_into"]) if after and action.name == "merge" else None,
        allowed=action.name in case["may"],
        fault=document_of(problem)["detail"] if problem else None,
        faults=faults_of(problem) if problem else (),
        news=news,
        parties=_choices(here, names, case, action),
        likely=(await repeats_of(here, case["id"]) or {"items": []})["items"] if action.name == "merge" else [],
        parts=range(1, PARTS_SHOWN + 1),
    )


def _choices(here: AtTheDesk, names: Names, case: Mapping[str, Any], action: Action) -> list[tuple[str, str]]:
    """To whom a case may be given by who asks: within their part of the tree, and anywhere from the triage desk."""
    own = here.person.party
    if own is None or action.name == "split":
        return names.parties()
    below = names.below(own)
    anywhere = case["state"] == "triage" and names.triage in below
    return names.parties() if anywhere else names.parties(below)


def _action(name: str) -> Action:
    """Raises 404."""
    if name not in ACTIONS:
        raise nothing_here()
    return ACTIONS[name]
