"""A package for who is signed in for a party: a form for the telephone on the site, and what waits for that party."""

from typing import Annotated, Any

from fastapi import Path, Request, Response
from fastapi.responses import RedirectResponse

from linli.security.auth import OPEN
from linli.web.bodies import takes
from linli.web.problems import Problem
from portal.addresses import at, nothing_here
from portal.pages.rendering import Pages
from portal.pages.route import page_router
from portal.renewal.given import once
from portal.residents.forms import MOST_BYTES, Sent
from portal.residents.given import FormsDep, MapDep, OfficeDep, PagesDep, ServicesDep
from portal.services import Services
from portal.signin.person import Person
from portal.signin.staff import Staff
from portal.works.given import NEIGHBOURHOOD, new_key, photos_sent, why

routes = page_router()
Id = Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{1,64}$")]
SIMPLE = {"confirm": "confirm_defect", "verify": "verify_rectification"}
"""What is done with a defect by a button."""
DONE = frozenset({"round", "defect", "hidden", *SIMPLE})


@routes.get("/desk/works/{id}", dependencies=[OPEN])
async def page(
    id: Id, request: Request, staff: Staff, pages: PagesDep, services: ServicesDep, done: str = ""
) -> Response:
    """How it stands, its defects, and the form."""
    return await _shown(id, request, staff, pages, services, done=done if done in DONE else "")


@routes.post("/desk/works/{id}", dependencies=[OPEN, takes(MOST_BYTES)])
async def on_site(
    id: Id,
    request: Request,
    staff: Staff,
    pages: PagesDep,
    services: ServicesDep,
    forms: FormsDep,
    on_map: MapDep,
    office: OfficeDep,
) -> Response:
    """A round, a defect, or hidden work that is passed, with photos."""
    caller = staff.caller(request)
    async with forms.read(request) as sent:
        try:
            package = await services.get(NEIGHBOURHOOD, at("/v1/works/{id}", id=id), caller)
            photos = await photos_sent(
                services, at("/v1/works/{id}/photos", id=id), sent, caller, office.now(), on_map.device
            )
            do, verb, body = _asked(sent, photos, role_of(package, staff))
            await services.send(
                NEIGHBOURHOOD, at(f"/v1/works/{{id}}:{verb}", id=id), body, caller, **once(sent.get("key"))
            )
        except Problem as problem:
            return await _refused(id, request, staff, pages, services, sent, problem)
    return RedirectResponse(f"/desk/works/{id}?done={do}", 303)


@routes.post("/desk/works/{id}/defects/{defect}", dependencies=[OPEN])
async def of_a_defect(
    id: Id,
    defect: Id,
    request: Request,
    staff: Staff,
    pages: PagesDep,
    services: ServicesDep,
    forms: FormsDep,
) -> Response:
    """Confirm it, or say that it is put right."""
    async with forms.read(request) as sent:
        do = sent.get("do") or ""
        if do not in SIMPLE:
            raise nothing_here()
        try:
            path, body = at(f"/v1/works/{{id}}:{SIMPLE[do]}", id=id), {"defect_id": defect}
            await services.send(NEIGHBOURHOOD, path, body, staff.caller(request))
        except Problem as problem:
            return await _refused(id, request, staff, pages, services, sent, problem)
    return RedirectResponse(f"/desk/works/{id}?done={do}", 303)


def role_of(package: dict[str, Any], person: Person) -> str | None:
    """What the party of who is signed in is to the site; None of an operator, and of who has no role there."""
    own = (each["role"] for each in package["appointed"] if each["party"] == person.party)
    return next(own, None)


def _asked(sent: Sent, photos: list[str], role: str | None) -> tuple[str, str, dict[str, Any]]:
    """What a form asks for: its name on the page, the service's verb, and the command."""
    words, do = sent.get("words"), sent.get("do")
    if do == "defect":
        return "defect", "report_defect", {"defect_id": f"d-{new_key()[:12]}", "what": words, "photos": photos}
    if do == "hidden":
        return "hidden", "pass_hidden_work", {"hidden_id": sent.get("hidden"), "photos": photos}
    kind = "supervisor" if role == "supervisor" else "residents"
    return "round", "record_round", {"round_id": f"r-{new_key()[:12]}", "kind": kind, "photos": photos, "note": words}


async def _refused(
    id: str, request: Request, staff: Person, pages: Pages, services: Services, sent: Sent, problem: Problem
) -> Response:
    if problem.status >= 500 or problem.status in {401, 404}:
        raise problem
    return await _shown(id, request, staff, pages, services, problem=problem, words=sent.get("words") or "")


async def _shown(
    id: str,
    request: Request,
    staff: Person,
    pages: Pages,
    services: Services,
    *,
    done: str = "",
    problem: Problem | None = None,
    words: str = "",
) -> Response:
    caller = staff.caller(request)
    package = await services.get(NEIGHBOURHOOD, at("/v1/works/{id}", id=id), caller)
    defects = await services.get(NEIGHBOURHOOD, at("/v1/works/{id}/defects", id=id), caller)
    return pages.page(
        request,
        "works/desk.html",
        problem.status if problem else 200,
        package=package,
        defects=defects,
        role=role_of(package, staff),
        done=done,
        refused=why(problem),
        words=words,
        key=new_key(),
    )
