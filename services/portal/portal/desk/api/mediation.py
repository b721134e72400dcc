"""The mediation of a dispute, for staff: who takes part, when they meet, what is agreed, and every step of it."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Path, Response
from fastapi.responses import RedirectResponse

from linli.security.auth import OPEN
from linli.web.bodies import takes
from linli.web.given import given
from linli.web.problem_words import document as document_of
from linli.web.problems import Problem
from portal.addresses import at, nothing_here
from portal.desk.acting import faults_of, new_key
from portal.desk.given import AtTheDesk, Here, Id
from portal.desk.mediating import MOST_SCAN, STEPS, Zone, body_of
from portal.desk.whole_case import case_of
from portal.pages.route import page_router
from portal.services import NOT_TO_BE_HAD, or_none

routes = page_router()
ZoneDep = Annotated[Zone, given(Zone)]
RUNNING = frozenset({"open", "drafted", "broken"})


@routes.get("/desk/cases/{id}/mediation", dependencies=[OPEN])
async def page(here: Here, id: Id) -> Response:
    """How it stands, with a form for each step; or how to begin."""
    return await _shown(here, await case_of(here, id))


@routes.post("/desk/cases/{id}/mediation/{step}", dependencies=[OPEN, takes(MOST_SCAN)])
async def act(here: Here, id: Id, step: Annotated[str, Path(max_length=20)], zone: ZoneDep) -> Response:
    """Take a step. A code that somebody gets by it is shown by this answer, and by nothing else."""
    if step not in STEPS:
        raise nothing_here()
    form = await here.request.form()
    key = form.get("key")
    path = at("/v1/cases/{id}/mediation", id=id) + ("" if step == "open" else f":{step}")
    try:
        body, once = await body_of(step, form, zone), {"Idempotency-Key": f"portal-{key or new_key()}"}
        answer = await here.services.send("workflow", path, body, here.caller, **once)
    except Problem as problem:
        if problem.status not in {403, 409, 422}:
            raise
        return await _shown(here, await case_of(here, id), problem=problem)
    if answer.get("code"):
        return await _shown(here, await case_of(here, id), admitted=answer)
    return RedirectResponse(f"/desk/cases/{id}/mediation", 303)


async def _shown(
    here: AtTheDesk,
    case: Mapping[str, Any],
    *,
    problem: Problem | None = None,
    admitted: Mapping[str, Any] | None = None,
) -> Response:
    stands: Mapping[str, Any] | None = await or_none(here.read(at("/v1/cases/{id}/mediation", id=case["id"])), {404})
    mediators: Sequence[Mapping[str, Any]] = ()
    if stands and _running(stands):
        asked = {"community": case["community"]}
        asked |= {"neighbourhood": case["neighbourhood"]} if case["neighbourhood"] else {}
        listed = await or_none(here.read("/v1/mediators", asked), NOT_TO_BE_HAD)
        there = {each["participant"] for each in stands["mediators"]}
        mediators = [each for each in listed["items"] if each["mediator"] not in there] if listed else ()
    newest = stands["agreements"][-1] if stands and stands["agreements"] else None
    names, party = await here.names(case["community"]), here.person.party
    acts, leads = here.person.may("mediations:act"), names.leads(party)
    return here.page(
        "mediation.html",
        problem.status if problem else 200,
        case=case,
        names=names,
        leads=acts and leads,
        acts=acts and (leads or (stands is not None and party in {each["party"] for each in stands["mediators"]})),
        stands=stands,
        newest=newest,
        running=stands is not None and _running(stands),
        mediators=[(each["mediator"], each["name"]) for each in mediators],
        admitted=admitted,
        key=new_key(),
        fault=document_of(problem)["detail"] if problem else None,
        faults=faults_of(problem) if problem else (),
    )


def _running(stands: Mapping[str, Any]) -> bool:
    return stands["state"] in RUNNING and not stands["ended"]
