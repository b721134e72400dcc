"""A resident's ballot, by the code on its paper: what is asked, choosing, looking once more, the receipt."""

import secrets
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query, Response

from linli.security.auth import OPEN
from linli.web.bodies import takes
from linli.web.problems import Problem
from portal.pages.language import gettext
from portal.pages.route import page_router
from portal.renewal.code_pages import MOST_WORDS, TO_BE_SAID, ByCode, fields_of, why
from portal.renewal.given import Anybody
from portal.residents.given import FormsDep

routes = page_router()
PAGE = ByCode("/ballot", "/v1/ballots", "ask_code.html", "ballot.html")
FIELD = "choice-"
CHOICES = ("approve", "oppose", "abstain")
Code = Annotated[str | None, Query(max_length=80)]


@routes.get("/ballot", dependencies=[OPEN])
async def ask(here: Anybody, code: Code = None) -> Response:
    """Asks for the code, or leads to its ballot."""
    return PAGE.ask(here, code)


@routes.get("/ballot/{code}", dependencies=[OPEN])
async def ballot(code: str, here: Anybody) -> Response:
    """What is asked, of whom, until when, and what the result is worth."""
    return await PAGE.page(here, code)


@routes.post("/ballot/{code}", dependencies=[OPEN, takes(MOST_WORDS)])
async def choose(code: str, here: Anybody, forms: FormsDep) -> Response:
    """First shows what was chosen, then votes; a form that is sent twice votes once."""
    found = await PAGE.view(here, code)
    sent = await fields_of(here, forms)
    step, key, chosen = sent.get("step"), sent.get("key") or secrets.token_hex(16), _chosen(sent, found)
    if not chosen:
        fault = gettext("Please choose for at least one matter.")
        return PAGE.show(here, code, found, 422, written=chosen, key=key, fault=fault)
    if step == "change":
        return PAGE.show(here, code, found, written=chosen, key=key)
    if step != "vote":
        return here.page("sure.html", code=code, ballot=found, chosen=chosen, key=key)
    try:
        receipt = await PAGE.told(here, code, "", {"choices": chosen}, key)
    except Problem as problem:
        if problem.status not in TO_BE_SAID:
            raise
        now = await PAGE.view(here, code)
        return PAGE.show(here, code, now, problem.status, written=chosen, key=key, fault=why(problem))
    return here.page("receipt.html", ballot=found, receipt=receipt)


def _chosen(said: Mapping[str, str], ballot: Mapping[str, Any]) -> dict[str, str]:
    """By matter; what was left blank is left out."""
    asked = {each["matter"]: said.get(f"{FIELD}{each['matter']}", "") for each in ballot["matters"]}
    return {matter: choice for matter, choice in asked.items() if choice in CHOICES}
