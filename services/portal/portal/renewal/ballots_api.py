"""A resident's ballot, by the code on its paper: what is asked, choosing, looking once more, the receipt."""

import secrets
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Query, Response
from fastapi.responses import RedirectResponse

from linli.security.auth import OPEN
from linli.web.bodies import takes
from linli.web.problem_words import document
from linli.web.problems import Problem
from portal.addresses import at
from portal.pages.language import gettext
from portal.pages.route import page_router
from portal.renewal.given import Anybody, Visit
from portal.residents.given import FormsDep

routes = page_router()
MOST_WORDS = 64 * 1024
FIELD = "choice-"
CHOICES = ("approve", "oppose", "abstain")
NO_SUCH = frozenset({404, 409, 422})
"""Of a code: none like it, one that counts no more, nothing that could be one."""
Code = Annotated[str | None, Query(max_length=80)]


@routes.get("/ballot", dependencies=[OPEN])
async def ask(here: Anybody, code: Code = None) -> Response:
    """Asks for the code, or leads to its ballot."""
    if code and code.strip():
        return RedirectResponse(f"/ballot/{quote(code.strip(), safe='')}", 303)
    return here.page("ask_code.html", code="", fault=None)


@routes.get("/ballot/{code}", dependencies=[OPEN])
async def ballot(code: str, here: Anybody) -> Response:
    """What is asked, of whom, until when, and what the result is worth."""
    try:
        found = await _ballot(here, code)
    except Problem as problem:
        if problem.status not in NO_SUCH:
            raise
        status = 409 if problem.status == 409 else 404
        return here.page("ask_code.html", status, code=code, fault=str(document(problem)["detail"]))
    return here.page("ballot.html", code=code, ballot=found, chosen={}, key=secrets.token_hex(16), fault=None)


@routes.post("/ballot/{code}", dependencies=[OPEN, takes(MOST_WORDS)])
async def choose(code: str, here: Anybody, forms: FormsDep) -> Response:
    """First shows what was chosen, then votes; a form that is sent twice votes once."""
    found = await _ballot(here, code)
    async with forms.read(here.request) as sent:
        step, key, chosen = sent.get("step"), sent.get("key") or secrets.token_hex(16), _chosen(sent.fields, found)
    values: dict[str, Any] = {"code": code, "ballot": found, "chosen": chosen, "key": key}
    if not chosen:
        fault = gettext("Please choose for at least one matter.")
        return here.page("ballot.html", 422, **values, fault=fault)
    if step != "vote":
        return here.page("ballot.html" if step == "change" else "sure.html", **values, fault=None)
    try:
        receipt = await here.services.send(
            "neighbourhood", _path(code), {"choices": chosen}, here.caller, **{"Idempotency-Key": f"portal-{key}"}
        )
    except Problem as problem:
        if problem.status not in {409, 422}:
            raise
        fault = str(document(problem)["detail"])
        return here.page("ballot.html", problem.status, **values | {"ballot": await _ballot(here, code)}, fault=fault)
    return here.page("receipt.html", ballot=found, receipt=receipt)


async def _ballot(here: Visit, code: str) -> dict[str, Any]:
    found: dict[str, Any] = await here.get(_path(code))
    return found


def _path(code: str) -> str:
    return at("/v1/ballots/{code}", code=code)


def _chosen(said: Mapping[str, str], ballot: Mapping[str, Any]) -> dict[str, str]:
    """By matter; what was left blank is left out."""
    asked = {each["matter"]: said.get(f"{FIELD}{each['matter']}", "") for each in ballot["matters"]}
    return {matter: choice for matter, choice in asked.items() if choice in CHOICES}
