"""A vote at the desk: the steps that were taken, the next as a form, how many have voted, what the tellers found."""

import asyncio
import re
from datetime import datetime
from typing import Annotated, Any

from fastapi import Form, Path, Request, Response

from linli.security.auth import OPEN
from linli.web.localized import Localized
from linli.web.problem_words import document
from linli.web.problems import Problem
from portal.addresses import at
from portal.pages.language import gettext
from portal.pages.route import page_router
from portal.renewal.given import AtTheDesk, Id, StaffVisit
from portal.services import NOT_TO_BE_HAD, or_none

routes = page_router()
NEXT = {"prepared": "notice", "noticed": "open", "open": "close", "counted": "declare", "declared": "publish"}
"""Which step the office takes from a state; a count is certified by its tellers."""
AFTER_CLOSING = frozenset({"closed", "counted", "declared", "published"})
MARKS = ("approve", "oppose", "abstain")
AREA, HEADS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?"), re.compile(r"[0-9]{1,7}")
NO_NUMBER = Localized(
    "Areas are numbers such as 1680.00, heads whole numbers.", "面积应为 1680.00 这样的数字，人数应为整数。"
)
Step = Annotated[str, Path(pattern="^(notice|open|close|declare|publish)$")]


@routes.get("/desk/votes/{id}", dependencies=[OPEN])
async def vote(id: Id, here: AtTheDesk) -> Response:
    """All of one vote."""
    return await _shown(here, id)


@routes.post("/desk/votes/{id}/do/{step}", dependencies=[OPEN])
async def take(id: Id, step: Step, here: AtTheDesk, closes_at: Annotated[str, Form(max_length=30)] = "") -> Response:
    """One step. What stands in its way is said above the vote as it is."""
    try:
        body = {"closes_at": _moment(here, closes_at)} if step == "open" else {}
        await here.send(at("/v1/votes/{id}:{step}", id=id, step=step), body)
    except Problem as problem:
        return await _refused(here, id, problem)
    told = {
        "notice": gettext("The notice of the vote is posted."),
        "open": gettext("The vote is open."),
        "close": gettext("The vote is closed. Its tellers count now."),
        "declare": gettext("The result is declared."),
        "publish": gettext("The result is published."),
    }
    return here.done(at("/desk/votes/{id}", id=id), told[step])


@routes.post("/desk/votes/{id}/certify", dependencies=[OPEN])
async def certify(id: Id, request: Request, here: AtTheDesk) -> Response:
    """What a teller has found, matter by matter."""
    form = await request.form()
    try:
        stands = await here.get(at("/v1/votes/{id}", id=id))
        found = [_found(each["id"], {name: str(value) for name, value in form.items()}) for each in _matters(stands)]
        after = await here.send(at("/v1/votes/{id}:certify", id=id), {"matters": found})
    except Problem as problem:
        return await _refused(here, id, problem)
    if after["state"] == "counted":
        told = gettext("The tellers have found the same: the count is certified.")
    else:
        told = gettext("Your numbers are kept. Another teller has to find the same.")
    return here.done(at("/desk/votes/{id}", id=id), told)


def _matters(vote: dict[str, Any]) -> list[dict[str, Any]]:
    return list((vote["terms"] or {}).get("matters", ()))


def _found(matter: str, said: dict[str, str]) -> dict[str, Any]:
    """Raises 422 for what is no number. Areas are written in ㎡ and counted in hundredths of it."""
    found: dict[str, Any] = {"matter": matter}
    for mark in MARKS:
        area, heads = (said.get(f"{matter}-{mark}-{what}", "").strip() for what in ("area", "heads"))
        if not (AREA.fullmatch(area or "0") and HEADS.fullmatch(heads or "0")):
            raise Problem("invalid", 422, NO_NUMBER)
        whole, _, part = (area or "0").partition(".")
        counted = {"area": int(whole) * 100 + int(part.ljust(2, "0")), "heads": int(heads or "0")}
        found[mark] = counted
    return found


def _moment(here: StaffVisit, said: str) -> str:
    """What a field for a moment says, in the office's zone. Raises 422."""
    try:
        return datetime.fromisoformat(said).replace(tzinfo=here.zone).isoformat()
    except ValueError:
        raise Problem("invalid", 422, Localized("Say until when the vote is open.", "请填写表决截止时间。")) from None


async def _refused(here: StaffVisit, id: str, problem: Problem) -> Response:
    if problem.status not in {409, 412, 422}:
        raise problem
    return await _shown(here, id, problem)


async def _shown(here: StaffVisit, id: str, problem: Problem | None = None) -> Response:
    path = at("/v1/votes/{id}", id=id)
    found, texts, turnout = await asyncio.gather(
        here.get(path), here.get(f"{path}/matters"), here.get(f"{path}/turnout")
    )
    closed = found["state"] in AFTER_CLOSING
    count = await or_none(here.get(f"{path}/count"), NOT_TO_BE_HAD | {409}) if closed else None
    return here.page(
        "desk_vote.html",
        problem.status if problem else 200,
        vote=found,
        texts={each["matter"]: each["text"] for each in texts},
        turnout=turnout,
        count=count,
        step=NEXT.get(found["state"]) if here.person.may("affairs:hold") else None,
        is_teller=here.person.may("ballots:count") and here.person.principal in found["terms"]["tellers"],
        refused=str(document(problem)["detail"]) if problem else None,
    )
