"""A covenant behind the code of a household's letter: it is read, spoken of, signed, and a signature is taken back."""

from typing import Annotated

from fastapi import Query, Response

from linli.security.auth import OPEN
from linli.web.bodies import takes
from portal.pages.route import page_router
from portal.renewal.code_pages import MOST_WORDS, ByCode, fields_of
from portal.renewal.given import Anybody
from portal.residents.given import FormsDep

routes = page_router()
PAGE = ByCode("/signing", "/v1/signing", "ask_code_of_covenant.html", "signing.html")
NO_TEXT = "0" * 64
Code = Annotated[str | None, Query(max_length=80)]
Said = Annotated[str, Query(max_length=20)]


@routes.get("/signing", dependencies=[OPEN])
async def ask(here: Anybody, code: Code = None) -> Response:
    """Asks for the code, or leads to its page."""
    return PAGE.ask(here, code)


@routes.get("/signing/{code}", dependencies=[OPEN])
async def page(code: str, here: Anybody, said: Said = "") -> Response:
    """The texts, what the household has said of them and was answered, and what it has signed."""
    return await PAGE.page(here, code, said)


@routes.post("/signing/{code}/comments", dependencies=[OPEN, takes(MOST_WORDS)])
async def comment(code: str, here: Anybody, forms: FormsDep) -> Response:
    """Say something of the text that was read."""
    sent = await fields_of(here, forms)
    body = {"digest": sent.get("digest") or NO_TEXT, "text": sent.get("text", "")}
    return await PAGE.send(here, code, "/comments", body, "commented", sent.get("key", ""))


@routes.post("/signing/{code}/sign", dependencies=[OPEN, takes(MOST_WORDS)])
async def sign(code: str, here: Anybody, forms: FormsDep) -> Response:
    """Sign exactly the text that was read."""
    sent = await fields_of(here, forms)
    return await PAGE.send(
        here, code, ":sign", {"digest": sent.get("digest") or NO_TEXT}, "signed", sent.get("key", "")
    )


@routes.post("/signing/{code}/withdraw", dependencies=[OPEN, takes(MOST_WORDS)])
async def withdraw(code: str, here: Anybody, forms: FormsDep) -> Response:
    """Take the signature back."""
    sent = await fields_of(here, forms)
    body = {"digest": sent.get("digest") or NO_TEXT}
    return await PAGE.send(here, code, ":withdraw", body, "taken_back", sent.get("key", ""))
