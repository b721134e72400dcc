"""Sheets of a round: what households wrote on paper, entered by one person, and a sample read again by another."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from linli.security.auth import OPEN
from linli.web.bodies import takes
from linli.web.problem_words import document
from linli.web.problems import Problem
from portal.addresses import at
from portal.pages.rendering import Pages
from portal.pages.route import page_router
from portal.residents.forms import MOST_BYTES, Sent
from portal.residents.given import FormsDep, PagesDep, ServicesDep
from portal.rounds.answers import MOST_FIELDS, answers_of
from portal.rounds.words import NEIGHBOURHOOD, why
from portal.services import Caller, Services
from portal.signin.staff import Staff

routes = page_router()
LIST, SHEET = "/desk/rounds/{id}/households", "/desk/rounds/{id}/households/{household}/{what}"
What = Annotated[str, Path(pattern="^(enter|check|correct|withdraw|erase)$")]
WITH_ANSWERS, WITH_SCAN = frozenset({"enter", "check", "correct"}), frozenset({"enter", "withdraw"})
PIECE = 1024 * 1024
REFUSED = frozenset({400, 403, 409, 413, 422})
Building = Annotated[str, Query(max_length=80)]


@routes.get(LIST, dependencies=[OPEN])
async def households(
    id: str,
    request: Request,
    staff: Staff,
    pages: PagesDep,
    services: ServicesDep,
    building: Building = "",
    done: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """Door by door, who has answered and whose sheet is to be read again; each look is recorded."""
    caller, path = staff.caller(request), at("/v1/rounds/{id}", id=id)
    round = await services.get(NEIGHBOURHOOD, path, caller)
    asked = {"building": building} if building else {}
    found = await services.get(NEIGHBOURHOOD, f"{path}/households", caller, asked)
    return pages.page(
        request,
        "rounds/households.html",
        round=round,
        households=found,
        building=building,
        done=done,
        listed=at(LIST, id=id),
    )


@routes.get(SHEET, dependencies=[OPEN])
async def sheet(
    id: str, household: str, what: What, request: Request, staff: Staff, pages: PagesDep, services: ServicesDep
) -> Response:
    """The questions as on the sheet, with nothing filled in: who reads it again does not see what was entered."""
    return await _shown(id, household, what, request, staff.caller(request), pages, services)


@routes.post(SHEET, dependencies=[OPEN, takes(MOST_BYTES)])
async def sent(
    id: str,
    household: str,
    what: What,
    request: Request,
    staff: Staff,
    pages: PagesDep,
    services: ServicesDep,
    forms: FormsDep,
) -> Response:
    """What is on it. Of its scan the hash is sent, and nothing of it is kept here."""
    caller = staff.caller(request)
    async with forms.read(request, MOST_FIELDS) as form:
        said = dict(form.fields)
        if scan := await _scan(form):
            said["scan"] = scan
    questions = (await services.get(NEIGHBOURHOOD, at("/v1/rounds/{id}", id=id), caller))["questions"]
    answers = answers_of(questions, said)
    body: dict[str, Any] = {"answers": answers} if what in WITH_ANSWERS else {}
    body |= {"scan": said.get("scan", "")} if what in WITH_SCAN else {}
    try:
        after = await _ways(services, caller, id, household)[what](body | _digest(what, said))
    except Problem as problem:
        if problem.status not in REFUSED:
            raise
        return await _shown(id, household, what, request, caller, pages, services, problem, said, answers)
    told = "differs" if what == "check" and after["differs"] else what
    return RedirectResponse(f"{at(LIST, id=id)}?done={told}&building={after['building']}", 303)


def _ways(
    services: Services, caller: Caller, id: str, household: str
) -> Mapping[str, Callable[[Mapping[str, Any]], Awaitable[Any]]]:
    path = at("/v1/rounds/{id}/households/{household}", id=id, household=household)

    def post(what: str) -> Callable[[Mapping[str, Any]], Awaitable[Any]]:
        return lambda body: services.send(NEIGHBOURHOOD, f"{path}{what}", body, caller)

    return {
        "enter": lambda body: services.put(NEIGHBOURHOOD, f"{path}/sheet", body, caller),
        "check": post("/sheet:check"),
        "correct": post("/sheet:correct"),
        "withdraw": post("/sheet:withdraw"),
        "erase": post(":erase"),
    }


def _digest(what: str, said: Mapping[str, str]) -> dict[str, str]:
    return {"digest": said.get("digest") or "0" * 64} if what == "enter" else {}


async def _scan(form: Sent) -> str | None:
    """The SHA-256 of the file that was chosen."""
    if not form.files:
        return None
    found = hashlib.sha256()
    while piece := await form.files[0].read(PIECE):
        found.update(piece)
    return found.hexdigest()


async def _shown(
    id: str,
    household: str,
    what: str,
    request: Request,
    caller: Caller,
    pages: Pages,
    services: Services,
    problem: Problem | None = None,
    said: Mapping[str, str] | None = None,
    answers: list[dict[str, Any]] | None = None,
) -> Response:
    round = await services.get(NEIGHBOURHOOD, at("/v1/rounds/{id}", id=id), caller)
    return pages.page(
        request,
        "rounds/sheet.html",
        problem.status if problem else 200,
        round=round,
        household=household,
        what=what,
        with_answers=what in WITH_ANSWERS,
        with_scan=what in WITH_SCAN,
        filled=said or {},
        faults=_faults(problem, answers or []),
        refused=why(problem),
        listed=at(LIST, id=id),
        address=at(SHEET, id=id, household=household, what=what),
    )


def _faults(problem: Problem | None, answers: list[dict[str, Any]]) -> dict[str, str]:
    """What is wrong, by the question that it is about; `scan` of the file."""
    found: dict[str, str] = {}
    for each in document(problem).get("errors") or [] if problem else []:
        first, *way = str(each.get("field", "")).split(".")
        if first == "answers" and way and way[0].isdecimal() and int(way[0]) < len(answers):
            found.setdefault(answers[int(way[0])]["question"], str(each["message"]))
        elif first == "scan":
            found["scan"] = str(each["message"])
    return found
