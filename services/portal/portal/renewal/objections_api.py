"""A household's objections to a plan, by the code of its letter."""

from typing import Annotated

from fastapi import Query, Response

from linli.security.auth import OPEN
from linli.web.bodies import takes
from portal.addresses import at
from portal.pages.route import page_router
from portal.renewal.code_pages import MOST_WORDS, ByCode, fields_of
from portal.renewal.given import Anybody, Id
from portal.residents.given import FormsDep

routes = page_router()
PAGE = ByCode("/objections", "/v1/objections", "ask_code_of_plan.html", "objections.html")
Code = Annotated[str | None, Query(max_length=80)]
Said = Annotated[str, Query(max_length=20)]


@routes.get("/objections", dependencies=[OPEN])
async def ask(here: Anybody, code: Code = None) -> Response:
    """Asks for the code, or leads to its page."""
    return PAGE.ask(here, code)


@routes.get("/objections/{code}", dependencies=[OPEN])
async def page(code: str, here: Anybody, said: Said = "") -> Response:
    """The plan as it hangs, what the household has said against it, and the answers."""
    return await PAGE.page(here, code, said)


@routes.post("/objections/{code}", dependencies=[OPEN, takes(MOST_WORDS)])
async def object(code: str, here: Anybody, forms: FormsDep) -> Response:
    """Object to the plan, or to one thing in it."""
    sent = await fields_of(here, forms)
    body = {"text": sent.get("text", ""), "item": sent.get("item") or None}
    return await PAGE.send(here, code, "", body, "objected", sent.get("key", ""))


@routes.post("/objections/{code}/{objection}/withdraw", dependencies=[OPEN, takes(MOST_WORDS)])
async def withdraw(code: str, objection: Id, here: Anybody, forms: FormsDep) -> Response:
    """Take an objection back."""
    sent = await fields_of(here, forms)
    below = at("/{objection}:withdraw", objection=objection)
    return await PAGE.send(here, code, below, {}, "withdrawn", sent.get("key", ""))
