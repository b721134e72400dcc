"""A household in a deliberation, by the code of its letter: it reads what is proposed, speaks, supports, dissents. And
what it came to, for everybody."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Query, Response

from linli.security.auth import OPEN
from linli.web.bodies import takes
from portal.addresses import at, nothing_here
from portal.pages.route import page_router
from portal.renewal.code_pages import MOST_WORDS, ByCode, fields_of
from portal.renewal.given import Anybody, Id
from portal.residents.given import FormsDep

routes = page_router()
PAGE = ByCode("/talks", "/v1/talks", "ask_code_of_talks.html", "household_talks.html")
FIELDS: Mapping[str, str] = {
    "state": "words",
    "propose": "words",
    "support": "proposal_id",
    "withdraw_support": "proposal_id",
    "dissent": "digest",
}
"""What each of its forms says."""
Code = Annotated[str | None, Query(max_length=80)]
Said = Annotated[str, Query(max_length=20)]


@routes.get("/talks", dependencies=[OPEN])
async def ask(here: Anybody, code: Code = None) -> Response:
    """Asks for the code, or leads to its page."""
    return PAGE.ask(here, code)


@routes.get("/talks/{code}", dependencies=[OPEN])
async def page(code: str, here: Anybody, said: Said = "") -> Response:
    """The question, what is proposed in words, the outcome as it lies open."""
    return await PAGE.page(here, code, said if said in FIELDS else "")


@routes.post("/talks/{code}", dependencies=[OPEN, takes(MOST_WORDS)])
async def take_part(code: str, here: Anybody, forms: FormsDep) -> Response:
    """Say something, propose it, be for it or against it."""
    sent = await fields_of(here, forms)
    do = sent.get("do", "")
    if do not in FIELDS:
        raise nothing_here()
    name = FIELDS[do]
    body = {name: sent[name]} if name in sent else {}
    return await PAGE.send(here, code, f":{do}", body, do, sent.get("key", ""))


@routes.get("/outcome/{id}", dependencies=[OPEN])
async def outcome(id: Id, here: Anybody) -> Response:
    """What talks came to, with all who were against it. It is no decision of the owners, and says so."""
    return here.page("outcome.html", outcome=await here.get(at("/v1/deliberations/{id}/outcome", id=id)))
