"""Routes of many cases at once: choose an action, look at what would happen, do it, see what became of each; undo."""

from typing import Annotated

from fastapi import Query, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from linli.security.auth import OPEN
from linli.web.bodies import takes
from linli.web.localized import Localized
from linli.web.problems import Problem, not_found
from portal.addresses import nothing_here
from portal.desk.acting import Said, new_key
from portal.desk.actions import ACTIONS, IN_BULK, Action, body_of
from portal.desk.bulk import AT_MOST, Chosen, chosen, do, look
from portal.desk.given import AtTheDesk, Here
from portal.desk.listing import names_of
from portal.desk.names import Names
from portal.desk.store import Bulk
from portal.pages.route import page_router

routes = page_router()
MOST_BYTES = 200_000


@routes.get("/desk/bulk", dependencies=[OPEN])
async def choose(
    here: Here,
    action: Annotated[str, Query(max_length=20)] = "",
    id: Annotated[list[str] | None, Query(max_length=500)] = None,
) -> Response:
    """The form of an action for the cases that were chosen."""
    return await _form(here, _action(action), id or [], FormData([]), Said(0, new_key(), FormData([])))


@routes.post("/desk/bulk/{action}", dependencies=[OPEN, takes(MOST_BYTES)])
async def act(here: Here, action: str) -> Response:
    """Say what would become of each, or do it."""
    wanted, form = _action(action), await here.request.form()
    said = Said.of(form)
    if form.get("step") != "do":
        return await _form(here, wanted, [each for each in form.getlist("id") if isinstance(each, str)], form, said)
    versions = _versions([each for each in form.getlist("go") if isinstance(each, str)])
    results = await do(here, wanted.name, body_of(_without_photos(wanted), form), versions, said.key)
    await here.store.keep_bulk(here.person.principal, Bulk(said.key, wanted.name, results, here.now))
    return RedirectResponse(f"/desk/bulk/{said.key}", 303)


@routes.get("/desk/bulk/{id}", dependencies=[OPEN])
async def result(here: Here, id: str) -> Response:
    """What became of each case."""
    bulk = await here.store.bulk(here.person.principal, id)
    if bulk is None:
        raise nothing_here()
    cases = {case["id"]: case for case in await chosen(here, [each.case for each in bulk.results])}
    undo = ACTIONS[bulk.action].undone_by
    return here.page("bulk_done.html", bulk=bulk, cases=cases, undo=undo)


async def _form(here: AtTheDesk, action: Action, ids: list[str], form: FormData, said: Said) -> Response:
    ids = list(dict.fromkeys(ids))
    if not ids:
        raise Problem("invalid", 422, Localized("Choose at least one case.", "请至少选择一件事项。"))
    if len(ids) > AT_MOST:
        detail = Localized("At most {most} cases at once.", "一次最多选择 {most} 件事项。", most=AT_MOST)
        raise Problem("invalid", 422, detail)
    if not (cases := await chosen(here, ids)):
        raise not_found("case")
    communities = await names_of(here, {case["community"] for case in cases})
    looked: list[Chosen] = []
    if form.get("step") == "look":
        looked = await look(here, action.name, body_of(_without_photos(action), form), cases)
    return here.page(
        "bulk.html",
        action=_without_photos(action),
        cases=cases,
        looked=looked,
        said=said,
        given=form,
        names=next(iter(communities.values())) if len(communities) == 1 else Names("", None),
        parties=_parties(here, communities),
    )


def _parties(here: AtTheDesk, communities: dict[str, Names]) -> list[tuple[str, str]]:
    """To whom all may be given: those of one community."""
    if len(communities) != 1:
        return []
    (names,) = communities.values()
    return names.parties(names.below(here.person.party)) if here.person.party else names.parties()


def _without_photos(action: Action) -> Action:
    """What many have in common has no photos."""
    kept = tuple(each for each in action.fields if each not in {"photos", "evidence"})
    return Action(action.name, kept, action.looks_first, action.undone_by)


def _versions(said: list[str]) -> dict[str, int]:
    """`case:version` of each that was looked at."""
    found: dict[str, int] = {}
    for each in said[:AT_MOST]:
        id, _, version = each.rpartition(":")
        if id and len(id) <= 64 and version.isdecimal() and len(version) < 10:
            found[id] = int(version)
    return found


def _action(name: str) -> Action:
    """Raises 404."""
    if name not in IN_BULK:
        raise nothing_here()
    return ACTIONS[name]
