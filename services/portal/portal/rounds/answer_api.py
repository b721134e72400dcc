"""A household's own answer on a telephone, by the code of its letter. No account and no script is needed."""

import secrets
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query, Response

from linli.security.auth import OPEN
from linli.web.bodies import takes
from linli.web.problems import Problem
from portal.pages.route import page_router
from portal.renewal.code_pages import TO_BE_SAID, ByCode, fields_of, why
from portal.renewal.given import Anybody, Visit
from portal.residents.forms import MOST_BYTES, MOST_WORDS, Sent
from portal.residents.given import FormsDep
from portal.rounds.answers import MOST_FIELDS, answers_of, said_before, with_photos
from portal.rounds.words import NEIGHBOURHOOD

routes = page_router()
REFUSED = TO_BE_SAID | {413, 415}
SAID = frozenset({"answered", "withdrawn"})
Code = Annotated[str | None, Query(max_length=80)]


class Answering(ByCode):
    """What was answered before is what the page is filled in with."""

    def show(self, here: Visit, code: str, view: Mapping[str, Any], status: int = 200, **values: Any) -> Response:
        filled = values.get("written") or said_before(view)
        return super().show(here, code, view, status, **values | {"written": filled})


PAGE = Answering("/answer", "/v1/answers", "rounds/ask_code.html", "rounds/answer.html")


@routes.get("/answer", dependencies=[OPEN])
async def ask(here: Anybody, code: Code = None) -> Response:
    """Asks for the code of the letter, or leads to its page."""
    return PAGE.ask(here, code)


@routes.get("/answer/{code}", dependencies=[OPEN])
async def page(code: str, here: Anybody, said: Annotated[str, Query(max_length=20)] = "") -> Response:
    """What is asked, what was said, what became of it."""
    return await PAGE.page(here, code, said if said in SAID else "")


@routes.post("/answer/{code}", dependencies=[OPEN, takes(MOST_BYTES)])
async def answer(code: str, here: Anybody, forms: FormsDep) -> Response:
    """Answer. What cannot be taken is said above the form, which keeps all that was filled in."""
    view = await PAGE.view(here, code)
    said: dict[str, str] = {}
    try:
        async with forms.read(here.request, MOST_FIELDS) as sent:
            said = dict(sent.fields)
            photos = await _photos_sent(here, code, sent)
        answers = with_photos(view["questions"], answers_of(view["questions"], said), photos)
        body = {"digest": said.get("digest") or "0" * 64, "answers": answers}
        await PAGE.told(here, code, "", body, said.get("key", ""))
    except Problem as problem:
        if problem.status not in REFUSED:
            raise
        return PAGE.show(here, code, view, problem.status, fault=why(problem), written=said)
    return PAGE.back(code, "answered")


@routes.get("/answer/{code}/withdraw", dependencies=[OPEN])
async def before_withdrawing(code: str, here: Anybody) -> Response:
    """Asks once more."""
    return here.page("rounds/withdraw.html", code=code, view=await PAGE.view(here, code), key=secrets.token_hex(16))


@routes.post("/answer/{code}/withdraw", dependencies=[OPEN, takes(MOST_WORDS)])
async def withdraw(code: str, here: Anybody, forms: FormsDep) -> Response:
    """Take it back."""
    key = (await fields_of(here, forms)).get("key", "")
    try:
        await PAGE.told(here, code, ":withdraw", {}, key)
    except Problem as problem:
        if problem.status not in TO_BE_SAID:
            raise
        return PAGE.show(here, code, await PAGE.view(here, code), problem.status, fault=why(problem))
    return PAGE.back(code, "withdrawn")


async def _photos_sent(here: Visit, code: str, sent: Sent) -> list[str]:
    """Send a form's photos; their hashes. Raises as the service does."""
    if not sent.files:
        return []
    photos = [
        ("photo", (f"{number}", file.file, file.content_type or "application/octet-stream"))
        for number, file in enumerate(sent.files, 1)
    ]
    kept: dict[str, Any] = await here.services.send_form(
        NEIGHBOURHOOD, f"{PAGE.at(code)}/photos", photos, {}, here.caller
    )
    return list(kept["photos"])
